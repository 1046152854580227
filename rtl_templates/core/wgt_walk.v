`default_nettype none
// One reader of the weight buffer: walks over the groups of a tile, once a pixel, for COUNT PEs that take together. It reads the next group at the edge at
// which the one shown is taken, so a new one is there every cycle, also from tile to tile. The tiles are wgt_reader's; here is which one is read.
// A tile with new weights begins when its half is full and no half before the previous one is still held by any walk.
module wgt_walk #(
	parameter FIRST = 0,       // its first PE
	parameter COUNT = 1,       // PEs
	parameter GROUP_BITS = 8,
	parameter MODE_BITS = 1,
	parameter TILE_BITS = 50   // 1 + 1 + 8 + MODE_BITS + GROUP_BITS + 32
) (
	input  wire                     clk,
	input  wire                     rst,
	//Tiles
	input  wire                     tile_take,    // one more
	input  wire [3*TILE_BITS-1:0]   tiles,        // {load, half, active PEs less 1, mode, last group, pixels}, ring of 3
	output wire                     room,         // fewer than 3 are waiting
	output wire                     empty,
	input  wire [1:0]               half_full,
	output wire                     both_held,    // it has begun the tile with the newer half, the older one is not released yet
	input  wire                     release_half, // the older one is released at this edge
	//Buffer
	output wire [COUNT-1:0]         read,
	output wire [GROUP_BITS:0]      read_address,
	//Shown, behind the buffer's registers
	output wire                     valid,
	input  wire                     ready,
	output wire [MODE_BITS-1:0]     mode,
	output wire [COUNT-1:0]         active        // PEs that have weights in this tile
);
	//State
	reg [1:0] at_q, waiting_q;      // the tile being read, and how many are not read to their end
	reg inside_q;                   // its first read was done
	reg [GROUP_BITS-1:0] group_q;   // next to read
	reg [31:0] pixel_q;             // from 1
	reg [1:0] held_q;               // halves begun and not released: 0..2
	reg valid_q;
	reg [MODE_BITS-1:0] mode_q;
	reg [COUNT-1:0] active_q;

	//Control
	wire load, half;
	wire [7:0] last_pe;
	wire [MODE_BITS-1:0] tile_mode;
	wire [GROUP_BITS-1:0] last_group;
	wire [31:0] pixels;
	assign {load, half, last_pe, tile_mode, last_group, pixels} = at_q == 2'd2 ? tiles[2*TILE_BITS +: TILE_BITS] :
		at_q == 2'd1 ? tiles[TILE_BITS +: TILE_BITS] : tiles[0 +: TILE_BITS];
	wire may_begin = ~load | (half_full[half] & ~held_q[1]);
	wire go = (waiting_q != 2'd0) & (inside_q | may_begin);
	wire fire = go & (~valid_q | ready);
	wire vector_end = group_q == last_group;
	wire tile_end = fire & vector_end & (pixel_q == pixels);
	wire hold = fire & ~inside_q & load;
	wire [COUNT-1:0] tile_active;
	always @(posedge clk)
		if (rst) begin
			at_q <= 2'd0;
			waiting_q <= 2'd0;
			inside_q <= 1'b0;
			group_q <= {GROUP_BITS{1'b0}};
			pixel_q <= 32'd1;
			held_q <= 2'd0;
			valid_q <= 1'b0;
		end else begin
			if (tile_take != tile_end)
				waiting_q <= tile_take ? waiting_q + 2'd1 : waiting_q - 2'd1;
			if (tile_end)
				at_q <= at_q == 2'd2 ? 2'd0 : at_q + 2'd1;
			if (fire) begin
				inside_q <= ~tile_end;
				group_q <= vector_end ? {GROUP_BITS{1'b0}} : group_q + 1'b1;
				if (vector_end)
					pixel_q <= tile_end ? 32'd1 : pixel_q + 32'd1;
			end
			if (hold | release_half) // never both
				held_q <= hold ? held_q + 2'd1 : held_q - 2'd1;
			valid_q <= fire | (valid_q & ~ready);
		end
	always @(posedge clk)
		if (fire) begin
			mode_q <= tile_mode;
			active_q <= tile_active;
		end
	genvar p;
	generate
		for (p = 0; p < COUNT; p = p + 1) begin : g_active
			localparam [31:0] PE = FIRST + p;
			if (FIRST + p == 0) begin : g_always
				assign tile_active[p] = 1'b1;
			end else begin : g_compare
				assign tile_active[p] = last_pe >= PE[7:0];
			end
		end
		if (FIRST == 0 && COUNT == 1) begin : g_one
			// verilator lint_off UNUSED
			wire unused = ^last_pe;
			// verilator lint_on UNUSED
		end
	endgenerate
	assign read = tile_active & {COUNT{fire}};
	assign read_address = {half, group_q};
	assign room = waiting_q != 2'd3;
	assign empty = waiting_q == 2'd0;
	assign both_held = held_q[1];
	assign valid = valid_q;
	assign mode = mode_q;
	assign active = active_q;
endmodule
`default_nettype wire
