`default_nettype none
// Cuts the byte stream of runs into vectors, groups and lines. A job is what a loader makes of one tile; pieces (the runs) and beats come in order.
// A cycle moves all bytes up to the next end of piece, beat, line, group or vector into the line register. Behind a vector's end the rest of its group
// is the pattern, a line a cycle.
// Throughput: a full line a cycle for an aligned stream, without gaps at the ends of runs, groups, vectors and jobs. Latency: 3 cycles from
// beat to line. Back-pressure: a line waits for line_ready; behind it 2 beats, PIECES pieces and 2 jobs queue.
module group_packer #(
	parameter BYTES = 16,        // of a beat and of a line, power of two, 4 or more
	parameter LINES = 4,         // of the longest group
	parameter VECTOR_BITS = 32,  // of a vector's length; more than $clog2(BYTES)
	parameter VECTORS_BITS = 32, // of the number of vectors
	parameter PIECES = 20,       // places for pieces
	parameter GROUP_BITS = $clog2(LINES * BYTES + 1),
	parameter OFFSET_BITS = $clog2(BYTES),
	parameter INDEX_BITS = LINES > 1 ? $clog2(LINES) : 1
) (
	input  wire                    clk,
	input  wire                    rst,
	//Jobs
	input  wire                    job_valid,
	output wire                    job_ready,
	input  wire [GROUP_BITS-1:0]   job_group_bytes,
	input  wire [VECTOR_BITS-1:0]  job_vector_bytes, // ends in the vector's last group
	input  wire [VECTORS_BITS-1:0] job_vectors,
	input  wire [31:0]             job_pattern,
	input  wire [1:0]              job_tag,          // comes out with the job's lines
	//Pieces
	input  wire                    piece_valid,
	output wire                    piece_ready,
	input  wire                    piece_fill,       // of the pattern, not of beats
	input  wire [OFFSET_BITS-1:0]  piece_offset,
	input  wire [23:0]             piece_bytes,
	//Beats
	input  wire                    beat_valid,
	output wire                    beat_ready,
	input  wire [8*BYTES-1:0]      beat_data,
	//Lines
	output wire                    line_valid,
	input  wire                    line_ready,
	output wire [8*BYTES-1:0]      line_data,
	output wire [INDEX_BITS-1:0]   line_index,       // in its group
	output wire                    line_group_end,
	output wire                    line_vector_end,
	output wire                    line_job_end,
	output wire [1:0]              line_tag
);
	localparam JOB_BITS = 2 + 32 + VECTORS_BITS + VECTOR_BITS + GROUP_BITS;
	localparam ROOM_BITS = OFFSET_BITS + 1;          // 0 .. BYTES
	localparam [31:0] B = BYTES;
	localparam [ROOM_BITS-1:0] FULL = B[ROOM_BITS-1:0];

	// queues
	wire next_job_valid, next_job_ready, next_piece_valid, next_piece_ready, beat_here, beat_take;
	wire [JOB_BITS-1:0] next_job;
	wire [24+OFFSET_BITS:0] next_piece;
	wire [8*BYTES-1:0] beat;
	stream_fifo #(.WIDTH(JOB_BITS), .DEPTH(2)) jobs (.clk(clk), .rst(rst),
		.in_valid(job_valid), .in_ready(job_ready), .in({job_tag, job_pattern, job_vectors, job_vector_bytes, job_group_bytes}),
		.out_valid(next_job_valid), .out_ready(next_job_ready), .out(next_job));
	stream_fifo #(.WIDTH(25 + OFFSET_BITS), .DEPTH(PIECES)) pieces (.clk(clk), .rst(rst),
		.in_valid(piece_valid), .in_ready(piece_ready), .in({piece_fill, piece_offset, piece_bytes}),
		.out_valid(next_piece_valid), .out_ready(next_piece_ready), .out(next_piece));
	stream_fifo #(.WIDTH(8 * BYTES), .DEPTH(2)) beats (.clk(clk), .rst(rst),
		.in_valid(beat_valid), .in_ready(beat_ready), .in(beat_data),
		.out_valid(beat_here), .out_ready(beat_take), .out(beat));

	// state: job, place in it, piece under way
	reg active_q, filling_q, piece_valid_q, piece_fill_q, line_valid_q;
	reg [GROUP_BITS-1:0] group_bytes_q, group_after_q; // after: in the lines behind this one
	reg [VECTOR_BITS-1:0] vector_bytes_q, vector_rest_q;
	reg [VECTORS_BITS-1:0] vectors_q;                  // that are not finished
	reg [31:0] pattern_q;
	reg [1:0] tag_q;
	reg [ROOM_BITS-1:0] line_room_q;
	reg [OFFSET_BITS-1:0] position_q, beat_position_q;
	reg [INDEX_BITS-1:0] index_q;
	reg [23:0] piece_rest_q;

	// n: bytes of this cycle
	wire [ROOM_BITS-1:0] beat_rest = FULL - {1'b0, beat_position_q};
	wire [ROOM_BITS-1:0] piece_room = |piece_rest_q[23:OFFSET_BITS] ? FULL : {1'b0, piece_rest_q[OFFSET_BITS-1:0]};
	wire [ROOM_BITS-1:0] vector_room = |vector_rest_q[VECTOR_BITS-1:OFFSET_BITS] ? FULL : {1'b0, vector_rest_q[OFFSET_BITS-1:0]};
	wire [ROOM_BITS-1:0] target = line_room_q < vector_room ? line_room_q : vector_room;
	wire [ROOM_BITS-1:0] source = ~piece_fill_q & beat_rest < piece_room ? beat_rest : piece_room;
	wire [ROOM_BITS-1:0] n = filling_q ? {ROOM_BITS{1'b0}} : target < source ? target : source;

	wire step = active_q & (filling_q | (piece_valid_q & (piece_fill_q | beat_here))) & (~line_valid_q | line_ready);
	wire moving = step & ~filling_q;
	wire piece_done = piece_rest_q == {{(24-ROOM_BITS){1'b0}}, n};
	wire vector_over = filling_q | vector_rest_q == {{(VECTOR_BITS-ROOM_BITS){1'b0}}, n};
	wire line_done = vector_over | n == line_room_q;
	wire group_done = line_done & group_after_q == {GROUP_BITS{1'b0}};
	wire vector_done = group_done & vector_over;
	wire job_done = vector_done & vectors_q == {{(VECTORS_BITS-1){1'b0}}, 1'b1};
	assign beat_take = moving & ~piece_fill_q & (piece_done | n == beat_rest);

	// jobs
	wire job_load = next_job_valid & next_job_ready;
	assign next_job_ready = ~active_q | (step & job_done);
	always @(posedge clk)
		if (rst)
			active_q <= 1'b0;
		else if (next_job_ready)
			active_q <= next_job_valid;
	always @(posedge clk) begin
		if (job_load)
			{tag_q, pattern_q, vectors_q, vector_bytes_q, group_bytes_q} <= next_job;
		else if (step & vector_done)
			vectors_q <= vectors_q - 1'b1;
		if (job_load)
			vector_rest_q <= next_job[GROUP_BITS +: VECTOR_BITS];
		else if (step & vector_done)
			vector_rest_q <= vector_bytes_q;
		else if (moving)
			vector_rest_q <= vector_rest_q - {{(VECTOR_BITS-ROOM_BITS){1'b0}}, n};
	end

	// lines: what the next one takes, of a new group or of the rest of this one
	wire [GROUP_BITS-1:0] ahead = job_load ? next_job[GROUP_BITS-1:0] : group_done ? group_bytes_q : group_after_q;
	wire whole = |ahead[GROUP_BITS-1:OFFSET_BITS];
	wire line_start = job_load | (step & line_done);
	always @(posedge clk) begin
		if (line_start) begin
			line_room_q <= whole ? FULL : {1'b0, ahead[OFFSET_BITS-1:0]};
			group_after_q <= whole ? {ahead[GROUP_BITS-1:OFFSET_BITS] - 1'b1, ahead[OFFSET_BITS-1:0]} : {GROUP_BITS{1'b0}};
			position_q <= {OFFSET_BITS{1'b0}};
		end else if (step) begin
			line_room_q <= line_room_q - n;
			position_q <= position_q + n[OFFSET_BITS-1:0];
		end
		if (job_load | (step & group_done))
			index_q <= {INDEX_BITS{1'b0}};
		else if (step & line_done)
			index_q <= index_q + 1'b1;
		if (rst)
			filling_q <= 1'b0;
		else if (step & line_done)
			filling_q <= vector_over & ~group_done;
	end

	// pieces
	assign next_piece_ready = ~piece_valid_q | (moving & piece_done);
	always @(posedge clk)
		if (rst)
			piece_valid_q <= 1'b0;
		else if (next_piece_ready)
			piece_valid_q <= next_piece_valid;
	always @(posedge clk)
		if (next_piece_ready)
			{piece_fill_q, beat_position_q, piece_rest_q} <= next_piece;
		else if (moving) begin
			beat_position_q <= beat_position_q + n[OFFSET_BITS-1:0];
			piece_rest_q <= piece_rest_q - {{(24-ROOM_BITS){1'b0}}, n};
		end

	// the line register: bytes before the position stay, n come from the beat, all behind are the pattern
	wire [OFFSET_BITS-1:0] turn = beat_position_q - position_q;
	wire [ROOM_BITS-1:0] from_beat = piece_fill_q ? {ROOM_BITS{1'b0}} : n;
	wire [ROOM_BITS-1:0] end_position = {1'b0, position_q} + from_beat;
	wire [8*BYTES-1:0] turned, turned_in, stays, behind;
	reg [8*BYTES-1:0] line_q;
	assign {turned_in, turned} = {beat, beat} >> {turn, 3'd0};
	assign stays = ~({8*BYTES{1'b1}} << {position_q, 3'd0});
	assign behind = {8*BYTES{1'b1}} << {end_position, 3'd0};
	always @(posedge clk)
		if (step)
			line_q <= (line_q & stays) | (turned & ~stays & ~behind) | ({BYTES/4{pattern_q}} & behind);
	// verilator lint_off UNUSED
	wire unused = ^turned_in;
	// verilator lint_on UNUSED

	reg [INDEX_BITS-1:0] line_index_q;
	reg [1:0] line_tag_q;
	reg group_end_q, vector_end_q, job_end_q;
	always @(posedge clk) begin
		if (rst)
			line_valid_q <= 1'b0;
		else if (step)
			line_valid_q <= line_done;
		else if (line_ready)
			line_valid_q <= 1'b0;
		if (step) begin
			line_index_q <= index_q;
			line_tag_q <= tag_q;
			group_end_q <= group_done;
			vector_end_q <= vector_done;
			job_end_q <= job_done;
		end
	end
	assign line_valid = line_valid_q;
	assign line_data = line_q;
	assign line_index = line_index_q;
	assign line_tag = line_tag_q;
	assign line_group_end = group_end_q;
	assign line_vector_end = vector_end_q;
	assign line_job_end = job_end_q;
endmodule
`default_nettype wire
