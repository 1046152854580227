`default_nettype none
// Shows the groups of wgt_buffer to the engine: for each pixel of a tile the tile's groups, from the half that holds its weights; PEs that a tile does not use get
// zeros. One walk reads for all PEs; with array_fifo each PE has its own, and they may be in different tiles. A tile waits in a queue of 3 until its last
// group was read by all. A half is released when all walks have begun the next tile that brought weights.
// Throughput: a beat a cycle, also from tile to tile. Latency: 2 cycles from tile_take. wgt_valid and words are wires from registers of this block and of
// wgt_buffer; `read` is a wire from wgt_ready.
module wgt_reader #(
	parameter N = @{n},
	parameter PES = @{pes},
	parameter SLOT_BITS = @{w_slot_bits},
	parameter LINES = @{w_lines},            // of the longest group
	parameter BYTES = @{bus_bytes},          // of a line
	parameter DEPTH = @{wgt_buffer},         // groups a PE in both halves
	parameter MODE_BITS = @{mode_bits},
//@ if array_fifo > 0
	parameter READERS = PES,                 // walks
//@ else
	parameter READERS = 1,                   // walks
//@ end
	parameter GROUP_BITS = $clog2(DEPTH / 2)
) (
	input  wire                              clk,
	input  wire                              rst,
	//Tiles
	input  wire                              tile_take,
	output wire                              tile_ready,
	output wire                              tiles_empty,
	// verilator lint_off UNUSED
	input  wire [2047:0]                     record,
	// verilator lint_on UNUSED
	//Buffer
	input  wire [1:0]                        half_full,
	output wire [1:0]                        half_clear,   // pulses
	output wire [PES-1:0]                    read,
	output wire [READERS*(GROUP_BITS+1)-1:0] read_address, // of walk r: {half, group}
	input  wire [PES*LINES*8*BYTES-1:0]      data,
	//Beats, to the engine
	output wire [PES-1:0]                    wgt_valid,
	input  wire [PES-1:0]                    wgt_ready,    // all alike with one walk
	output wire [PES*N*SLOT_BITS-1:0]        wgt
);
	localparam TILE_BITS = 1 + 1 + 8 + MODE_BITS + GROUP_BITS + 32;
	localparam EACH = PES / READERS;  // PEs of a walk

	//State
	reg [3*TILE_BITS-1:0] tiles_q;
	reg [1:0] put_q;
	reg half_q;       // of the weights loaded last
	reg oldest_q;     // half that is released next
	wire load = record[@{tile.load_weights.low}];
	wire half = half_q ^ load;
	wire [31:0] groups_less_1 = record[@{tile.groups}] - 32'd1;
	// verilator lint_off UNUSED
	wire unused = ^groups_less_1;
	// verilator lint_on UNUSED
	wire [READERS-1:0] room, empty, both_held;
	wire release_half = &both_held;
	always @(posedge clk)
		if (rst) begin
			put_q <= 2'd0;
			half_q <= 1'b1;
			oldest_q <= 1'b0;
		end else begin
			if (tile_take) begin
				put_q <= put_q == 2'd2 ? 2'd0 : put_q + 2'd1;
				half_q <= half;
			end
			oldest_q <= oldest_q ^ release_half;
		end
	always @(posedge clk)
		if (tile_take)
			tiles_q[put_q*TILE_BITS +: TILE_BITS] <= {load, half, record[@{tile.pes_less_1}], record[@{tile.mode.low} +: MODE_BITS],
				groups_less_1[GROUP_BITS-1:0], record[@{tile.pixels}]};
	assign tile_ready = &room;
	assign tiles_empty = &empty;
	assign half_clear = {release_half & oldest_q, release_half & ~oldest_q};

	//Words
	localparam [@{24*modes-1}:0] LAYOUTS = @{24*modes}'d0
//@ for m in 0..modes-1
//@ if mode[m].pack == 1
		| @{24*modes}'d@{65536 + 256*min(8*mode[m].w_bytes, w_slot_bits) + mode[m].w_bytes} << @{24*m} // @{mode[m].name}
//@ else
		| @{24*modes}'d@{65536*mode[m].pack + 256*mode[m].w_bits + mode[m].w_bytes} << @{24*m} // @{mode[m].name}
//@ end
//@ end
		;
	genvar r, p;
	generate
		for (r = 0; r < READERS; r = r + 1) begin : g_walk
			wire valid;
			wire [MODE_BITS-1:0] mode;
			wire [EACH-1:0] active;
			wgt_walk #(.FIRST(r * EACH), .COUNT(EACH), .GROUP_BITS(GROUP_BITS), .MODE_BITS(MODE_BITS), .TILE_BITS(TILE_BITS)) walk (
				.clk(clk), .rst(rst), .tile_take(tile_take), .tiles(tiles_q), .room(room[r]), .empty(empty[r]), .half_full(half_full),
				.both_held(both_held[r]), .release_half(release_half), .read(read[r*EACH +: EACH]),
				.read_address(read_address[r*(GROUP_BITS+1) +: GROUP_BITS+1]), .valid(valid), .ready(wgt_ready[r*EACH]), .mode(mode),
				.active(active)
			);
			assign wgt_valid[r*EACH +: EACH] = {EACH{valid}};
			for (p = r * EACH; p < (r + 1) * EACH; p = p + 1) begin : g_pe
				group_words #(
					.N(N), .SLOT_BITS(SLOT_BITS), .DATA_BITS(LINES * 8 * BYTES), .MODES(@{modes}), .MODE_BITS(MODE_BITS), .LAYOUTS(LAYOUTS)
				) group_words (
					.on(active[p-r*EACH]), .mode(mode), .data(data[p*LINES*8*BYTES +: LINES*8*BYTES]), .words(wgt[p*N*SLOT_BITS +: N*SLOT_BITS])
				);
			end
		end
	endgenerate
endmodule
`default_nettype wire
