//@ only if has_float && accumulation_wide
`default_nettype none
// Adds the groups of one output exactly but for the bits shifted out when exponents differ (accumulation: wide, docs/engine.md section 4):
// the holder of the smaller exponent is shifted right. One group a cycle, the next output follows without a bubble.
// A group's header comes one cycle before its sum, so that exponents are compared while the sum is still being made.
// out_valid comes 2 + CUT cycles after the header of the output's last group and lasts one cycle.
module wide_accumulator #(
	parameter SUM_BITS = 53, // two's complement bits of S
	parameter ACC_BITS = 65, // two's complement bits of A, at least SUM_BITS
	parameter EXP_BITS = 10, // bits of F, two's complement
	parameter CUT = 0,       // 0: one shifter for both; 1: S has its own and a register behind it; 2, 3: no carry runs through A's loop
	parameter SPLIT = 0      // 1: faster, larger adder
) (
	input  wire                clk,
	input  wire                rst,
	//Header
	input  wire                in_valid,
	input  wire [EXP_BITS-1:0] in_exp,      // Fg, the smallest of all when no pair takes part
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
	localparam SHIFT_BITS = $clog2(ACC_BITS + 1); // its largest value leaves nothing but the sign

	generate
		if (CUT < 0 || CUT > 3 || ACC_BITS < SUM_BITS) begin : g_check
			wide_accumulator_needs_cut_0_to_3_and_acc_bits_of_sum_bits_or_more bad_parameter ();
		end
	endgenerate

	// exponents: a difference below zero comes as one's complement, and A is then shifted by one more place
	reg [EXP_BITS-1:0] exp_q;
	reg first_q;
	wire [EXP_BITS:0] difference = {exp_q[EXP_BITS-1], exp_q} - {in_exp[EXP_BITS-1], in_exp};
	wire raise = difference[EXP_BITS]; // the group's exponent is larger
	wire [EXP_BITS-1:0] distance = difference[EXP_BITS-1:0] ^ {EXP_BITS{raise}};
	wire [SHIFT_BITS-1:0] saturated;
	generate
		if (EXP_BITS > SHIFT_BITS) begin : g_saturate
			assign saturated = distance[SHIFT_BITS-1:0] | {SHIFT_BITS{|distance[EXP_BITS-1:SHIFT_BITS]}};
		end else begin : g_extend
			assign saturated = {{(SHIFT_BITS-EXP_BITS+1){1'b0}}, distance[EXP_BITS-2:0]} | ({{(SHIFT_BITS-1){1'b0}}, distance[EXP_BITS-1]} << (EXP_BITS - 1));
		end
	endgenerate

	// what to do: shift S (add_q) or A (raise_q) and add the other one; without keep_q the other one is S, with it A; the first group replaces A
	reg add_q, raise_q, keep_q, last_q;
	reg [SHIFT_BITS-1:0] shift_q;
	reg [4:0] header_q;
	wire start = in_valid & first_q;
	always @(posedge clk) begin
		if (rst)
			first_q <= 1'b1;
		else if (in_valid)
			first_q <= in_last;
		if (in_valid & (first_q | raise))
			exp_q <= in_exp;
		add_q <= in_valid & ~first_q & ~raise;
		raise_q <= in_valid & ~first_q & raise;
		keep_q <= ~start & ~(in_valid & raise);
		last_q <= in_valid & in_last & ~rst;
		shift_q <= saturated;
		header_q <= in_specials & {5{in_valid}};
	end

	// A and, one cycle behind its exponent, F
	reg [ACC_BITS-1:0] acc_q;
	reg [EXP_BITS-1:0] out_exp_q;
	reg [4:0] specials_q;
	reg out_valid_q;
	wire [ACC_BITS-1:0] group = {{(ACC_BITS-SUM_BITS+1){sum[SUM_BITS-1]}}, sum[SUM_BITS-2:0]};
	wire [ACC_BITS-1:0] next;
	wire lost, fresh, last;
	wire [4:0] header;
	wire [EXP_BITS-1:0] late_exp;
	generate
		if (CUT == 0) begin : g_shared
			wire [ACC_BITS-1:0] lower = {acc_q[ACC_BITS-1], acc_q[ACC_BITS-1:1]};
			wire [ACC_BITS-1:0] moved;
			wire moved_lost;
			arithmetic_shifter #(.WIDTH(ACC_BITS), .SHIFT_BITS(SHIFT_BITS)) shifter (
				.in((lower & {ACC_BITS{raise_q}}) | (group & {ACC_BITS{add_q}})), .shift(shift_q), .out(moved), .lost(moved_lost));
			split_adder #(.WIDTH(ACC_BITS), .SPLIT(SPLIT)) adder (
				.a(moved), .b(keep_q ? acc_q : group), .sum(next));
			assign lost = moved_lost | (raise_q & acc_q[0]);
			assign fresh = ~(raise_q | keep_q);
			assign last = last_q;
			assign header = header_q;
			assign late_exp = exp_q;
		end else begin : g_own
			wire [ACC_BITS-1:0] aligned;
			wire aligned_lost;
			arithmetic_shifter #(.WIDTH(ACC_BITS), .SHIFT_BITS(SHIFT_BITS)) align (
				.in(group & {ACC_BITS{add_q | ~keep_q}}), .shift(shift_q & {SHIFT_BITS{add_q}}), .out(aligned), .lost(aligned_lost));
			reg [ACC_BITS-1:0] aligned_q;
			reg [SHIFT_BITS-1:0] acc_shift_q;
			reg [EXP_BITS-1:0] aligned_exp_q;
			reg [4:0] aligned_header_q;
			reg aligned_raise_q, aligned_keep_q, aligned_last_q;
			always @(posedge clk) begin
				aligned_q <= aligned;
				acc_shift_q <= shift_q & {SHIFT_BITS{raise_q}};
				aligned_exp_q <= exp_q;
				aligned_header_q <= {header_q[4:1], header_q[0] | aligned_lost};
				aligned_raise_q <= raise_q;
				aligned_keep_q <= keep_q;
				aligned_last_q <= last_q & ~rst;
			end
			if (CUT == 1) begin : g_adder
				wire [ACC_BITS-1:0] lower = {acc_q[ACC_BITS-1], acc_q[ACC_BITS-1:1]};
				wire [ACC_BITS-1:0] moved;
				wire moved_lost;
				arithmetic_shifter #(.WIDTH(ACC_BITS), .SHIFT_BITS(SHIFT_BITS)) shifter (
					.in((lower & {ACC_BITS{aligned_raise_q}}) | (acc_q & {ACC_BITS{aligned_keep_q}})), .shift(acc_shift_q), .out(moved),
					.lost(moved_lost));
				split_adder #(.WIDTH(ACC_BITS), .SPLIT(SPLIT)) adder (.a(moved), .b(aligned_q), .sum(next));
				assign lost = moved_lost | (aligned_raise_q & acc_q[0]);
				assign fresh = ~(aligned_raise_q | aligned_keep_q);
				assign last = aligned_last_q;
				assign header = aligned_header_q;
				assign late_exp = aligned_exp_q;
			end else begin : g_save
				carry_save_sum #(.WIDTH(ACC_BITS), .SHIFT_BITS(SHIFT_BITS), .CUT(CUT - 2), .SPLIT(SPLIT)) sums (
					.clk(clk), .keep(aligned_keep_q | aligned_raise_q), .raise(aligned_raise_q), .shift(acc_shift_q), .term(aligned_q), .acc(next),
					.lost(lost));
				delay #(.WIDTH(EXP_BITS + 6), .CYCLES(CUT - 1)) header_delay (.clk(clk), .rst(1'b0),
					.in({~(aligned_raise_q | aligned_keep_q), aligned_header_q, aligned_exp_q}), .out({fresh, header, late_exp}));
				delay #(.WIDTH(1), .CYCLES(CUT - 1), .RESET(1)) last_delay (.clk(clk), .rst(rst), .in(aligned_last_q), .out(last));
			end
		end
	endgenerate

	always @(posedge clk) begin
		acc_q <= next;
		out_exp_q <= late_exp;
		specials_q <= (specials_q & {5{~fresh}}) | {header[4:1], header[0] | lost};
		out_valid_q <= last & ~rst;
	end

	assign out_valid = out_valid_q;
	assign acc = acc_q;
	assign exp = out_exp_q;
	assign specials = specials_q;
endmodule
`default_nettype wire
