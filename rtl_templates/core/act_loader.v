`default_nettype none
// Loads the activations of tiles: walk -> runs, to axi_read and to the packer's queue of pieces -> lines, to act_buffer.
// Two tiles at most, from tile_take until the tile's last line was handed over; the second one's runs are asked for while the first one's data arrives.
// Throughput: a run and a line a cycle; runs stop for axi_read, and when all pieces' places are taken (as many as there may be bursts in flight,
// and 4 more). Back-pressure: group_packer.v.
module act_loader #(
	parameter ADDRESS_BITS = @{axi_address_bits},
	parameter BYTES = @{bus_bytes},
	parameter LINES = @{a_lines},            // of the longest group
	parameter TILE_GROUPS = @{tile_groups},  // of the longest vector
	parameter PIECES = @{axi_outstanding + 4},
	parameter INDEX_BITS = LINES > 1 ? $clog2(LINES) : 1
) (
	input  wire                    clk,
	input  wire                    rst,
	//Tiles
	input  wire                    tile_take,
	output wire                    tile_ready,
	output wire                    tiles_empty,
	// verilator lint_off UNUSED
	input  wire [2047:0]           record,
	// verilator lint_on UNUSED
	//Runs, to axi_read
	output wire                    run_valid,
	input  wire                    run_ready,
	output wire [ADDRESS_BITS-1:0] run_address,
	output wire [23:0]             run_bytes,
	output wire                    run_tag,          // 0
	//Beats, from axi_read
	input  wire                    beat_valid,
	output wire                    beat_ready,
	input  wire [8*BYTES-1:0]      beat_data,
	//Lines, to act_buffer
	output wire                    line_valid,
	input  wire                    line_ready,
	output wire [8*BYTES-1:0]      line_data,
	output wire [INDEX_BITS-1:0]   line_index,
	output wire                    line_group_end
);
	localparam LOOPS = @{tile.act_loop.count};
	localparam GROUP_BITS = $clog2(LINES * BYTES + 1);
	localparam VECTOR_BITS = $clog2(TILE_GROUPS * LINES * BYTES + 1) + 1;
	localparam OFFSET_BITS = $clog2(BYTES);

	reg [GROUP_BITS-1:0] group_bytes;
	always @*
		case (record[@{tile.mode}])
//@ for m in 0..modes-1
		4'd@{m}: group_bytes = @{mode[m].a_group_bytes};
//@ end
		default: group_bytes = {GROUP_BITS{1'b0}};
		endcase

	// the tile that waits for the generator
	reg next_valid_q;
	reg [ADDRESS_BITS-1:0] base_q;
	reg [23:0] run_bytes_q, merge_bytes_q;
	reg [15:0] merge_span_q;
	reg [95:0] axes_q;
	reg [64*LOOPS-1:0] loops_q;
	reg [GROUP_BITS-1:0] group_bytes_q;
	reg [VECTOR_BITS-1:0] vector_bytes_q;
	reg [31:0] pixels_q, fill_q;
	wire start_ready, job_ready;
	wire start = next_valid_q & start_ready & job_ready;
	always @(posedge clk) begin
		if (rst)
			next_valid_q <= 1'b0;
		else
			next_valid_q <= tile_take | (next_valid_q & ~start);
		if (tile_take) begin
			base_q <= record[@{tile.act_base.low} +: ADDRESS_BITS];
			run_bytes_q <= record[@{tile.act_run_bytes}];
			merge_bytes_q <= record[@{tile.act_merge_bytes}];
			merge_span_q <= record[@{tile.act_merge_span}];
			axes_q <= record[@{tile.act_start_0.low} +: 96];
			loops_q <= record[@{tile.act_loop}];
			group_bytes_q <= group_bytes;
			vector_bytes_q <= record[@{tile.act_vector_bytes.low} +: VECTOR_BITS];
			pixels_q <= record[@{tile.pixels}];
			fill_q <= record[@{tile.act_fill}];
		end
	end

	// tiles that are not finished
	wire line_job_end;
	wire tile_end = line_valid & line_ready & line_job_end;
	reg [1:0] tiles_q;
	always @(posedge clk)
		if (rst)
			tiles_q <= 2'd0;
		else if (tile_take != tile_end)
			tiles_q <= tile_take ? tiles_q + 2'd1 : tiles_q - 2'd1;
	assign tile_ready = ~tiles_q[1] & ~next_valid_q;
	assign tiles_empty = tiles_q == 2'd0;

	// a run goes to both queues in one cycle, fill to the pieces alone
	wire walk_valid, walk_fill, piece_ready;
	wire walk_ready = piece_ready & (walk_fill | run_ready);
	assign run_valid = walk_valid & ~walk_fill & piece_ready;
	assign run_tag = 1'b0;
	run_generator #(.LOOPS(LOOPS), .CLIP(1), .ADDRESS_BITS(ADDRESS_BITS)) generator (
		.clk(clk), .rst(rst), .start_valid(next_valid_q & job_ready), .start_ready(start_ready),
		.start_base(base_q), .start_run_bytes(run_bytes_q), .start_merge_bytes(merge_bytes_q), .start_merge_span(merge_span_q),
		.start_axes(axes_q), .start_loops(loops_q),
		// verilator lint_off PINCONNECTEMPTY
		.run_last(),
		// verilator lint_on PINCONNECTEMPTY
		.run_valid(walk_valid), .run_ready(walk_ready), .run_fill(walk_fill), .run_address(run_address), .run_bytes(run_bytes));

	group_packer #(.BYTES(BYTES), .LINES(LINES), .VECTOR_BITS(VECTOR_BITS), .VECTORS_BITS(32), .PIECES(PIECES)) packer (
		.clk(clk), .rst(rst),
		.job_valid(next_valid_q & start_ready), .job_ready(job_ready), .job_group_bytes(group_bytes_q), .job_vector_bytes(vector_bytes_q),
		.job_vectors(pixels_q), .job_pattern(fill_q), .job_tag(2'd0),
		.piece_valid(walk_valid & (walk_fill | run_ready)), .piece_ready(piece_ready), .piece_fill(walk_fill),
		.piece_offset(run_address[OFFSET_BITS-1:0]), .piece_bytes(run_bytes),
		.beat_valid(beat_valid), .beat_ready(beat_ready), .beat_data(beat_data),
		// verilator lint_off PINCONNECTEMPTY
		.line_vector_end(), .line_tag(),
		// verilator lint_on PINCONNECTEMPTY
		.line_valid(line_valid), .line_ready(line_ready), .line_data(line_data), .line_index(line_index),
		.line_group_end(line_group_end), .line_job_end(line_job_end));
endmodule
`default_nettype wire
