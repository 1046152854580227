`default_nettype none
// One lane's sum: stored + result, or the result alone. Fixed: exact, saturated to RESULT_BITS. Float: IEEE fp32.
// One sum a cycle; latency from stored and result: 2 cycles, 4 with HAS_FLOAT. `add` and `is_float` come in the cycle before the sum, *_early in the second one.
module partial_sum #(
	parameter RESULT_BITS = 32,
	parameter OUT_BITS = 32,
	parameter HAS_FLOAT = 0,
	parameter HAS_FIXED = 0
) (
	input  wire                clk,
	// verilator lint_off UNUSED
	input  wire                add_early,
	input  wire                add,
	input  wire                float_early,
	input  wire                is_float,
	// verilator lint_on UNUSED
	input  wire [OUT_BITS-1:0] stored,
	input  wire [OUT_BITS-1:0] result,
	output wire [OUT_BITS-1:0] sum,
	output wire [3:0]          flags
);
	wire [OUT_BITS-1:0] fixed;      // registered: fixed sum, or any result alone
	wire fixed_overflow;
	generate
		if (HAS_FIXED != 0) begin : g_fixed
			reg [RESULT_BITS:0] total_q;
			reg [OUT_BITS-1:0] alone_q, fixed_q;
			reg overflow_q;
			wire overflow;
			wire [OUT_BITS-1:0] value;
			wire choose = add_early & ~float_early;
			fixed_result #(.SUM_BITS(RESULT_BITS + 1), .RESULT_BITS(RESULT_BITS), .OUT_BITS(OUT_BITS)) saturate (
				.sum(total_q), .result(value), .overflow(overflow));
			always @(posedge clk) begin
				total_q <= {stored[RESULT_BITS-1], stored[RESULT_BITS-1:0]} + {result[RESULT_BITS-1], result[RESULT_BITS-1:0]};
				alone_q <= result;
				fixed_q <= choose ? value : alone_q;
				overflow_q <= choose & overflow;
			end
			assign fixed = fixed_q;
			assign fixed_overflow = overflow_q;
		end else begin : g_float_only
			delay #(.WIDTH(OUT_BITS), .CYCLES(2)) alone (.clk(clk), .rst(1'b0), .in(result), .out(fixed));
			assign fixed_overflow = 1'b0;
		end
		if (HAS_FLOAT != 0) begin : g_float
			wire [31:0] float_sum;
			wire [3:0] float_flags;
			wire [OUT_BITS-1:0] fixed_late;
			wire overflow_late;
			reg [OUT_BITS-1:0] sum_q;
			reg [3:0] flags_q;
			fp32_adder #(.CUTS(3)) adder (.clk(clk), .a(stored[31:0]), .b(result[31:0]), .sum(float_sum), .flags(float_flags));
			delay #(.WIDTH(OUT_BITS + 1), .CYCLES(1)) late (.clk(clk), .rst(1'b0), .in({fixed_overflow, fixed}), .out({overflow_late, fixed_late}));
			wire choose = add & is_float;
			wire [OUT_BITS-1:0] float_word;
			assign float_word[31:0] = float_sum;
			if (OUT_BITS > 32) begin : g_wide
				assign float_word[OUT_BITS-1:32] = {(OUT_BITS-32){1'b0}};
			end
			always @(posedge clk) begin
				sum_q <= choose ? float_word : fixed_late;
				flags_q <= choose ? float_flags : {1'b0, overflow_late, 2'b0};
			end
			assign sum = sum_q;
			assign flags = flags_q;
		end else begin : g_fixed_only
			assign sum = fixed;
			assign flags = {1'b0, fixed_overflow, 2'b0};
		end
	endgenerate
endmodule
`default_nettype wire
