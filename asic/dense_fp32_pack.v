`default_nettype none
// Normalises, rounds to nearest even and packs an fp32; combinational. The value is magnitude * 2^(exponent - 127 - (WIDTH - 1)), so
// `exponent` (two's complement) is the biased exponent field of a magnitude whose leading one is its top bit; below 1 it goes subnormal.
module dense_fp32_pack #(
	parameter WIDTH = 48      // bits of the magnitude, 28..64
) (
	input  wire             sign,
	input  wire [9:0]       exponent,
	input  wire [WIDTH-1:0] magnitude,
	input  wire             nan,
	input  wire             infinite,
	output wire [31:0]      value
);
	//Leading zeros, halving steps
	reg [5:0] zeros;
	reg [63:0] normal;
	integer k;
	always @* begin
		normal = {magnitude, {64-WIDTH{1'b0}}};
		for (k = 5; k >= 0; k = k - 1) begin
			zeros[k] = ~(|(normal >> (64 - (1 << k))));
			if (zeros[k])
				normal = normal << (1 << k);
		end
	end

	//Exponent after normalisation; what is below 1 shifts right again to exponent field 0
	wire [9:0] shifted = exponent - {4'd0, zeros};
	wire subnormal = shifted[9] | ~(|shifted);
	wire [9:0] back = 10'd1 - shifted;
	wire [5:0] right = subnormal ? (back > 10'd63 ? 6'd63 : back[5:0]) : 6'd0;
	wire [62:0] placed;
	// verilator lint_off UNUSED
	wire placed_top;      // the hidden bit; the exponent field says it as well
	// verilator lint_on UNUSED
	assign {placed_top, placed} = normal >> right;
	wire lost = |(normal & ~(64'hffffffffffffffff << right));

	//Round; a carry moves into the exponent by itself
	wire half = placed[39];
	wire rest = (|placed[38:0]) | lost;
	wire up = half & (rest | placed[40]);
	wire [31:0] packed_word = {subnormal ? 9'd0 : shifted[8:0], placed[62:40]} + {31'd0, up};
	wire nothing = ~normal[63];
	wire overflow = (~shifted[9] & (shifted > 10'd254)) | (packed_word[31:23] >= 9'd255);
	assign value = nan ? 32'h7fc00000 : infinite | (overflow & ~subnormal & ~nothing) ? {sign, 31'h7f800000} :
		{sign, packed_word[30:0] & {31{~nothing}}};
endmodule
`default_nettype wire
