`default_nettype none
// From the engine's results to the beats that axi_write sends (docs/core.md sections 6 and 7): collector, partial sums, output stage, packer, and the walk over
// the outputs' addresses. Throughput: LANES results a cycle. Latency: END_STAGE + 5 cycles from a step's last result to its beat. Between the collector and
// the queue of results nothing stalls: a step starts when its place in the queue is free. All outputs are functions of registers.
//
// A tile's context, 113 bits: 0 psum_in, 1 psum_out, 2 is_float, 4:3 format, 6:5 rounding, 8:7 set, 16:9 PEs less 1, 48:17 zero, 80:49 low, 112:81 high.
// A step on its way, 8 + LANES bits: 0 valid, 1 last of its pixel, 2 last of its tile, 3 psum_in, 4 psum_out, 5 is_float, 7:6 slot, then a bit a lane: active.
module output_path #(
	parameter PES = @{pes},
	parameter LANES = @{output_lanes},
	parameter OUT_BITS = @{out_bits},            // of a result
	parameter RESULT_BITS = @{result_bits},      // of a fixed one
	parameter HAS_FLOAT = @{has_float},
	parameter HAS_FIXED = @{has_fixed},
	parameter HAS_SCALE = 1,                     // fp32 out
	parameter PSUM_BUFFER = @{psum_buffer},      // pixels
	parameter PARITY = @{parity},
	parameter BYTES = @{bus_bytes},
	parameter ADDRESS_BITS = @{axi_address_bits},
	parameter PE_BITS = PES > 1 ? $clog2(PES) : 1,
	parameter PARAM_INDEX_BITS = BYTES < 8 ? 2 : 1
) (
	input  wire                        clk,
	input  wire                        rst,
	//Tiles
	input  wire                        tile_take,
	output wire                        tile_ready,
	output wire                        tiles_empty,
	input  wire [2047:0]               record,
	//Results of the engine
	input  wire [PES-1:0]              out_valid,
	output wire [PES-1:0]              out_ready,
	input  wire [PES*OUT_BITS-1:0]     out_result,
	input  wire [PES*4-1:0]            out_flags,
	//Parameters, from wgt_loader
	input  wire                        param_write,
	input  wire [1:0]                  param_write_set,
	input  wire [PE_BITS-1:0]          param_write_pe,
	input  wire [PARAM_INDEX_BITS-1:0] param_write_index, // line in the 16 bytes
	input  wire [8*BYTES-1:0]          param_write_data,
	input  wire                        param_last,        // with the last line of a set
	//Runs and beats, to axi_write: a run a pixel, its beats after each other
	output wire                        wrun_valid,
	input  wire                        wrun_ready,
	output wire [ADDRESS_BITS-1:0]     wrun_address,      // multiple of BYTES
	output wire [8:0]                  wrun_beats,
	output wire                        wbeat_valid,
	input  wire                        wbeat_ready,
	output wire [8*BYTES-1:0]          wbeat_data,        // 0 where not strobed
	output wire [BYTES-1:0]            wbeat_strobe,
	//Status
	output wire [3:0]                  flags_set,         // 3 invalid, 2 overflow, 1 underflow, 0 inexact
	output wire [4:0]                  result_take_count, // results of active PEs, taken in the cycle before
	input  wire                        parity_test,
	output wire                        parity_bad         // sticky
);
	localparam STEPS = (PES + LANES - 1) / LANES;
	localparam STEP_BITS = LANES + 8;
	localparam SUM_STAGE = HAS_FLOAT != 0 ? 5 : 3;
	localparam BIAS_STAGE = SUM_STAGE + (HAS_FLOAT != 0 ? 4 : 2);
	localparam END_STAGE = BIAS_STAGE + 7;
	localparam PLACES = END_STAGE + 3;                    // in the queue: as long as a place's way round
	localparam OFFSET_BITS = $clog2(BYTES);

	//Tiles
	wire none, begin_valid, begin_ready, walk_valid, walk_ready, tile_done;
	wire [1:0] begin_slot, tile_done_slot;
	wire [31:0] begin_pixels;
	wire [7:0] begin_pes;
	wire [2:0] params_ready;
	wire [ADDRESS_BITS-1:0] walk_base;
	wire [23:0] walk_bytes;
	wire [255:0] walk_loops;
	wire [3*113-1:0] contexts;
	reg [(END_STAGE+1)*STEP_BITS-1:STEP_BITS] steps_q;    // in cycle k of their way, from 1: at k * STEP_BITS
	wire [STEP_BITS-1:0] summed = steps_q[SUM_STAGE*STEP_BITS +: STEP_BITS];
	output_tiles #(.ADDRESS_BITS(ADDRESS_BITS)) tiles (
		.clk(clk), .rst(rst), .tile_take(tile_take), .tile_ready(tile_ready), .none(none), .record(record),
		.begin_valid(begin_valid), .begin_ready(begin_ready), .begin_slot(begin_slot), .begin_pixels(begin_pixels), .begin_pes(begin_pes),
		.set_full(param_last), .set_full_set(param_write_set), .params_ready(params_ready),
		.walk_valid(walk_valid), .walk_ready(walk_ready), .walk_base(walk_base), .walk_bytes(walk_bytes), .walk_loops(walk_loops),
		.done_sums(summed[0] & summed[2] & summed[4]), .done_sums_slot(summed[7:6]), .done_beats(tile_done), .done_beats_slot(tile_done_slot),
		.contexts(contexts));
	assign tiles_empty = none & ~wbeat_valid & ~wrun_valid;

	//Collector
	wire step_valid, step_ready, step_first, step_last, step_pixel_last;
	wire [1:0] step_slot;
	wire [LANES-1:0] step_lanes;
	wire [LANES*OUT_BITS-1:0] step_results;
	wire [3:0] engine_flags;
	collector #(.PES(PES), .LANES(LANES), .RESULT_BITS(OUT_BITS)) collect (
		.clk(clk), .rst(rst), .out_valid(out_valid), .out_ready(out_ready), .out_result(out_result), .out_flags(out_flags),
		.begin_valid(begin_valid), .begin_ready(begin_ready), .begin_slot(begin_slot), .begin_pixels(begin_pixels), .begin_pes(begin_pes),
		.step_valid(step_valid), .step_ready(step_ready), .step_results(step_results), .step_lanes(step_lanes), .step_slot(step_slot),
		.step_first(step_first), .step_last(step_last), .step_pixel_last(step_pixel_last), .flags(engine_flags), .take_count(result_take_count));

	//A step starts: to memory with parameters and a place in the queue; a tile that reads partial sums when all are written
	wire [2:0] kind = step_slot[1] ? contexts[2*113 +: 3] : step_slot[0] ? contexts[113 +: 3] : contexts[2:0];
	wire credit, sums_under_way, queue_valid, queue_ready;
	assign step_ready = (kind[1] | (credit & params_ready[step_slot])) & ~(step_first & kind[0] & sums_under_way);
	wire issue = step_valid & step_ready;
	credit_counter #(.DEPTH(PLACES)) credits (.clk(clk), .rst(rst), .take(issue & ~kind[1]), .give(queue_valid & queue_ready), .credit(credit));
	wire [STEP_BITS-1:0] step = {step_lanes, step_slot, kind[2], kind[1], kind[0], step_last, step_pixel_last, issue};
	wire leaves = summed[0] & ~summed[4];                 // goes on behind the partial sums
	always @(posedge clk)
		if (rst)
			steps_q <= {END_STAGE*STEP_BITS{1'b0}};
		else begin
			steps_q <= {steps_q[END_STAGE*STEP_BITS-1:STEP_BITS], step};
			steps_q[(SUM_STAGE+1)*STEP_BITS] <= leaves;
		end

	//Partial sums, output stage
	wire [LANES*OUT_BITS-1:0] sums;
	wire [LANES*32-1:0] bias, multiplier, words;
	wire [LANES*6-1:0] shift;
	wire [3:0] psum_flags, bias_flags, end_flags;
	partial_sums #(
		.LANES(LANES), .STEPS(STEPS), .PIXELS(PSUM_BUFFER), .RESULT_BITS(RESULT_BITS), .OUT_BITS(OUT_BITS), .HAS_FLOAT(HAS_FLOAT), .HAS_FIXED(HAS_FIXED),
		.PARITY(PARITY), .STAGES(SUM_STAGE), .STEP_BITS(STEP_BITS)
	) psum (
		.clk(clk), .rst(rst), .parity_test(parity_test), .parity_bad(parity_bad), .in(step), .steps(steps_q[(SUM_STAGE+1)*STEP_BITS-1:STEP_BITS]), .results(step_results),
		.under_way(sums_under_way), .sums(sums), .flags(psum_flags));
	wire [STEP_BITS-1:0] bias_step = steps_q[(SUM_STAGE-2)*STEP_BITS +: STEP_BITS];
	wire [STEP_BITS-1:0] factor_step = steps_q[(BIAS_STAGE-1)*STEP_BITS +: STEP_BITS];
	wire [5:0] sets = {contexts[2*113+7 +: 2], contexts[113+7 +: 2], contexts[7 +: 2]};
	params #(.PES(PES), .LANES(LANES), .BYTES(BYTES), .HAS_SHIFT(HAS_FIXED)) parameters (
		.clk(clk), .rst(rst), .write(param_write), .write_set(param_write_set), .write_pe(param_write_pe), .write_index(param_write_index),
		.write_data(param_write_data), .bias_read(bias_step[0] & ~bias_step[4]), .bias_set(sets[2*bias_step[7:6] +: 2]), .bias_pixel_last(bias_step[1]),
		.bias(bias), .factor_read(factor_step[0]), .factor_set(sets[2*factor_step[7:6] +: 2]), .factor_pixel_last(factor_step[1]),
		.multiplier(multiplier), .shift(shift));
	output_stage #(
		.LANES(LANES), .OUT_BITS(OUT_BITS), .HAS_FLOAT(HAS_FLOAT), .HAS_FIXED(HAS_FIXED), .HAS_SCALE(HAS_SCALE), .SUM_STAGE(SUM_STAGE),
		.BIAS_STAGE(BIAS_STAGE), .STEP_BITS(STEP_BITS)
	) stage (
		.clk(clk), .steps(steps_q), .contexts(contexts), .results(sums), .bias(bias), .multiplier(multiplier), .shift(shift),
		.words(words), .sum_flags(bias_flags), .end_flags(end_flags));
	reg [3:0] flags_q;
	always @(posedge clk)
		if (rst)
			flags_q <= 4'd0;
		else
			flags_q <= psum_flags | bias_flags | end_flags;
	assign flags_set = engine_flags | flags_q;

	//Queue of results
	wire [STEP_BITS-1:0] ended = steps_q[END_STAGE*STEP_BITS +: STEP_BITS];
	wire [5:0] formats = {contexts[2*113+3 +: 2], contexts[113+3 +: 2], contexts[3 +: 2]};
	reg [4:0] ended_lanes;
	integer i;
	always @* begin
		ended_lanes = 5'd0;
		for (i = 0; i < LANES; i = i + 1)
			ended_lanes = ended_lanes + {4'd0, ended[8+i]};
	end
	wire [11+32*LANES-1:0] head;
	result_queue #(.WIDTH(11 + 32 * LANES), .DEPTH(PLACES)) queue (
		.clk(clk), .rst(rst), .push(ended[0]), .in({words, ended_lanes, formats[2*ended[7:6] +: 2], ended[1], ended[2], ended[7:6]}),
		.out_valid(queue_valid), .out_ready(queue_ready), .out(head));
	// verilator lint_off UNUSED
	wire [3*STEP_BITS-1:0] unused = {bias_step, factor_step, ended};
	wire unused_summed = ^summed;
	// verilator lint_on UNUSED

	//Runs
	wire run_valid, wrun_room, offset_room, offset_valid, offset_ready;
	wire [ADDRESS_BITS-1:0] run_address;
	// verilator lint_off UNUSED
	wire [23:0] run_bytes;
	wire [9+OFFSET_BITS-1:0] run_end = {{OFFSET_BITS{1'b0}}, run_bytes[8:0]} + {9'd0, run_address[OFFSET_BITS-1:0]} + {9'd0, {OFFSET_BITS{1'b1}}};
	// verilator lint_on UNUSED
	wire run_ready = wrun_room & offset_room;
	run_generator #(.LOOPS(@{tile.out_loop.count}), .CLIP(0), .ADDRESS_BITS(ADDRESS_BITS)) generator (
		.clk(clk), .rst(rst), .start_valid(walk_valid), .start_ready(walk_ready), .start_base(walk_base), .start_run_bytes(walk_bytes),
		.start_merge_bytes(24'd0), .start_merge_span(16'd0), .start_axes(96'd0), .start_loops(walk_loops),
		// verilator lint_off PINCONNECTEMPTY
		.run_fill(), .run_last(),
		// verilator lint_on PINCONNECTEMPTY
		.run_valid(run_valid), .run_ready(run_ready), .run_address(run_address), .run_bytes(run_bytes));
	wire [ADDRESS_BITS-OFFSET_BITS-1:0] wrun_beat;
	stream_fifo #(.WIDTH(9 + ADDRESS_BITS - OFFSET_BITS), .DEPTH(2)) runs (
		.clk(clk), .rst(rst), .in_valid(run_valid & offset_room), .in_ready(wrun_room),
		.in({run_end[OFFSET_BITS +: 9], run_address[ADDRESS_BITS-1:OFFSET_BITS]}),
		.out_valid(wrun_valid), .out_ready(wrun_ready), .out({wrun_beats, wrun_beat}));
	assign wrun_address = {wrun_beat, {OFFSET_BITS{1'b0}}};
	wire [OFFSET_BITS-1:0] offset;
	stream_fifo #(.WIDTH(OFFSET_BITS), .DEPTH(2)) offsets (
		.clk(clk), .rst(rst), .in_valid(run_valid & wrun_room), .in_ready(offset_room), .in(run_address[OFFSET_BITS-1:0]),
		.out_valid(offset_valid), .out_ready(offset_ready), .out(offset));

	//Beats
	result_packer #(.LANES(LANES), .BYTES(BYTES)) packer (
		.clk(clk), .rst(rst), .step_valid(queue_valid), .step_ready(queue_ready), .step_words(head[11 +: 32*LANES]), .step_lanes(head[10:6]),
		.step_format(head[5:4]), .step_pixel_last(head[3]), .step_tile_last(head[2]), .step_slot(head[1:0]),
		.offset_valid(offset_valid), .offset_ready(offset_ready), .offset(offset), .wbeat_valid(wbeat_valid), .wbeat_ready(wbeat_ready),
		.wbeat_data(wbeat_data), .wbeat_strobe(wbeat_strobe), .tile_done(tile_done), .tile_done_slot(tile_done_slot));
endmodule
`default_nettype wire
