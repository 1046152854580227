`default_nettype none
// Bias, requantisation or scale, zero point and clamp of LANES results a cycle (docs/core.md section 7), a pipeline that never stalls: a step that is in cycle k of
// its way stands at place k of `steps`; results come in cycle SUM_STAGE, biases a cycle before, multipliers in cycle BIAS_STAGE, words in BIAS_STAGE + 7.
module output_stage #(
	parameter LANES = 1,
	parameter OUT_BITS = 32,
	parameter HAS_FLOAT = 0,
	parameter HAS_FIXED = 0,
	parameter HAS_SCALE = 0,
	parameter SUM_STAGE = 3,
	parameter BIAS_STAGE = 5,  // SUM_STAGE + 2, or + 4 with HAS_FLOAT
	parameter STEP_BITS = 9
) (
	input  wire                                clk,
	// verilator lint_off UNUSED
	input  wire [(BIAS_STAGE+8)*STEP_BITS-1:STEP_BITS] steps, // output_path.v; results that go to memory
	input  wire [3*113-1:0]                    contexts,
	// verilator lint_on UNUSED
	input  wire [LANES*OUT_BITS-1:0]           results,
	input  wire [LANES*32-1:0]                 bias,
	input  wire [LANES*32-1:0]                 multiplier,
	input  wire [LANES*6-1:0]                  shift,
	output wire [LANES*32-1:0]                 words,
	output wire [3:0]                          sum_flags, // cycle BIAS_STAGE
	output wire [3:0]                          end_flags  // cycle BIAS_STAGE + 7
);
	localparam END_STAGE = BIAS_STAGE + 7;

	// of each slot: rounding, and whether the output is an fp32
	wire [2:0] scale = {&contexts[2*113+3 +: 2], &contexts[113+3 +: 2], &contexts[3 +: 2]};
	wire [2:0] even = {~|contexts[2*113+5 +: 2], ~|contexts[113+5 +: 2], ~|contexts[5 +: 2]};
	wire [2:0] tflite = {contexts[2*113+5], contexts[113+5], contexts[5]};
	wire [1:0] slot_0 = steps[BIAS_STAGE*STEP_BITS+6 +: 2];
	wire [1:0] slot_2 = steps[(BIAS_STAGE+2)*STEP_BITS+6 +: 2];
	wire [1:0] slot_3 = steps[(BIAS_STAGE+3)*STEP_BITS+6 +: 2];
	wire [1:0] slot_4 = steps[(BIAS_STAGE+4)*STEP_BITS+6 +: 2];
	wire [1:0] slot_5 = steps[(BIAS_STAGE+5)*STEP_BITS+6 +: 2];

	// what all lanes need late comes out of registers of its own
	reg [31:0] zero_q, low_q, high_q, low_key_q, high_key_q;
	reg scale_q;
	// verilator lint_off UNUSED
	wire [95:0] late = slot_5[1] ? contexts[2*113+17 +: 96] : slot_5[0] ? contexts[113+17 +: 96] : contexts[17 +: 96];
	// verilator lint_on UNUSED
	wire [31:0] low = late[63:32];
	wire [31:0] high = late[95:64];
	wire scale_5 = slot_5[1] ? scale[2] : slot_5[0] ? scale[1] : scale[0];
	always @(posedge clk) begin
		zero_q <= slot_4[1] ? contexts[2*113+17 +: 32] : slot_4[0] ? contexts[113+17 +: 32] : contexts[17 +: 32];
		low_q <= low;
		high_q <= high;
		low_key_q <= low ^ {1'b0, {31{low[31] & scale_5}}};
		high_key_q <= high ^ {1'b0, {31{high[31] & scale_5}}};
		scale_q <= scale_5;
	end
	wire crossed = $signed(low_key_q) > $signed(high_key_q);

	wire [LANES*4-1:0] lane_sum_flags, lane_end_flags;
	genvar l;
	generate
		for (l = 0; l < LANES; l = l + 1) begin : g_lane
			output_lane #(.OUT_BITS(OUT_BITS), .HAS_FLOAT(HAS_FLOAT), .HAS_FIXED(HAS_FIXED), .HAS_SCALE(HAS_SCALE)) lane (
				.clk(clk), .result(results[l*OUT_BITS +: OUT_BITS]), .bias(bias[l*32 +: 32]), .multiplier(multiplier[l*32 +: 32]), .shift(shift[l*6 +: 6]),
				.sum_flags(lane_sum_flags[l*4 +: 4]), .word(words[l*32 +: 32]), .end_flags(lane_end_flags[l*4 +: 4]),
				.bias_float(steps[(SUM_STAGE-1)*STEP_BITS+5]), .sum_float(steps[(BIAS_STAGE-1)*STEP_BITS+5]), .is_float_0(steps[BIAS_STAGE*STEP_BITS+5]),
				.is_scale_0(scale[slot_0]), .is_tflite_0(tflite[slot_0]), .is_tflite_2(tflite[slot_2] & ~scale[slot_2]), .is_tflite_3(tflite[slot_3]),
				.half_even_3(even[slot_3]), .zero_5(zero_q), .is_scale_6(scale_q), .low_6(low_q), .high_6(high_q), .low_key_6(low_key_q),
				.high_key_6(high_key_q), .crossed_6(crossed));
		end
	endgenerate

	reg [3:0] all_sum_flags, all_end_flags;
	integer i;
	always @* begin
		all_sum_flags = 4'd0;
		all_end_flags = 4'd0;
		for (i = 0; i < LANES; i = i + 1) begin
			all_sum_flags = all_sum_flags | (lane_sum_flags[i*4 +: 4] & {4{steps[BIAS_STAGE*STEP_BITS] & steps[BIAS_STAGE*STEP_BITS+8+i]}});
			all_end_flags = all_end_flags | (lane_end_flags[i*4 +: 4] & {4{steps[END_STAGE*STEP_BITS] & steps[END_STAGE*STEP_BITS+8+i]}});
		end
	end
	assign sum_flags = all_sum_flags;
	assign end_flags = all_end_flags;
endmodule
`default_nettype wire
