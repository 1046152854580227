`default_nettype none
// One lane of the output stage: result + bias, then requantised or scaled, clamped. One result a cycle, never stalls. With B = 2, or 4 with HAS_FLOAT: the result
// comes in cycle 0, its bias in cycle -1, multiplier and shift in cycle B; sum_flags are there in cycle B, `word` and end_flags in cycle B + 7.
// Other inputs tell the cycle that they belong to.
module output_lane #(
	parameter OUT_BITS = 32,
	parameter HAS_FLOAT = 0,
	parameter HAS_FIXED = 0,
	parameter HAS_SCALE = 0  // fp32 out; always with HAS_FLOAT
) (
	input  wire                clk,
	//Data
	input  wire [OUT_BITS-1:0] result,
	input  wire [31:0]         bias,
	input  wire [31:0]         multiplier,
	input  wire [5:0]          shift,
	output wire [3:0]          sum_flags,
	output wire [31:0]         word,
	output wire [3:0]          end_flags,
	//Control; number behind the name: cycle behind B
	input  wire                bias_float,      // -1
	input  wire                sum_float,       // B - 1
	input  wire                is_float_0,
	input  wire                is_scale_0,
	input  wire                is_tflite_0,
	// verilator lint_off UNUSED
	input  wire                is_tflite_2,
	input  wire                is_tflite_3,
	input  wire                half_even_3,
	input  wire [31:0]         zero_5,
	input  wire                is_scale_6,
	// verilator lint_on UNUSED
	input  wire [31:0]         low_6,
	input  wire [31:0]         high_6,
	input  wire [31:0]         low_key_6,
	input  wire [31:0]         high_key_6,
	input  wire                crossed_6
);
	localparam X_BITS = HAS_FIXED != 0 ? 32 : 25;
	localparam M_BITS = HAS_FIXED != 0 ? 31 : 24;
	localparam SUM_BITS = HAS_FIXED != 0 ? 56 : 49; // of a product that is scaled

	wire [31:0] value;
	output_bias #(.OUT_BITS(OUT_BITS), .HAS_FLOAT(HAS_FLOAT), .HAS_FIXED(HAS_FIXED)) add (
		.clk(clk), .result(result), .bias(bias), .bias_float(bias_float), .is_float_late(sum_float), .sum(value), .flags(sum_flags));

	wire [X_BITS-1:0] x;
	wire [M_BITS-1:0] m;
	wire [5:0] amount;
	// verilator lint_off UNUSED
	wire [9:0] room;
	wire sign;
	wire [2:0] kind;
	wire [X_BITS+M_BITS-1:0] p;
	// verilator lint_on UNUSED
	output_operand #(.HAS_FLOAT(HAS_FLOAT), .HAS_FIXED(HAS_FIXED), .SUM_BITS(SUM_BITS), .X_BITS(X_BITS), .M_BITS(M_BITS)) operand (
		.clk(clk), .value(value), .multiplier(multiplier), .shift(shift), .is_float(is_float_0), .is_scale(is_scale_0), .is_tflite(is_tflite_0),
		.x(x), .m(m), .amount(amount), .room(room), .sign(sign), .kind(kind));
	product #(.X_BITS(X_BITS), .M_BITS(M_BITS), .NUDGE(30)) multiply (.clk(clk), .x(x), .m(m), .nudge(HAS_FIXED != 0 && is_tflite_2), .p(p));

	wire [31:0] fixed_word, float_word;
	wire is_float_word;
	generate
		if (HAS_FIXED != 0) begin : g_fixed
			wire [5:0] amount_3;
			delay #(.WIDTH(6), .CYCLES(2)) amounts (.clk(clk), .rst(1'b0), .in(amount), .out(amount_3));
			requantiser requantise (
				.clk(clk), .product(p), .amount(amount_3), .half_even(half_even_3), .tflite(is_tflite_3), .zero(zero_5), .result(fixed_word));
			assign is_float_word = HAS_SCALE != 0 && is_scale_6;
		end else begin : g_float_only
			assign fixed_word = 32'd0;
			assign is_float_word = 1'b1;
			// verilator lint_off UNUSED
			wire unused = |amount;
			// verilator lint_on UNUSED
		end
		if (HAS_SCALE != 0) begin : g_scale
			wire [9:0] room_3;
			wire sign_3;
			wire [2:0] kind_3;
			wire [3:0] flags;
			reg [3:0] flags_q;
			// verilator lint_off UNUSED
			wire tag;
			// verilator lint_on UNUSED
			delay #(.WIDTH(14), .CYCLES(2)) sides (.clk(clk), .rst(1'b0), .in({room, sign, kind}), .out({room_3, sign_3, kind_3}));
			final_packager #(.SUM_BITS(SUM_BITS), .ROOM_BITS(10), .LIMIT(1), .CUTS(3), .TAG_BITS(1)) packager (
				.clk(clk), .sum(p[SUM_BITS-1:0]), .room(room_3), .sign(sign_3), .kind({kind_3, 1'b0}), .in_tag(1'b0),
				.result(float_word), .flags(flags), .tag(tag));
			always @(posedge clk)
				flags_q <= flags & {4{is_float_word}};
			assign end_flags = flags_q;
		end else begin : g_no_scale
			assign float_word = 32'd0;
			assign end_flags = 4'd0;
		end
	endgenerate
	output_clamp clamp (
		.clk(clk), .word(is_float_word ? float_word : fixed_word), .is_float(is_float_word), .low(low_6), .high(high_6), .low_key(low_key_6),
		.high_key(high_key_6), .crossed(crossed_6), .out(word));
	generate
		if (HAS_FLOAT != 0 && HAS_SCALE == 0) begin : g_check_scale
			floats_need_the_scale error ();
		end
	endgenerate
endmodule
`default_nettype wire
