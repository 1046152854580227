//@ only if has_float
`default_nettype none
// From a float group's sum to the packed output, in the order that the accumulation asks for: final packager, then fp32 additions; or wide
// accumulator, then final packager. The header comes one cycle before the sum. out_valid comes 2 + PACK_CUTS + ACC_CUTS cycles after the
// header of the output's last group and lasts one cycle. No back-pressure; WIDE = 0 takes a group every ACC_CUTS + 1 cycles at most.
// PACK_CUTS = 0 sets the clock anyhow, so only with more is A's adder built for speed.
module float_path #(
	parameter WIDE = 2,      // accumulation: 0 fp32, 1 wide. To be given: tools that elaborate defaults must not miss the modules of either, so 2 is nothing
	parameter SUM_BITS = 53, // two's complement bits of S
	parameter ACC_BITS = 65, // two's complement bits of A (WIDE)
	parameter EXP_BITS = 9,
	parameter SCALE = 300,
	parameter ACC_CUTS = 1,  // 0 to 3
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
	// with enough cuts behind the packager, both passes of accumulation fp32 share one
	localparam SHARED = WIDE == 0 && ACC_CUTS >= 1 && ACC_CUTS >= PACK_CUTS;
	// exponents are offset at the entrance, where there is time: as room they need no addition any more, and comparing them goes on as before
	localparam PACKED_BITS = WIDE == 1 ? ACC_BITS : SUM_BITS;
	localparam integer OFFSET = 124 + PACKED_BITS - SCALE;
	localparam LIMIT = OFFSET < PACKED_BITS - 2 ? 1 : 0;
	localparam SHARED_BITS = SUM_BITS < 29 ? 29 : SUM_BITS; // zeros below
	function integer room_bits; // two's complement; what lies above F must not wrap when rounding carries into it
		input integer least;
		begin
			room_bits = least;
			while (room_bits < 30 && ((1 << (room_bits - 1)) < (1 << EXP_BITS) + OFFSET + 2 || (1 << (room_bits - 1)) + OFFSET < 0))
				room_bits = room_bits + 1;
		end
	endfunction
	localparam ROOM_BITS = room_bits(9);
	localparam [31:0] OFFSET_WORD = OFFSET;
	wire [ROOM_BITS-1:0] room = {{(ROOM_BITS-EXP_BITS){1'b0}}, exp} + OFFSET_WORD[ROOM_BITS-1:0];

	generate
		if (WIDE == 1) begin : g_wide
			wire acc_valid;
			wire [ACC_BITS-1:0] acc;
			wire [ROOM_BITS-1:0] acc_room;
			wire [4:0] acc_specials;
			// verilator lint_off UNUSED
			wire tag;
			// verilator lint_on UNUSED
			wide_accumulator #(.SUM_BITS(SUM_BITS), .ACC_BITS(ACC_BITS), .EXP_BITS(ROOM_BITS), .CUT(ACC_CUTS), .SPLIT(PACK_CUTS > 0 ? 1 : 0)) accumulator (
				.clk(clk), .rst(rst), .in_valid(in_valid), .in_exp(room), .in_last(last), .in_specials(specials), .sum(sum),
				.out_valid(acc_valid), .acc(acc), .exp(acc_room), .specials(acc_specials));
			wire sign;
			wire [3:0] kind;
			special_kind output_kind (.specials(acc_specials), .negative(acc[ACC_BITS-1]), .sign(sign), .kind(kind));
			final_packager #(.SUM_BITS(ACC_BITS), .ROOM_BITS(ROOM_BITS), .LIMIT(LIMIT), .CUTS(PACK_CUTS), .TAG_BITS(1)) packager (
				.clk(clk), .sum(acc), .room(acc_room), .sign(sign), .kind(kind), .in_tag(1'b0), .result(out), .flags(flags), .tag(tag));
			delay #(.WIDTH(1), .CYCLES(PACK_CUTS), .RESET(1)) packed_valid (.clk(clk), .rst(rst), .in(acc_valid), .out(out_valid));
		end else if (WIDE == 0) begin : g_fp32
			wire sum_valid, sum_last;
			wire [ROOM_BITS-1:0] sum_room;
			wire [4:0] sum_specials;
			delay #(.WIDTH(1), .CYCLES(1), .RESET(1)) header_valid (.clk(clk), .rst(rst), .in(in_valid), .out(sum_valid));
			delay #(.WIDTH(ROOM_BITS + 6), .CYCLES(1)) header (
				.clk(clk), .rst(rst), .in({room, last, specials}), .out({sum_room, sum_last, sum_specials}));
			if (SHARED) begin : g_shared
				wire [SHARED_BITS-1:0] wide_sum;
				if (SHARED_BITS > SUM_BITS) begin : g_pad
					assign wide_sum = {sum, {(SHARED_BITS-SUM_BITS){1'b0}}};
				end else begin : g_sum
					assign wide_sum = sum;
				end
				fp32_shared #(.SUM_BITS(SHARED_BITS), .ROOM_BITS(ROOM_BITS), .ACC_CUTS(ACC_CUTS), .PACK_CUTS(PACK_CUTS)) shared (
					.clk(clk), .rst(rst), .in_valid(sum_valid), .sum(wide_sum), .room(sum_room), .last(sum_last), .specials(sum_specials),
					.out_valid(out_valid), .out(out), .flags(flags));
			end else begin : g_apart
				wire sign, group_valid, group_last;
				wire [3:0] kind, group_flags;
				wire [31:0] group;
				special_kind group_kind (.specials(sum_specials), .negative(sum[SUM_BITS-1]), .sign(sign), .kind(kind));
				final_packager #(.SUM_BITS(SUM_BITS), .ROOM_BITS(ROOM_BITS), .LIMIT(LIMIT), .CUTS(PACK_CUTS), .TAG_BITS(1)) packager (
					.clk(clk), .sum(sum), .room(sum_room), .sign(sign), .kind(kind), .in_tag(sum_last), .result(group), .flags(group_flags),
					.tag(group_last));
				delay #(.WIDTH(1), .CYCLES(PACK_CUTS), .RESET(1)) packed_valid (.clk(clk), .rst(rst), .in(sum_valid), .out(group_valid));
				fp32_accumulator #(.CUTS(ACC_CUTS)) accumulator (
					.clk(clk), .rst(rst), .in_valid(group_valid), .value(group), .in_flags(group_flags), .last(group_last),
					.out_valid(out_valid), .out(out), .flags(flags));
			end
		end else begin : g_nothing
			assign out_valid = 1'b0;
			assign out = 32'd0;
			assign flags = 4'd0;
		end
	endgenerate
endmodule
`default_nettype wire
