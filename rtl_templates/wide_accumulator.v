`default_nettype none
// Adds the groups of one output exactly but for the bits shifted out when exponents differ (accumulation: wide, docs/engine.md section 4):
// the holder of the smaller exponent is shifted right. One group a cycle, the next output follows without a bubble.
// A group's header comes one cycle before its sum, so that exponents are compared while the sum is still being made.
// out_valid comes 2 + CUT cycles after the header of the output's last group and lasts one cycle.
module wide_accumulator #(
	parameter SUM_BITS = 53, // two's complement bits of S
	parameter ACC_BITS = 65, // two's complement bits of A, at least SUM_BITS
	parameter EXP_BITS = 9,  // bits of F
	parameter CUT = 0        // 0: one shifter for both; 1: S has its own and a register behind it
) (
	input  wire                clk,
	input  wire                rst,
	//Header
	input  wire                in_valid,
	input  wire [EXP_BITS-1:0] in_exp,      // Fg, 0 when no pair takes part
	input  wire                in_last,     // last group of its output
	input  wire [4:0]          in_specials, // nan, pinf, ninf, invalid, inexact
	//Data, one cycle later
	input  wire [SUM_BITS-1:0] sum,
	//Data out
	output wire                out_valid,
	output wire [ACC_BITS-1:0] acc,
	output wire [EXP_BITS-1:0] exp,
	output wire [4:0]          specials     // or-ed over the output
);
	function integer clog2;
		input integer n;
		begin
			clog2 = 0;
			while ((1 << clog2) < n)
				clog2 = clog2 + 1;
		end
	endfunction

	localparam SHIFT_BITS = clog2(ACC_BITS + 1); // its largest value leaves nothing but the sign

	generate
		if (CUT < 0 || CUT > 1 || ACC_BITS < SUM_BITS) begin : g_check
			wide_accumulator_needs_cut_0_or_1_and_acc_bits_of_sum_bits_or_more bad_parameter ();
		end
	endgenerate

	// exponents
	reg [EXP_BITS-1:0] exp_q;
	reg first_q;
	wire [EXP_BITS:0] difference = {1'b0, exp_q} - {1'b0, in_exp};
	wire raise = difference[EXP_BITS]; // the group's exponent is larger: A is shifted
	wire [EXP_BITS-1:0] distance = raise ? in_exp - exp_q : difference[EXP_BITS-1:0];
	wire [SHIFT_BITS-1:0] saturated;
	generate
		if (EXP_BITS > SHIFT_BITS) begin : g_saturate
			assign saturated = distance[SHIFT_BITS-1:0] | {SHIFT_BITS{|distance[EXP_BITS-1:SHIFT_BITS]}};
		end else begin : g_extend
			assign saturated = {{(SHIFT_BITS-EXP_BITS+1){1'b0}}, distance[EXP_BITS-2:0]} | ({{(SHIFT_BITS-1){1'b0}}, distance[EXP_BITS-1]} << (EXP_BITS - 1));
		end
	endgenerate

	reg valid_q, last_q, start_q, raise_q;
	reg [SHIFT_BITS-1:0] shift_q;
	reg [4:0] header_q;
	always @(posedge clk) begin
		if (rst)
			first_q <= 1'b1;
		else if (in_valid)
			first_q <= in_last;
		if (in_valid & (first_q | raise))
			exp_q <= in_exp;
		valid_q <= in_valid & ~rst;
		last_q <= in_valid & in_last & ~rst;
		start_q <= in_valid & first_q;
		raise_q <= raise;
		// nothing is shifted for the first group, nor while A merely stands
		shift_q <= saturated & {SHIFT_BITS{in_valid & ~first_q}};
		header_q <= in_specials & {5{in_valid}};
	end

	// A and, one cycle behind its exponent, F
	reg [ACC_BITS-1:0] acc_q;
	reg [EXP_BITS-1:0] out_exp_q;
	reg [4:0] specials_q;
	reg out_valid_q;
	wire [SUM_BITS-1:0] gated = sum & {SUM_BITS{valid_q}};
	wire [ACC_BITS-1:0] group = {{(ACC_BITS-SUM_BITS+1){gated[SUM_BITS-1]}}, gated[SUM_BITS-2:0]};
	wire lost, start, valid, last;
	wire [4:0] header;
	wire [EXP_BITS-1:0] late_exp;
	generate
		if (CUT == 0) begin : g_shared
			wire [ACC_BITS-1:0] held = acc_q & {ACC_BITS{~start_q}};
			wire [ACC_BITS-1:0] moved;
			arithmetic_shifter #(.WIDTH(ACC_BITS), .SHIFT_BITS(SHIFT_BITS)) shifter (
				.in(raise_q ? held : group), .shift(shift_q), .out(moved), .lost(lost));
			always @(posedge clk)
				acc_q <= moved + (raise_q ? group : held);
			assign start = start_q;
			assign valid = valid_q;
			assign last = last_q;
			assign header = header_q;
			assign late_exp = exp_q;
		end else begin : g_own
			wire [ACC_BITS-1:0] aligned, moved;
			wire aligned_lost, moved_lost;
			arithmetic_shifter #(.WIDTH(ACC_BITS), .SHIFT_BITS(SHIFT_BITS)) align (
				.in(group), .shift(shift_q & {SHIFT_BITS{~raise_q}}), .out(aligned), .lost(aligned_lost));
			reg [ACC_BITS-1:0] aligned_q;
			reg [SHIFT_BITS-1:0] acc_shift_q;
			reg [EXP_BITS-1:0] aligned_exp_q;
			reg [4:0] aligned_header_q;
			reg aligned_start_q, aligned_valid_q, aligned_last_q;
			always @(posedge clk) begin
				aligned_q <= aligned;
				acc_shift_q <= shift_q & {SHIFT_BITS{raise_q}};
				aligned_exp_q <= exp_q;
				aligned_header_q <= {header_q[4:1], header_q[0] | aligned_lost};
				aligned_start_q <= start_q;
				aligned_valid_q <= valid_q & ~rst;
				aligned_last_q <= last_q & ~rst;
			end
			arithmetic_shifter #(.WIDTH(ACC_BITS), .SHIFT_BITS(SHIFT_BITS)) shifter (
				.in(acc_q & {ACC_BITS{~aligned_start_q}}), .shift(acc_shift_q), .out(moved), .lost(moved_lost));
			always @(posedge clk)
				acc_q <= moved + aligned_q;
			assign lost = moved_lost;
			assign start = aligned_start_q;
			assign valid = aligned_valid_q;
			assign last = aligned_last_q;
			assign header = aligned_header_q;
			assign late_exp = aligned_exp_q;
		end
	endgenerate

	always @(posedge clk) begin
		out_exp_q <= late_exp;
		specials_q <= (specials_q & {5{~start}}) | {header[4:1], header[0] | (valid & lost)};
		out_valid_q <= last & ~rst;
	end

	assign out_valid = out_valid_q;
	assign acc = acc_q;
	assign exp = out_exp_q;
	assign specials = specials_q;
endmodule
`default_nettype wire
