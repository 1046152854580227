`default_nettype none
// Signed times unsigned, and a constant: x * m + nudge * 2^NUDGE, in four products of 16 bits or a bit more that fit a DSP block each. One product a cycle; latency 2.
module product #(
	parameter X_BITS = 32, // two's complement, 18 to 33
	parameter M_BITS = 31, // unsigned, 18 to 32
	parameter NUDGE = 30   // 16 or more
) (
	input  wire                     clk,
	input  wire [X_BITS-1:0]        x,
	input  wire [M_BITS-1:0]        m,
	input  wire                     nudge, // a cycle after x and m
	output wire [X_BITS+M_BITS-1:0] p
);
	localparam XH = X_BITS - 16;
	localparam MH = M_BITS - 16;
	localparam BITS = X_BITS + M_BITS;

	reg [31:0] low_q;
	reg [16+MH-1:0] right_q;
	reg [XH+16-1:0] left_q;
	reg [XH+MH-1:0] high_q;
	wire signed [XH-1:0] x_high = x[X_BITS-1:16];
	wire signed [16:0] m_low = {1'b0, m[15:0]};
	wire signed [MH:0] m_high = {1'b0, m[M_BITS-1:16]};
	// verilator lint_off WIDTH
	always @(posedge clk) begin
		low_q <= x[15:0] * m[15:0];
		right_q <= x[15:0] * m[M_BITS-1:16];
		left_q <= x_high * m_low;
		high_q <= x_high * m_high;
	end
	// verilator lint_on WIDTH

	reg [BITS-1:0] p_q;
	wire [BITS-1:0] extra = {{(BITS-NUDGE-1){1'b0}}, nudge, {NUDGE{1'b0}}};
	always @(posedge clk)
		p_q <= {high_q, low_q} + {{(BITS-MH-32){1'b0}}, right_q, 16'd0} + {{(BITS-XH-32){left_q[XH+15]}}, left_q, 16'd0} + extra;
	assign p = p_q;
endmodule
`default_nettype wire
