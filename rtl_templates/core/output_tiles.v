`default_nettype none
// Tiles of the output path: three slots, given out in turn. A tile holds its slot until its last beat has gone to the packer's FIFO, or its last partial sum
// to memory (done_*). What the blocks need of a slot's record stands at `contexts` all the while; the walk over the outputs goes to the run generator through
// a queue. Latency from tile_take to begin_valid and walk_valid: one cycle.
// Of the tiles taken at most two may wait for their parameters (wgt_loader's queue): so a set is never asked for again before it was loaded and used.
module output_tiles #(
	parameter ADDRESS_BITS = @{axi_address_bits}
) (
	input  wire                    clk,
	input  wire                    rst,
	//Tiles
	input  wire                    tile_take,
	output wire                    tile_ready,
	output wire                    none,          // no slot is held
	// verilator lint_off UNUSED
	input  wire [2047:0]           record,
	// verilator lint_on UNUSED
	//Collector
	output wire                    begin_valid,   // a tile that it has not begun
	input  wire                    begin_ready,
	output wire [1:0]              begin_slot,
	output wire [31:0]             begin_pixels,
	output wire [7:0]              begin_pes,     // active PEs, less 1
	//Parameters
	input  wire                    set_full,      // pulse: the last line of a set was written
	input  wire [1:0]              set_full_set,
	output wire [2:0]              params_ready,  // slot: its parameters are there
	//Walk over the outputs, of tiles that have any
	output wire                    walk_valid,
	input  wire                    walk_ready,
	output wire [ADDRESS_BITS-1:0] walk_base,
	output wire [23:0]             walk_bytes,    // of a pixel
	output wire [255:0]            walk_loops,
	//End
	input  wire                    done_sums,     // the slot's last partial sums were written
	input  wire [1:0]              done_sums_slot,
	input  wire                    done_beats,    // the slot's last beat has left
	input  wire [1:0]              done_beats_slot,
	//Slots
	output wire [3*113-1:0]        contexts       // output_path.v says what is where
);
	localparam WALK_BITS = ADDRESS_BITS + 9 + 4 * 48;

	reg [2:0] busy_q, waiting_q;
	reg [1:0] take_q, begin_q;                    // slots of the next tile_take and of the next to begin
	wire begins = begin_valid & begin_ready;
	wire [2:0] take_here = {take_q == 2'd2, take_q == 2'd1, take_q == 2'd0} & {3{tile_take}};
	wire [2:0] begin_here = {begin_q == 2'd2, begin_q == 2'd1, begin_q == 2'd0} & {3{begins}};
	wire [2:0] sums_here = {done_sums_slot == 2'd2, done_sums_slot == 2'd1, done_sums_slot == 2'd0} & {3{done_sums}};
	wire [2:0] beats_here = {done_beats_slot == 2'd2, done_beats_slot == 2'd1, done_beats_slot == 2'd0} & {3{done_beats}};
	always @(posedge clk)
		if (rst) begin
			busy_q <= 3'd0;
			waiting_q <= 3'd0;
			take_q <= 2'd0;
			begin_q <= 2'd0;
		end else begin
			busy_q <= (busy_q & ~sums_here & ~beats_here) | take_here;
			waiting_q <= (waiting_q & ~begin_here) | take_here;
			if (tile_take)
				take_q <= take_q[1] ? 2'd0 : take_q + 2'd1;
			if (begins)
				begin_q <= begin_q[1] ? 2'd0 : begin_q + 2'd1;
		end
	wire walk_room;
	assign tile_ready = ~(take_q[1] ? busy_q[2] : take_q[0] ? busy_q[1] : busy_q[0]) & walk_room;
	assign none = busy_q == 3'd0;

	// parameter sets follow each other with the tiles that load; a set is full from its last line to the next tile that loads it
	reg [1:0] set_q;                              // of the last tile
	reg [3:0] full_q;
	wire load = record[@{tile.load_params}];
	wire [1:0] set = set_q + {1'b0, load};
	wire [3:0] filled = {4{set_full}} & (4'd1 << set_full_set);
	wire [3:0] emptied = {4{tile_take & load}} & (4'd1 << set);
	always @(posedge clk)
		if (rst) begin
			set_q <= 2'd3;
			full_q <= 4'hf;
		end else begin
			if (tile_take)
				set_q <= set;
			full_q <= (full_q | filled) & ~emptied;
		end

	reg is_float;
	always @*
		case (record[@{tile.mode}])
//@ for m in 0..modes-1
		4'd@{m}: is_float = 1'b@{mode[m].is_float}; // @{mode[m].name}
//@ end
		default: is_float = 1'b0;
		endcase
	wire [112:0] fields = {record[@{tile.clamp_high}], record[@{tile.clamp_low}], record[@{tile.zero_out}], record[@{tile.pes_less_1}],
		set, record[@{tile.rounding}], record[@{tile.format}], is_float, record[@{tile.psum_out}], record[@{tile.psum_in}]};
	reg [3*113-1:0] contexts_q;
	reg [3*32-1:0] pixels_q;
	genvar s;
	generate
		for (s = 0; s < 3; s = s + 1) begin : g_slot
			always @(posedge clk)
				if (take_here[s]) begin
					contexts_q[s*113 +: 113] <= fields;
					pixels_q[s*32 +: 32] <= record[@{tile.pixels}];
				end
			assign params_ready[s] = full_q[contexts_q[s*113+7 +: 2]];
		end
	endgenerate
	assign contexts = contexts_q;
	assign begin_valid = begin_q[1] ? waiting_q[2] : begin_q[0] ? waiting_q[1] : waiting_q[0];
	assign begin_slot = begin_q;
	assign begin_pixels = begin_q[1] ? pixels_q[95:64] : begin_q[0] ? pixels_q[63:32] : pixels_q[31:0];
	assign begin_pes = begin_q[1] ? contexts_q[2*113+9 +: 8] : begin_q[0] ? contexts_q[113+9 +: 8] : contexts_q[9 +: 8];

	// bytes of a pixel follow from PEs and format, so that runs and results always agree
	wire [8:0] pes = {1'b0, record[@{tile.pes_less_1}]} + 9'd1;
	wire [1:0] format = record[@{tile.format}];
	wire [8:0] bytes = format[1] ? {pes[6:0], 2'b0} : format[0] ? {pes[7:0], 1'b0} : pes;
	wire [WALK_BITS-1:0] walk_in, walk;
	assign walk_in[ADDRESS_BITS+8:0] = {bytes, record[@{tile.out_base.low} +: ADDRESS_BITS]};
	stream_fifo #(.WIDTH(WALK_BITS), .DEPTH(2)) walks (
		.clk(clk), .rst(rst), .in_valid(tile_take & ~record[@{tile.psum_out}]), .in_ready(walk_room), .in(walk_in),
		.out_valid(walk_valid), .out_ready(walk_ready), .out(walk));
	assign walk_base = walk[ADDRESS_BITS-1:0];
	assign walk_bytes = {15'd0, walk[ADDRESS_BITS +: 9]};
	generate
		for (s = 0; s < @{tile.out_loop.count}; s = s + 1) begin : g_loop // count and stride; there is nothing else
			assign walk_in[ADDRESS_BITS+9+48*s +: 48] = {record[@{tile.out_loop.low}+64*s+32 +: 32], record[@{tile.out_loop.low}+64*s +: 16]};
			assign walk_loops[64*s +: 64] = {walk[ADDRESS_BITS+9+48*s+16 +: 32], 16'd0, walk[ADDRESS_BITS+9+48*s +: 16]};
		end
	endgenerate
endmodule
`default_nettype wire
