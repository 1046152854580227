`default_nettype none
// Program fetch: blocks of 256 bytes into the record register, a word a cycle whatever the bus width, with the CRC formed on the way and every field checked
// (docs/core.md section 4). One block is held; the next is requested when the record has been taken. A block costs 64 cycles of words, two of checks, and
// the memory's latency. Faults stay until rst.
module fetch #(
	parameter ADDRESS_BITS = 32,
	parameter BUS_BYTES = 8,
	parameter TILE_BITS = 32 // of the number of records
) (
	input  wire                    clk,
	input  wire                    rst,
	input  wire                    start,       // pulse
	input  wire [63:0]             program_address,
	input  wire [31:0]             program_bytes,
	//Memory
	output wire                    run_valid,   // a run of 256 bytes
	input  wire                    run_ready,
	output wire [ADDRESS_BITS-1:0] run_address,
	input  wire                    beat_valid,
	output wire                    beat_ready,
	input  wire [8*BUS_BYTES-1:0]  beat_data,
	//Record
	output wire                    record_valid,
	input  wire                    record_take, // pulse, while record_valid
	output wire [2047:0]           record,
	output wire                    finished,    // all records are taken
	//Fault
	output wire [3:0]              fault,       // 0: none
	output wire [63:0]             fault_address
);
	localparam WORDS = BUS_BYTES / 4;
	localparam [2:0] IDLE = 3'd0, REQUEST = 3'd1, READ = 3'd2, MULTIPLY = 3'd3, CHECK = 3'd4, HOLD = 3'd5, END = 3'd6, FAULT = 3'd7;

	reg [2:0] state_q;
	reg header_q;
	reg [63:0] address_q; // of the block
	reg [31:0] bytes_q;
	reg [TILE_BITS-1:0] tiles_q; // records to come, this one included
	reg [5:0] word_q;
	reg [31:0] crc_q;
	reg [2047:0] record_q;
	reg [3:0] fault_q;

	wire read = state_q == READ & beat_valid;
	wire requested = state_q == REQUEST & run_ready;
	wire taken = state_q == HOLD & record_take;
	wire check = state_q == CHECK;
	wire [3:0] found;
	wire misaligned = |program_address[7:0];
	wire [TILE_BITS-1:0] tiles = record_q[@{header.tiles}];
	wire last = tiles_q == {{TILE_BITS-1{1'b0}}, 1'b1};

	always @(posedge clk)
		if (rst)
			state_q <= IDLE;
		else
			case (state_q)
			IDLE:     if (start) state_q <= misaligned ? FAULT : REQUEST;
			REQUEST:  if (run_ready) state_q <= READ;
			READ:     if (beat_valid & (&word_q)) state_q <= MULTIPLY;
			MULTIPLY: state_q <= CHECK;
			CHECK:    state_q <= found != 4'd0 ? FAULT : ~header_q ? HOLD : tiles != {TILE_BITS{1'b0}} ? REQUEST : END;
			HOLD:     if (record_take) state_q <= last ? END : REQUEST;
			default:  ;
			endcase
	always @(posedge clk)
		if (rst)
			fault_q <= 4'd0;
		else if (state_q == IDLE & start & misaligned)
			fault_q <= 4'd@{fault.ADDRESS};
		else if (check)
			fault_q <= found;

	always @(posedge clk) begin
		if (state_q == IDLE & start) begin
			header_q <= 1'b1;
			bytes_q <= program_bytes;
		end else if (check)
			header_q <= 1'b0;
		if (state_q == IDLE & start)
			address_q <= program_address;
		else if (taken | (check & header_q & found == 4'd0))
			address_q[63:8] <= address_q[63:8] + 56'd1;
		if (check & header_q)
			tiles_q <= tiles;
		else if (taken)
			tiles_q <= tiles_q - 1'b1;
	end

	// words: the place within a beat is the low bits of word_q
	wire [31:0] word;
	generate
		if (WORDS == 1) begin : g_narrow
			assign word = beat_data;
			assign beat_ready = state_q == READ;
		end else begin : g_wide
			localparam PLACE_BITS = $clog2(WORDS);
			assign word = beat_data[32*word_q[PLACE_BITS-1:0] +: 32];
			assign beat_ready = state_q == READ & (&word_q[PLACE_BITS-1:0]);
		end
	endgenerate

	function [31:0] crc_of;
		input [31:0] sum;
		integer i;
		begin
			crc_of = sum;
			for (i = 0; i < 32; i = i + 1)
				crc_of = {1'b0, crc_of[31:1]} ^ (crc_of[0] ? 32'hedb88320 : 32'd0);
		end
	endfunction
	always @(posedge clk)
		if (requested) begin
			word_q <= 6'd0;
			crc_q <= 32'hffffffff;
		end else if (read) begin
			word_q <= word_q + 6'd1;
			crc_q <= crc_of(crc_q ^ word);
		end
	always @(posedge clk)
		if (read)
			record_q <= {word, record_q[2047:32]};

	program_check checks (
		.clk(clk), .header(header_q), .record(record_q), .program_bytes(bytes_q), .crc_good(crc_q == 32'hdebb20e3), .fault(found)
	);

	assign run_valid = state_q == REQUEST;
	assign run_address = address_q[ADDRESS_BITS-1:0];
	assign record_valid = state_q == HOLD;
	assign record = record_q;
	assign finished = state_q == END;
	assign fault = fault_q;
	assign fault_address = address_q;
endmodule
`default_nettype wire
