`default_nettype none
// Loads tiles' parameters (load_params) and then their weights (load_weights): runs, to read_arbiter -> lines, written to the output stage's parameters and to wgt_buffer.
// Two tiles at most, from tile_take until the tile's last line was written; a tile that loads nothing is not queued. Requests run ahead, also of the next
// tile; the first line of a tile's weights waits for half_full of its half to be 0. Halves alternate with the tiles that load weights; parameter sets
// 0..3 follow each other with those that load parameters.
// Throughput: a line a cycle; between tiles no cycle is lost when beats are there and the half is free. Writes are always taken.
module wgt_loader #(
	parameter ADDRESS_BITS = @{axi_address_bits},
	parameter BYTES = @{bus_bytes},
	parameter LINES = @{w_lines},            // of the longest group
	parameter TILE_GROUPS = @{tile_groups},  // of the longest vector
	parameter DEPTH = @{wgt_buffer},         // groups in both halves
	parameter PES = @{pes},
	parameter PIECES = @{axi_outstanding + 4},
	parameter PE_BITS = PES > 1 ? $clog2(PES) : 1,
	parameter GROUP_BITS = $clog2(DEPTH / 2),
	parameter INDEX_BITS = LINES > 1 ? $clog2(LINES) : 1,
	parameter PARAM_INDEX_BITS = BYTES < 8 ? 2 : 1
) (
	input  wire                        clk,
	input  wire                        rst,
	//Tiles
	input  wire                        tile_take,
	output wire                        tile_ready,
	output wire                        tiles_empty,
	// verilator lint_off UNUSED
	input  wire [2047:0]               record,
	// verilator lint_on UNUSED
	//Runs, to read_arbiter
	output wire                        run_valid,
	input  wire                        run_ready,
	output wire [ADDRESS_BITS-1:0]     run_address,
	output wire [23:0]                 run_bytes,
	//Beats, from read_arbiter
	input  wire                        beat_valid,
	output wire                        beat_ready,
	input  wire [8*BYTES-1:0]          beat_data,
	//Weights, to wgt_buffer
	input  wire [1:0]                  half_full,
	output wire [1:0]                  half_set,        // with the last line of a tile's weights
	output wire                        wgt_write,
	output wire [PE_BITS-1:0]          wgt_write_pe,
	output wire                        wgt_write_half,
	output wire [GROUP_BITS-1:0]       wgt_write_group,
	output wire [INDEX_BITS-1:0]       wgt_write_index, // line in the group
	output wire [8*BYTES-1:0]          wgt_write_data,
	//Parameters
	output wire                        param_write,
	output wire [1:0]                  param_write_set,
	output wire [PE_BITS-1:0]          param_write_pe,
	output wire [PARAM_INDEX_BITS-1:0] param_write_index, // line in the 16 bytes
	output wire [8*BYTES-1:0]          param_write_data,
	output wire                        param_last       // with the last line of a set
);
	localparam LOOPS = @{tile.wgt_loop.count};
	localparam PARAM_LINES = BYTES < 16 ? 16 / BYTES : 1;
	localparam PACKER_LINES = LINES > PARAM_LINES ? LINES : PARAM_LINES;
	localparam LENGTH_BITS = $clog2(PACKER_LINES * BYTES + 1); // of a group's
	localparam LINE_BITS = PACKER_LINES > 1 ? $clog2(PACKER_LINES) : 1;
	localparam VECTOR_BITS = $clog2(TILE_GROUPS * PACKER_LINES * BYTES + 1) + 1;
	localparam OFFSET_BITS = $clog2(BYTES);
	localparam [31:0] ENTRY = 16;               // bytes of a PE's parameters

	reg [LENGTH_BITS-1:0] group_bytes;
	always @*
		case (record[@{tile.mode}])
//@ for m in 0..modes-1
		4'd@{m}: group_bytes = @{mode[m].w_group_bytes};
//@ end
		default: group_bytes = {LENGTH_BITS{1'b0}};
		endcase

	// the tile that is asked for: first its parameters, then its weights
	wire load_params = tile_take & record[@{tile.load_params}];
	wire load_weights = tile_take & record[@{tile.load_weights}];
	reg params_wait_q, weights_wait_q;
	reg [ADDRESS_BITS-1:0] params_base_q, base_q;
	reg [23:0] run_bytes_q;
	reg [64*LOOPS-1:0] loops_q;
	reg [LENGTH_BITS-1:0] group_bytes_q;
	reg [VECTOR_BITS-1:0] vector_bytes_q;
	reg [7:0] pes_q;
	wire walk_ready, piece_ready, job_ready;
	wire params_ask = params_wait_q & walk_ready & job_ready;       // the walk is idle: walk_ready
	wire params_asked = params_ask & piece_ready & run_ready;
	wire weights_ask = ~params_wait_q & weights_wait_q & walk_ready & job_ready;
	always @(posedge clk) begin
		if (rst) begin
			params_wait_q <= 1'b0;
			weights_wait_q <= 1'b0;
		end else begin
			params_wait_q <= load_params | (params_wait_q & ~params_asked);
			weights_wait_q <= load_weights | (weights_wait_q & ~weights_ask);
		end
		if (tile_take) begin
			params_base_q <= record[@{tile.params_base.low} +: ADDRESS_BITS];
			base_q <= record[@{tile.wgt_base.low} +: ADDRESS_BITS];
			run_bytes_q <= record[@{tile.wgt_run_bytes}];
			loops_q <= record[@{tile.wgt_loop}];
			group_bytes_q <= group_bytes;
			vector_bytes_q <= record[@{tile.wgt_vector_bytes.low} +: VECTOR_BITS];
			pes_q <= record[@{tile.pes_less_1}] + 8'd1;
		end
	end

	wire walk_valid;
	wire [ADDRESS_BITS-1:0] walk_address;
	wire [23:0] walk_bytes;
	run_generator #(.LOOPS(LOOPS), .CLIP(0), .ADDRESS_BITS(ADDRESS_BITS)) generator (
		.clk(clk), .rst(rst), .start_valid(weights_ask), .start_ready(walk_ready),
		.start_base(base_q), .start_run_bytes(run_bytes_q), .start_merge_bytes(24'd0), .start_merge_span(16'd0), .start_axes(96'd0), .start_loops(loops_q),
		// verilator lint_off PINCONNECTEMPTY
		.run_fill(), .run_last(),
		// verilator lint_on PINCONNECTEMPTY
		.run_valid(walk_valid), .run_ready(piece_ready & run_ready), .run_address(walk_address), .run_bytes(walk_bytes));
	wire run_here = walk_valid | params_ask;
	assign run_valid = run_here & piece_ready;
	assign run_address = walk_valid ? walk_address : params_base_q;
	assign run_bytes = walk_valid ? walk_bytes : {12'd0, pes_q, 4'd0};

	wire line_valid, line_vector_end, line_group_end, line_job_end;
	wire [LINE_BITS-1:0] line_index;
	wire [1:0] line_tag;
	wire [8*BYTES-1:0] line_data;
	wire line_ready;
	group_packer #(.BYTES(BYTES), .LINES(PACKER_LINES), .VECTOR_BITS(VECTOR_BITS), .VECTORS_BITS(8), .PIECES(PIECES)) packer (
		.clk(clk), .rst(rst),
		.job_valid(weights_ask | params_asked), .job_ready(job_ready),
		.job_group_bytes(params_wait_q ? ENTRY[LENGTH_BITS-1:0] : group_bytes_q), .job_vector_bytes(params_wait_q ? ENTRY[VECTOR_BITS-1:0] : vector_bytes_q),
		.job_vectors(pes_q), .job_pattern(32'd0), .job_tag({~(params_wait_q & weights_wait_q), params_wait_q}), // the tile's last job; parameters
		.piece_valid(run_here & run_ready), .piece_ready(piece_ready), .piece_fill(1'b0),
		.piece_offset(run_address[OFFSET_BITS-1:0]), .piece_bytes(run_bytes),
		.beat_valid(beat_valid), .beat_ready(beat_ready), .beat_data(beat_data),
		.line_valid(line_valid), .line_ready(line_ready), .line_data(line_data), .line_index(line_index),
		.line_group_end(line_group_end), .line_vector_end(line_vector_end), .line_job_end(line_job_end), .line_tag(line_tag));

	// where lines go
	reg half_q, half_free_q;  // free: half_q is ours to write
	reg [1:0] set_q;
	reg [PE_BITS-1:0] pe_q;
	reg [GROUP_BITS-1:0] group_q;
	wire is_param = line_tag[0];
	wire write = line_valid & line_ready;
	assign line_ready = is_param | half_free_q;
	assign wgt_write = write & ~is_param;
	assign param_write = write & is_param;
	wire half_done = wgt_write & line_job_end;
	always @(posedge clk)
		if (rst) begin
			half_q <= 1'b0;
			half_free_q <= 1'b0;
			set_q <= 2'd0;
			pe_q <= {PE_BITS{1'b0}};
			group_q <= {GROUP_BITS{1'b0}};
		end else begin
			half_q <= half_q ^ half_done;
			half_free_q <= half_done ? ~half_full[~half_q] : half_free_q | ~half_full[half_q];
			set_q <= set_q + {1'b0, param_write & line_job_end};
			if (write & line_job_end)
				pe_q <= {PE_BITS{1'b0}};
			else if (write & line_vector_end)
				pe_q <= pe_q + 1'b1;
			if (write & line_vector_end)
				group_q <= {GROUP_BITS{1'b0}};
			else if (write & line_group_end)
				group_q <= group_q + 1'b1;
		end
	assign half_set = {half_done & half_q, half_done & ~half_q};
	assign wgt_write_pe = pe_q;
	assign wgt_write_half = half_q;
	assign wgt_write_group = group_q;
	assign wgt_write_index = line_index[INDEX_BITS-1:0];
	assign wgt_write_data = line_data;
	assign param_write_set = set_q;
	assign param_write_pe = pe_q;
	assign param_write_index = line_index[PARAM_INDEX_BITS-1:0];
	assign param_write_data = line_data;
	assign param_last = param_write & line_job_end;

	// tiles that are not finished
	wire tile_in = load_params | load_weights;
	wire tile_end = write & line_job_end & line_tag[1];
	reg [1:0] tiles_q;
	always @(posedge clk)
		if (rst)
			tiles_q <= 2'd0;
		else if (tile_in != tile_end)
			tiles_q <= tile_in ? tiles_q + 2'd1 : tiles_q - 2'd1;
	assign tile_ready = ~tiles_q[1] & ~params_wait_q & ~weights_wait_q;
	assign tiles_empty = tiles_q == 2'd0;
endmodule
`default_nettype wire
