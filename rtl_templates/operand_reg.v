//@ only if engine_classic
`default_nettype none
// Registers of the operand that the decoders select from, one bank a ring slot: magnitudes and signs, unpacked at the load.
// Held once for all PEs that share the broadcast (or once a PE where the weights are the selected operand).
module operand_reg #(
	parameter N = 16,
	parameter SLOTS = 1,
	parameter OPERAND = 1,       // 0 weight, 1 activation
	parameter WORD_BITS = 32,    // port width of a slot word
	parameter MAG_BITS = 24,
	parameter SIGN_BLOCKS = 1,
	parameter MODE_BITS = 1,
	parameter ZERO_BITS = 1,
	parameter EXP_WIDTH = 8      // of the widest exponent field
) (
	input  wire                           clk,
	input  wire [SLOTS-1:0]               load,   // one hot or 0: this bank takes `words`
	input  wire [MODE_BITS-1:0]           mode,
	input  wire [ZERO_BITS-1:0]           zero,
	input  wire [N*WORD_BITS-1:0]         words,
	output wire [SLOTS*N*MAG_BITS-1:0]    mags,   // slot k, pair i at (k * N + i) * MAG_BITS
	output wire [SLOTS*N*SIGN_BLOCKS-1:0] signs   // slot k, block b, pair i at (k * SIGN_BLOCKS + b) * N + i
);
	wire [N*MAG_BITS-1:0] mag;
	wire [N*SIGN_BLOCKS-1:0] sign;
	reg [SLOTS*N*MAG_BITS-1:0] mags_q;
	reg [SLOTS*N*SIGN_BLOCKS-1:0] signs_q;

	genvar i, k;
	generate
		for (i = 0; i < N; i = i + 1) begin : g_slot
			wire [SIGN_BLOCKS-1:0] slot_sign;
			for (k = 0; k < SIGN_BLOCKS; k = k + 1) begin : g_sign
				assign sign[k*N+i] = slot_sign[k];
			end
			// verilator lint_off UNUSED
			wire [SIGN_BLOCKS-1:0] nonzero;
			wire [EXP_WIDTH-1:0] exp;
			wire inf, nan, snan;
			// verilator lint_on UNUSED
			operand_unpack #(.OPERAND(OPERAND), .SLOT_BITS(WORD_BITS), .MAG_BITS(MAG_BITS), .EXP_WIDTH(EXP_WIDTH)) unpack (
				.mode(mode), .zero(zero), .word(words[i*WORD_BITS +: WORD_BITS]), .mag(mag[i*MAG_BITS +: MAG_BITS]),
				.sign(slot_sign), .nonzero(nonzero), .exp(exp), .inf(inf), .nan(nan), .snan(snan)
			);
		end
		for (k = 0; k < SLOTS; k = k + 1) begin : g_bank
			always @(posedge clk)
				if (load[k]) begin
					mags_q[k*N*MAG_BITS +: N*MAG_BITS] <= mag;
					signs_q[k*N*SIGN_BLOCKS +: N*SIGN_BLOCKS] <= sign;
				end
		end
	endgenerate
	assign mags = mags_q;
	assign signs = signs_q;
endmodule
`default_nettype wire
