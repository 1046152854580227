`default_nettype none
// Results to beats: a pixel's results stand byte after byte from the pixel's address on; its first one begins a beat, its last one ends one.
// Throughput: a step a cycle, and one cycle more for a pixel whose last step ends in another beat than it began in. Latency: two cycles from step to beat.
// Back-pressure: all stands still while the queue of two beats is full. Outputs are functions of registers.
module result_packer #(
	parameter LANES = 1,
	parameter BYTES = 8       // of a beat, at least 4 * LANES
) (
	input  wire                      clk,
	input  wire                      rst,
	//Steps
	input  wire                      step_valid,
	output wire                      step_ready,
	input  wire [32*LANES-1:0]       step_words,
	input  wire [4:0]                step_lanes,      // 1 to LANES
	input  wire [1:0]                step_format,     // 0, 1: results of 1, 2 bytes; else 4
	input  wire                      step_pixel_last,
	input  wire                      step_tile_last,
	input  wire [1:0]                step_slot,
	//Offsets in the beat of the pixels' first bytes
	input  wire                      offset_valid,
	output wire                      offset_ready,
	input  wire [$clog2(BYTES)-1:0]  offset,
	//Beats
	output wire                      wbeat_valid,
	input  wire                      wbeat_ready,
	output wire [8*BYTES-1:0]        wbeat_data,
	output wire [BYTES-1:0]          wbeat_strobe,
	//End
	output wire                      tile_done,       // the last beat of the slot's tile goes into the queue
	output wire [1:0]                tile_done_slot
);
	localparam CHUNK = 4 * LANES;                       // bytes of a step at most
	localparam LENGTH_BITS = $clog2(CHUNK + 1);
	localparam POSITION_BITS = $clog2(BYTES);
	localparam [31:0] BEAT = BYTES;

	// a step's bytes without gaps
	wire [8*CHUNK-1:0] bytes, halves;
	genvar l;
	generate
		for (l = 0; l < LANES; l = l + 1) begin : g_lane
			assign bytes[8*l +: 8] = step_words[32*l +: 8];
			assign halves[16*l +: 16] = step_words[32*l +: 16];
		end
		assign bytes[8*CHUNK-1:8*LANES] = {(8*(CHUNK-LANES)){1'b0}};
		assign halves[8*CHUNK-1:16*LANES] = {(8*(CHUNK-2*LANES)){1'b0}};
	endgenerate
	wire [8*CHUNK-1:0] chunk = step_format[1] ? step_words : step_format[0] ? halves : bytes;
	// verilator lint_off UNUSED
	wire [6:0] count = step_format[1] ? {step_lanes, 2'b0} : step_format[0] ? {1'b0, step_lanes, 1'b0} : {2'b0, step_lanes};
	// verilator lint_on UNUSED
	wire [LENGTH_BITS-1:0] length = count[LENGTH_BITS-1:0];
	wire [CHUNK-1:0] there = ~({CHUNK{1'b1}} << length);

	// held: a step and its place
	reg first_q, held_q, pixel_last_q, tile_last_q;
	reg [1:0] slot_q;
	reg [POSITION_BITS-1:0] position_q, place_q;        // of the next step, of the one that is held
	reg [8*CHUNK-1:0] chunk_q;
	reg [LENGTH_BITS-1:0] length_q;
	wire [POSITION_BITS-1:0] place = first_q ? offset : position_q;
	// verilator lint_off UNUSED
	wire [POSITION_BITS+LENGTH_BITS-1:0] behind = {{LENGTH_BITS{1'b0}}, place} + {{POSITION_BITS{1'b0}}, length};
	// verilator lint_on UNUSED
	wire move;
	wire free = ~held_q | move;
	wire hold = step_valid & step_ready;
	assign step_ready = free & (~first_q | offset_valid);
	assign offset_ready = free & first_q & step_valid;
	always @(posedge clk)
		if (rst) begin
			first_q <= 1'b1;
			held_q <= 1'b0;
		end else begin
			held_q <= hold | (held_q & ~move);
			if (hold)
				first_q <= step_pixel_last;
		end
	genvar b;
	generate
		for (b = 0; b < CHUNK; b = b + 1) begin : g_byte
			always @(posedge clk)
				if (hold)
					chunk_q[8*b +: 8] <= chunk[8*b +: 8] & {8{there[b]}};
		end
	endgenerate
	always @(posedge clk)
		if (hold) begin
			pixel_last_q <= step_pixel_last;
			tile_last_q <= step_tile_last;
			slot_q <= step_slot;
			position_q <= behind[POSITION_BITS-1:0];
			place_q <= place;
			length_q <= length;
		end

	// the beat: what waits, and the step behind it
	reg [8*BYTES-1:0] line_q;
	reg [BYTES-1:0] strobe_q;
	reg flush_q;                                        // the pixel has ended with what waits
	wire beat_ready;
	wire [8*(BYTES+CHUNK)-1:0] data = {{8*CHUNK{1'b0}}, line_q} | ({{8*BYTES{1'b0}}, chunk_q} << {place_q, 3'b0});
	wire [BYTES+CHUNK-1:0] strobe = {{CHUNK{1'b0}}, strobe_q} | ({{BYTES{1'b0}}, ~({CHUNK{1'b1}} << length_q)} << place_q);
	wire [POSITION_BITS+LENGTH_BITS-1:0] end_place = {{LENGTH_BITS{1'b0}}, place_q} + {{POSITION_BITS{1'b0}}, length_q};
	wire full = end_place >= BEAT[POSITION_BITS+LENGTH_BITS-1:0];
	wire over = end_place > BEAT[POSITION_BITS+LENGTH_BITS-1:0];
	assign move = held_q & beat_ready & ~flush_q;
	wire put = move & (full | pixel_last_q);
	wire flush = flush_q & beat_ready;
	// verilator lint_off UNUSED
	wire [8*(BYTES+CHUNK)-1:0] next_data = data >> (8 * BYTES);
	wire [BYTES+CHUNK-1:0] next_strobe = strobe >> BYTES;
	// verilator lint_on UNUSED
	always @(posedge clk)
		if (rst) begin
			strobe_q <= {BYTES{1'b0}};
			line_q <= {8*BYTES{1'b0}};
			flush_q <= 1'b0;
		end else begin
			flush_q <= (move & pixel_last_q & over) | (flush_q & ~beat_ready);
			if (put) begin
				line_q <= next_data[8*BYTES-1:0];
				strobe_q <= next_strobe[BYTES-1:0];
			end else if (move | flush) begin
				line_q <= data[8*BYTES-1:0] & {8*BYTES{move}};
				strobe_q <= strobe[BYTES-1:0] & {BYTES{move}};
			end
		end
	reg flush_tile_last_q;
	reg [1:0] flush_slot_q;
	always @(posedge clk)
		if (move) begin
			flush_tile_last_q <= tile_last_q;
			flush_slot_q <= slot_q;
		end
	assign tile_done = flush ? flush_tile_last_q : move & tile_last_q & ~over;
	assign tile_done_slot = flush ? flush_slot_q : slot_q;
	stream_fifo #(.WIDTH(9 * BYTES), .DEPTH(2)) beats (
		.clk(clk), .rst(rst), .in_valid(put | flush), .in_ready(beat_ready),
		.in(flush ? {strobe_q, line_q} : {strobe[BYTES-1:0], data[8*BYTES-1:0]}),
		.out_valid(wbeat_valid), .out_ready(wbeat_ready), .out({wbeat_strobe, wbeat_data}));
	generate
		if (LANES > 16 || CHUNK > BYTES) begin : g_check
			lanes_must_be_1_to_16_and_fit_a_beat error ();
		end
	endgenerate
endmodule
`default_nettype wire
