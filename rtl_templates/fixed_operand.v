//@ only if has_fixed && (engine_classic || has_float)
`default_nettype none
// Unpacks one fixed-point slot word of PACK fields into sign and magnitude, sub-word j at bit j * SUB_BITS.
// Combinational. A zero point, if there is one, is subtracted first.
module fixed_operand #(
	parameter BITS = 8,        // bits of a field
	parameter SIGNED = 1,      // 1: two's complement fields
	parameter PACK = 1,        // fields a word
	parameter SUB_BITS = 8,    // distance of two sub-words in `mag`; >= BITS
	parameter MAG_BITS = 8,    // >= (PACK - 1) * SUB_BITS + BITS
	parameter SIGN_BLOCKS = 1, // a multiple of PACK: each sub-word's sign fills SIGN_BLOCKS / PACK bits
	parameter HAS_ZERO = 0     // 1: `zero` is subtracted from each field
) (
	input  wire [PACK*BITS-1:0]   word,
	// verilator lint_off UNUSED
	input  wire [BITS-1:0]        zero,
	// verilator lint_on UNUSED
	output reg  [MAG_BITS-1:0]    mag,
	output reg  [SIGN_BLOCKS-1:0] sign,
	output reg  [SIGN_BLOCKS-1:0] nonzero
);
	localparam BLOCKS = SIGN_BLOCKS / PACK;
	wire [PACK*BITS-1:0] field_mag;
	wire [PACK-1:0] field_sign;
	wire [PACK-1:0] field_nonzero;

	genvar j;
	generate
		for (j = 0; j < PACK; j = j + 1) begin : g_field
			wire [BITS-1:0] field = word[j*BITS +: BITS];
			if (HAS_ZERO) begin : g_zero
				// one bit more holds any difference
				wire [BITS:0] diff = {(SIGNED != 0) & field[BITS-1], field} - {(SIGNED != 0) & zero[BITS-1], zero};
				assign field_sign[j] = diff[BITS];
				assign field_mag[j*BITS +: BITS] = (diff[BITS-1:0] ^ {BITS{diff[BITS]}}) - {BITS{diff[BITS]}};
			end else if (SIGNED) begin : g_signed
				assign field_sign[j] = field[BITS-1];
				assign field_mag[j*BITS +: BITS] = (field ^ {BITS{field[BITS-1]}}) - {BITS{field[BITS-1]}};
			end else begin : g_unsigned
				assign field_sign[j] = 1'b0;
				assign field_mag[j*BITS +: BITS] = field;
			end
			assign field_nonzero[j] = |field_mag[j*BITS +: BITS];
		end
	endgenerate

	integer k;
	always @* begin
		mag = {MAG_BITS{1'b0}};
		for (k = 0; k < PACK; k = k + 1) begin
			mag[k*SUB_BITS +: BITS] = field_mag[k*BITS +: BITS];
			sign[k*BLOCKS +: BLOCKS] = {BLOCKS{field_sign[k]}};
			nonzero[k*BLOCKS +: BLOCKS] = {BLOCKS{field_nonzero[k]}};
		end
	end
endmodule
`default_nettype wire
