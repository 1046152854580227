`default_nettype none
// Shows the groups of act_buffer to the engine, tile by tile: pixels * groups beats a tile with the tile's mode and zero point, and the slots wired from the
// group's bytes as the mode wants them. A tile waits in a queue of 3, its entry until the engine has taken the last beat.
// Throughput: a beat a cycle, also from tile to tile. Latency: none behind group_valid; valid, last and words are wires from registers of this
// block and of act_buffer, group_take is a wire from act_ready.
module act_reader #(
	parameter N = @{n},
	parameter SLOT_BITS = @{a_slot_bits},
	parameter LINES = @{a_lines},           // of the longest group
	parameter BYTES = @{bus_bytes},         // of a line
	parameter TILE_GROUPS = @{tile_groups}, // of the longest vector
	parameter MODE_BITS = @{mode_bits},
	parameter ZERO_BITS = @{zero_bits}
) (
	input  wire                     clk,
	input  wire                     rst,
	//Tiles
	input  wire                     tile_take,
	output wire                     tile_ready,
	output wire                     tiles_empty,
	// verilator lint_off UNUSED
	input  wire [2047:0]            record,
	// verilator lint_on UNUSED
	//Groups, from act_buffer
	input  wire                     group_valid,
	output wire                     group_take,
	input  wire [LINES*8*BYTES-1:0] group_data,
	//Beats, to the engine
	output wire                     act_valid,
	input  wire                     act_ready,
	output wire [N*SLOT_BITS-1:0]   act,
	output wire                     act_last,
	output wire [MODE_BITS-1:0]     act_mode,
	output wire [ZERO_BITS-1:0]     act_zero
);
	localparam GROUP_BITS = TILE_GROUPS > 1 ? $clog2(TILE_GROUPS) : 1;
	localparam TILE_BITS = MODE_BITS + ZERO_BITS + GROUP_BITS + 32;

	//Tiles
	wire [31:0] groups_less_1 = record[@{tile.groups}] - 32'd1;
	// verilator lint_off UNUSED
	wire unused = ^groups_less_1;
	// verilator lint_on UNUSED
	wire tile_valid, tile_end;
	wire [31:0] pixels;
	wire [GROUP_BITS-1:0] last_group;
	stream_fifo #(.WIDTH(TILE_BITS), .DEPTH(3)) tiles (
		.clk(clk), .rst(rst), .in_valid(tile_take), .in_ready(tile_ready),
		.in({record[@{tile.mode.low} +: MODE_BITS], record[@{tile.act_zero.low} +: ZERO_BITS], groups_less_1[GROUP_BITS-1:0], record[@{tile.pixels}]}),
		.out_valid(tile_valid), .out_ready(tile_end), .out({act_mode, act_zero, last_group, pixels})
	);
	assign tiles_empty = ~tile_valid;

	//State: where the beat shown is in its tile
	reg [GROUP_BITS-1:0] group_q;
	reg [31:0] pixel_q; // from 1
	wire vector_end = group_q == last_group;
	assign act_valid = tile_valid & group_valid;
	assign group_take = act_valid & act_ready;
	assign tile_end = group_take & vector_end & (pixel_q == pixels);
	always @(posedge clk)
		if (rst) begin
			group_q <= {GROUP_BITS{1'b0}};
			pixel_q <= 32'd1;
		end else if (group_take) begin
			group_q <= vector_end ? {GROUP_BITS{1'b0}} : group_q + 1'b1;
			if (vector_end)
				pixel_q <= tile_end ? 32'd1 : pixel_q + 32'd1;
		end
	assign act_last = vector_end;

	//Words
	localparam [@{24*modes-1}:0] LAYOUTS = @{24*modes}'d0
//@ for m in 0..modes-1
//@ if mode[m].pack == 1
		| @{24*modes}'d@{65536 + 256*min(8*mode[m].a_bytes, a_slot_bits) + mode[m].a_bytes} << @{24*m} // @{mode[m].name}
//@ else
		| @{24*modes}'d@{65536*mode[m].pack + 256*mode[m].a_bits + mode[m].a_bytes} << @{24*m} // @{mode[m].name}
//@ end
//@ end
		;
	group_words #(
		.N(N), .SLOT_BITS(SLOT_BITS), .DATA_BITS(LINES * 8 * BYTES), .MODES(@{modes}), .MODE_BITS(MODE_BITS), .LAYOUTS(LAYOUTS)
	) group_words (.on(1'b1), .mode(act_mode), .data(group_data), .words(act));
endmodule
`default_nettype wire
