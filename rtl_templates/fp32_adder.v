//@ only if has_float
`default_nettype none
// IEEE fp32 addition, round to nearest even, with subnormals. One addition a cycle; latency CUTS cycles.
// NaN operands are the canonical 0x7fc00000 and give it again; infinity minus infinity gives it with `invalid`.
// Cuts in the order in which they are put in: behind the sum, before the alignment, before rounding.
module fp32_adder #(
	parameter CUTS = 1 // 0 to 3
) (
	input  wire        clk,
	input  wire [31:0] a,
	input  wire [31:0] b,
	output wire [31:0] sum,
	output wire [3:0]  flags // invalid, overflow, underflow (never), inexact
);
	generate
		if (CUTS < 0 || CUTS > 3) begin : g_check
			fp32_adder_needs_cuts_0_to_3 bad_parameter ();
		end
	endgenerate

	wire [28:0] total;
	wire [7:0] room;
	wire sign;
	wire [3:0] kind;
	fp32_sum #(.CUT_IN(0), .CUT_ORDER(CUTS >= 2 ? 1 : 0), .CUT_TOTAL(CUTS >= 1 ? 1 : 0)) front (
		.clk(clk), .a(a), .b(b), .total(total), .room(room), .sign(sign), .kind(kind));
	// verilator lint_off UNUSED
	wire tag;
	// verilator lint_on UNUSED
	final_packager #(.SUM_BITS(29), .ROOM_BITS(10), .LIMIT(1), .CUTS(CUTS >= 3 ? 1 : 0), .TAG_BITS(1)) packager (
		.clk(clk), .sum(total), .room({2'b0, room}), .sign(sign), .kind(kind), .in_tag(1'b0), .result(sum), .flags(flags), .tag(tag));
endmodule
`default_nettype wire
