//@ only if has_float && !accumulation_wide && pipeline.accumulator >= max(1, pipeline.packager)
`default_nettype none
// Packs groups to fp32 and adds them (accumulation: fp32) with one final packager: it packs a group first, and ACC_CUTS cycles later the sum of that
// group and those before it. As groups come at least ACC_CUTS + 1 cycles apart the two never meet.
// Cycle for cycle the same as a final_packager with PACK_CUTS in front of an fp32_accumulator with ACC_CUTS; needs ACC_CUTS >= max(1, PACK_CUTS).
// The PACK_CUTS of the second pass count among the ACC_CUTS; what is left of them stands before the alignment, behind the sum, at its operands.
module fp32_shared #(
	parameter SUM_BITS = 53, // two's complement bits of S, at least 29
	parameter ROOM_BITS = 10,
	parameter ACC_CUTS = 3,
	parameter PACK_CUTS = 1
) (
	input  wire                 clk,
	input  wire                 rst,
	//Data in
	input  wire                 in_valid,
	input  wire [SUM_BITS-1:0]  sum,
	input  wire [ROOM_BITS-1:0] room,
	input  wire                 last,
	input  wire [4:0]           specials, // nan, pinf, ninf, invalid, inexact
	//Data out
	output wire                 out_valid,
	output wire [31:0]          out,
	output wire [3:0]           flags     // or-ed over the output
);
	localparam LEFT = ACC_CUTS - PACK_CUTS;

	generate
		if (ACC_CUTS < 1 || LEFT < 0) begin : g_check
			fp32_shared_needs_acc_cuts_1_or_more_and_no_less_than_pack_cuts bad_parameter ();
		end
	endgenerate

	reg [31:0] sum_q;
	reg [3:0] flags_q;
	reg first_q;
	wire [31:0] value;
	wire [3:0] value_flags;
	wire packed_last;

	// passes: group packed, sum in, sum packed
	wire group_done, again, done;
	delay #(.WIDTH(1), .CYCLES(PACK_CUTS), .RESET(1)) first_pass (.clk(clk), .rst(rst), .in(in_valid), .out(group_done));
	delay #(.WIDTH(1), .CYCLES(LEFT), .RESET(1)) between (.clk(clk), .rst(rst), .in(group_done), .out(again));
	delay #(.WIDTH(1), .CYCLES(PACK_CUTS), .RESET(1)) second_pass (.clk(clk), .rst(rst), .in(again), .out(done));
	delay #(.WIDTH(1), .CYCLES(ACC_CUTS + PACK_CUTS + 1), .RESET(1)) ends (.clk(clk), .rst(rst), .in(in_valid & last), .out(out_valid));

	// minus zero plus x is x, bit for bit
	wire [28:0] total;
	wire [7:0] total_room;
	wire total_sign;
	wire [3:0] total_kind;
	fp32_sum #(.CUT_IN(LEFT >= 3 ? 1 : 0), .CUT_ORDER(LEFT >= 1 ? 1 : 0), .CUT_TOTAL(LEFT >= 2 ? 1 : 0)) front (
		.clk(clk), .a({sum_q[31] | first_q, sum_q[30:0] & {31{~first_q}}}), .b(value), .total(total), .room(total_room), .sign(total_sign),
		.kind(total_kind));

	wire group_sign;
	wire [3:0] group_kind;
	special_kind group (.specials(specials), .negative(sum[SUM_BITS-1]), .sign(group_sign), .kind(group_kind));
	wire [SUM_BITS-1:0] total_wide;
	generate
		if (SUM_BITS > 29) begin : g_wide
			assign total_wide = {total, {(SUM_BITS-29){1'b0}}};
		end else begin : g_same
			assign total_wide = total;
		end
	endgenerate
	final_packager #(.SUM_BITS(SUM_BITS), .ROOM_BITS(ROOM_BITS), .LIMIT(1), .CUTS(PACK_CUTS), .TAG_BITS(1)) packager (
		.clk(clk), .sum(again ? total_wide : sum), .room(again ? {{(ROOM_BITS-8){1'b0}}, total_room} : room),
		.sign(again ? total_sign : group_sign), .kind(again ? total_kind : group_kind), .in_tag(last),
		.result(value), .flags(value_flags), .tag(packed_last));

	always @(posedge clk) begin
		if (rst)
			first_q <= 1'b1;
		else if (group_done)
			first_q <= packed_last;
		if (done)
			sum_q <= value;
		flags_q <= (flags_q & {4{~(group_done & first_q)}}) | (value_flags & {4{group_done | done}});
	end

	assign out = sum_q;
	assign flags = flags_q;
endmodule
`default_nettype wire
