`default_nettype none
// From a float group's sum to the packed output, in the order that the accumulation asks for: final packager, then fp32 additions; or wide
// accumulator, then final packager. The header comes one cycle before the sum. out_valid comes 2 + PACK_CUTS + ACC_CUTS cycles after the
// header of the output's last group and lasts one cycle. No back-pressure; WIDE = 0 takes a group every ACC_CUTS + 1 cycles at most.
module float_path #(
	parameter WIDE = 0,      // accumulation: 0 fp32, 1 wide
	parameter SUM_BITS = 53, // two's complement bits of S
	parameter ACC_BITS = 65, // two's complement bits of A (WIDE)
	parameter EXP_BITS = 9,
	parameter SCALE = 300,
	parameter ACC_CUTS = 1,  // WIDE: 0 or 1; else 0 to 3
	parameter PACK_CUTS = 1  // 0 to 3
) (
	input  wire                clk,
	input  wire                rst,
	//Header
	input  wire                in_valid,
	input  wire [EXP_BITS-1:0] exp,
	input  wire                last,
	input  wire [4:0]          specials, // nan, pinf, ninf, invalid, inexact
	//Data, one cycle later
	input  wire [SUM_BITS-1:0] sum,
	//Data out
	output wire                out_valid,
	output wire [31:0]         out,
	output wire [3:0]          flags
);
	generate
		if (WIDE != 0) begin : g_wide
			wire acc_valid;
			wire [ACC_BITS-1:0] acc;
			wire [EXP_BITS-1:0] acc_exp;
			wire [4:0] acc_specials;
			// verilator lint_off UNUSED
			wire tag;
			// verilator lint_on UNUSED
			wide_accumulator #(.SUM_BITS(SUM_BITS), .ACC_BITS(ACC_BITS), .EXP_BITS(EXP_BITS), .CUT(ACC_CUTS)) accumulator (
				.clk(clk), .rst(rst), .in_valid(in_valid), .in_exp(exp), .in_last(last), .in_specials(specials), .sum(sum),
				.out_valid(acc_valid), .acc(acc), .exp(acc_exp), .specials(acc_specials));
			final_packager #(.SUM_BITS(ACC_BITS), .EXP_BITS(EXP_BITS), .SCALE(SCALE), .CUTS(PACK_CUTS), .TAG_BITS(1)) packager (
				.clk(clk), .rst(rst), .in_valid(acc_valid), .sum(acc), .exp(acc_exp), .specials(acc_specials), .in_tag(1'b0),
				.out_valid(out_valid), .result(out), .flags(flags), .tag(tag));
		end else begin : g_fp32
			wire group_valid, group_last;
			wire [31:0] group;
			wire [3:0] group_flags;
			wire sum_valid, sum_last;
			wire [EXP_BITS-1:0] sum_exp;
			wire [4:0] sum_specials;
			delay #(.WIDTH(1), .CYCLES(1), .RESET(1)) header_valid (.clk(clk), .rst(rst), .in(in_valid), .out(sum_valid));
			delay #(.WIDTH(EXP_BITS + 6), .CYCLES(1)) header (
				.clk(clk), .rst(rst), .in({exp, last, specials}), .out({sum_exp, sum_last, sum_specials}));
			final_packager #(.SUM_BITS(SUM_BITS), .EXP_BITS(EXP_BITS), .SCALE(SCALE), .CUTS(PACK_CUTS), .TAG_BITS(1)) packager (
				.clk(clk), .rst(rst), .in_valid(sum_valid), .sum(sum), .exp(sum_exp), .specials(sum_specials), .in_tag(sum_last),
				.out_valid(group_valid), .result(group), .flags(group_flags), .tag(group_last));
			fp32_accumulator #(.CUTS(ACC_CUTS)) accumulator (
				.clk(clk), .rst(rst), .in_valid(group_valid), .value(group), .in_flags(group_flags), .last(group_last),
				.out_valid(out_valid), .out(out), .flags(flags));
		end
	endgenerate
endmodule
`default_nettype wire
