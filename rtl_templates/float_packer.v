`default_nettype none
// Packs a two's complement sum to fp32: round to nearest even, gradual underflow. `room` is the exponent: the sum shifted left by room
// places has exponent field 1 when its topmost bit below the sign is set. A negative room asks for a right shift.
// One sum a cycle; latency CUT_COARSE + CUT_FINE cycles. A tag travels along.
module float_packer #(
	parameter SUM_BITS = 53,  // at least 3
	parameter ROOM_BITS = 10, // two's complement, at least 9
	parameter LIMIT = 1,      // 0: room is never less than SUM_BITS - 2 (no underflow)
	parameter CUT_COARSE = 0, // register behind the steps of 16 and more
	parameter CUT_FINE = 0,   // register between normalising and rounding
	parameter TAG_BITS = 1
) (
	input  wire                 clk,
	input  wire [SUM_BITS-1:0]  sum,
	input  wire [ROOM_BITS-1:0] room,
	input  wire [TAG_BITS-1:0]  in_tag,
	output wire [TAG_BITS-1:0]  tag,
	output wire [30:0]          magnitude, // exponent field and fraction; garbage on overflow
	output wire                 overflow,
	output wire                 underflow,
	output wire                 inexact
);
	localparam WIDTH = SUM_BITS - 1 > 25 ? SUM_BITS - 1 : 25; // bits below the sign, zeros appended
	localparam NEED = $clog2(SUM_BITS - 1);
	localparam TOP = NEED < 5 ? 5 : NEED;                     // left steps of 2^(TOP-1) down to 1
	localparam PLACE = LIMIT != 0 && WIDTH < 56 ? 56 : WIDTH; // a right shift by 32 keeps what the left steps bring back
	localparam KEEP = PLACE < 40 ? PLACE : 40;                // bits left behind the step of 16
	localparam BASE_BITS = ROOM_BITS - 1;

	// coarse: right by 32 when room is negative, else left by 32 and more; then 16
	wire sign = sum[SUM_BITS-1];
	wire [WIDTH-1:0] aligned;
	wire right = LIMIT != 0 && room[ROOM_BITS-1];
	generate
		if (SUM_BITS - 1 < WIDTH) begin : g_pad
			assign aligned = {sum[SUM_BITS-2:0], {(WIDTH-SUM_BITS+1){1'b0}}};
		end else begin : g_whole
			assign aligned = sum[SUM_BITS-2:0];
		end
	endgenerate
	// a right shift by 32 keeps what the left steps bring back
	wire [PLACE-1:0] placed;
	wire placed_sticky;
	generate
		if (LIMIT == 0) begin : g_left
			assign placed = aligned;
			assign placed_sticky = 1'b0;
		end else begin : g_right
			wire [PLACE-1:0] extended;
			if (PLACE > WIDTH) begin : g_extend
				assign extended = {aligned, {(PLACE-WIDTH){1'b0}}};
			end else begin : g_same
				assign extended = aligned;
			end
			assign placed = right ? {{32{sign}}, extended[PLACE-1:32]} : extended;
			assign placed_sticky = right & (|extended[31:0]);
		end
	endgenerate
	// negative room: 32 more; below -32 nothing but the sign and sticky is left, whatever the steps do
	wire [TOP-1:0] step_room = room[TOP-1:0] & {{(TOP-5){~right}}, {5{~right | (&room[ROOM_BITS-1:5])}}};
	wire loose = LIMIT == 0 || (!right && room[ROOM_BITS-2:TOP] != {(ROOM_BITS-1-TOP){1'b0}});
	wire [BASE_BITS-1:0] left_room = {room[BASE_BITS-1:5] & {(BASE_BITS-5){~right}}, step_room[4:0]};
	// verilator lint_off UNUSED
	wire [PLACE-1:0] coarse; // zeros below what the fine steps keep
	// verilator lint_on UNUSED
	wire coarse_sticky, coarse_free;
	wire [TOP-1:4] coarse_taken;
	normaliser #(.WIDTH(PLACE), .TOP(TOP), .LOW(4)) coarse_steps (
		.sign(sign), .in(placed), .in_sticky(placed_sticky), .in_free(loose), .room(step_room[TOP-1:4]),
		.out(coarse), .sticky(coarse_sticky), .free(coarse_free), .taken(coarse_taken));
	wire [BASE_BITS-1:0] coarse_room = {left_room[BASE_BITS-1:4] - {{(BASE_BITS-TOP){1'b0}}, coarse_taken}, left_room[3:0]};

	// fine: left by 8, 4, 2, 1
	wire [KEEP-1:0] mid;
	wire mid_sign, mid_sticky, mid_free;
	wire [BASE_BITS-1:0] mid_room;
	wire [TAG_BITS-1:0] mid_tag;
	delay #(.WIDTH(TAG_BITS + BASE_BITS + 3 + KEEP), .CYCLES(CUT_COARSE)) cut_coarse (
		.clk(clk), .rst(1'b0), .in({in_tag, coarse_room, sign, coarse_sticky, coarse_free, coarse[PLACE-1 -: KEEP]}),
		.out({mid_tag, mid_room, mid_sign, mid_sticky, mid_free, mid}));
	wire fine_sticky;
	wire [3:0] fine_taken;
	// verilator lint_off UNUSED
	wire [KEEP-1:0] fine;
	wire fine_free;
	// verilator lint_on UNUSED
	normaliser #(.WIDTH(KEEP), .TOP(4), .LOW(0)) fine_steps (
		.sign(mid_sign), .in(mid), .in_sticky(mid_sticky), .in_free(mid_free), .room(mid_room[3:0]),
		.out(fine), .sticky(fine_sticky), .free(fine_free), .taken(fine_taken));
	wire [24:0] top = fine[KEEP-1 -: 25] ^ {25{mid_sign}};
	// no bit among the topmost two: the sum is zero, or room ran out and leaves base 0 in any case
	wire [BASE_BITS-1:0] fine_base = (mid_room - {{(BASE_BITS-4){1'b0}}, fine_taken}) & {BASE_BITS{top[24] | top[23]}};

	wire [24:0] rounded;
	wire negative, rounded_sticky;
	wire [BASE_BITS-1:0] base;
	delay #(.WIDTH(TAG_BITS + BASE_BITS + 27), .CYCLES(CUT_FINE)) cut_fine (
		.clk(clk), .rst(1'b0), .in({mid_tag, fine_base, mid_sign, fine_sticky, top}),
		.out({tag, base, negative, rounded_sticky, rounded}));
	rounder #(.BASE_BITS(BASE_BITS)) round (
		.negative(negative), .significand(rounded[24:1]), .guard(rounded[0]), .sticky(rounded_sticky), .base(base),
		.magnitude(magnitude), .overflow(overflow), .underflow(underflow), .inexact(inexact));
endmodule
`default_nettype wire
