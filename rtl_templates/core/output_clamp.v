`default_nettype none
// Raised to `low`, then lowered to `high`; int32, or fp32 ordered as sign-magnitude numbers (a NaN, canonical, stays). Of words and bounds come the keys
// of this order as int32. One a cycle; latency 1.
module output_clamp (
	input  wire        clk,
	input  wire [31:0] word,
	input  wire        is_float,
	input  wire [31:0] low,
	input  wire [31:0] high,
	input  wire [31:0] low_key,
	input  wire [31:0] high_key,
	input  wire        crossed,  // low is above high
	output wire [31:0] out
);
	wire [31:0] key = word ^ {1'b0, {31{word[31] & is_float}}};
	wire nan = is_float & (&word[30:22]);
	wire below = $signed(key) < $signed(low_key);
	wire above = $signed(key) > $signed(high_key);
	wire to_high = below ? crossed : above;
	reg [31:0] out_q;
	always @(posedge clk)
		out_q <= nan ? word : to_high ? high : below ? low : word;
	assign out = out_q;
endmodule
`default_nettype wire
