`default_nettype none
// One lane's result + bias. Fixed: exact, saturated to int32. Float: IEEE fp32, any word as bias. One a cycle; latency from `result` 2 cycles, 4 with
// HAS_FLOAT. The bias comes a cycle before the result, and so does bias_float; is_float_late in the cycle before the sum.
module output_bias #(
	parameter OUT_BITS = 32,
	parameter HAS_FLOAT = 0,
	parameter HAS_FIXED = 0
) (
	input  wire                clk,
	input  wire [OUT_BITS-1:0] result,
	input  wire [31:0]         bias,
	// verilator lint_off UNUSED
	input  wire                bias_float,    // the result is an fp32
	input  wire                is_float_late,
	// verilator lint_on UNUSED
	output wire [31:0]         sum,
	output wire [3:0]          flags
);
	localparam WIDE = OUT_BITS > 32 ? OUT_BITS + 1 : 33;
	reg [31:0] bias_q;
	wire [31:0] fixed;
	wire fixed_overflow;
	generate
		if (HAS_FIXED != 0) begin : g_fixed
			reg [WIDE-1:0] total_q;
			reg [31:0] sum_q;
			reg overflow_q;
			wire [31:0] value;
			wire overflow;
			fixed_result #(.SUM_BITS(WIDE), .RESULT_BITS(32), .OUT_BITS(32)) saturate (.sum(total_q), .result(value), .overflow(overflow));
			always @(posedge clk) begin
				total_q <= {{(WIDE-OUT_BITS){result[OUT_BITS-1]}}, result} + {{(WIDE-32){bias_q[31]}}, bias_q};
				sum_q <= value;
				overflow_q <= overflow;
			end
			assign fixed = sum_q;
			assign fixed_overflow = overflow_q;
		end else begin : g_float_only
			assign fixed = 32'd0;
			assign fixed_overflow = 1'b0;
		end
		if (HAS_FLOAT != 0) begin : g_float
			wire nan = (&bias[30:23]) & (|bias[22:0]) & bias_float;
			wire invalid;
			wire [31:0] float_sum, fixed_late;
			wire [3:0] float_flags;
			wire overflow_late;
			reg [31:0] sum_q;
			reg [3:0] flags_q;
			always @(posedge clk)
				bias_q <= nan ? 32'h7fc00000 : bias;
			delay #(.WIDTH(1), .CYCLES(4)) signalling (.clk(clk), .rst(1'b0), .in(nan & ~bias[22]), .out(invalid));
			fp32_adder #(.CUTS(3)) adder (.clk(clk), .a(result[31:0]), .b(bias_q), .sum(float_sum), .flags(float_flags));
			delay #(.WIDTH(33), .CYCLES(HAS_FIXED != 0 ? 1 : 0)) late (.clk(clk), .rst(1'b0), .in({fixed_overflow, fixed}), .out({overflow_late, fixed_late}));
			wire choose = is_float_late | HAS_FIXED == 0;
			always @(posedge clk) begin
				sum_q <= choose ? float_sum : fixed_late;
				flags_q <= choose ? {float_flags[3] | invalid, float_flags[2:0]} : {1'b0, overflow_late, 2'b0};
			end
			assign sum = sum_q;
			assign flags = flags_q;
			// verilator lint_off UNUSED
			wire unused = ^result;
			// verilator lint_on UNUSED
		end else begin : g_fixed_only
			always @(posedge clk)
				bias_q <= bias;
			assign sum = fixed;
			assign flags = {1'b0, fixed_overflow, 2'b0};
		end
	endgenerate
endmodule
`default_nettype wire
