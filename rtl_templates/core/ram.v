`default_nettype none
// Memory with one write and one read port, synchronous read: `read` at an edge puts the word on q, which then holds until the next read. No word is
// ever read and written at the same edge. The only module with memory in it: to use a memory macro, replace what is between the markers (docs/core.md
// section 9). Throughput: a read and a write a cycle; latency 1.
// PARITY: one bit for each 8 bits (or the rest of a word). `bad` is up while q shows a word with wrong parity; words written while parity_test is up are such.
module ram #(
	parameter WIDTH = 64,  // bits of a word
	parameter DEPTH = 64,  // words, at least 2
	parameter PARITY = 0,
	// verilator lint_off UNUSED
	parameter HALVES = 0   // 1: a write and a read at one edge are in different halves (DEPTH is a power of two then); for macros with one port
	// verilator lint_on UNUSED
) (
	input  wire                     clk,
	input  wire                     rst,           // forgets what q shows as far as `bad` goes; words stay
	//Write
	input  wire                     write,
	input  wire [$clog2(DEPTH)-1:0] write_address,
	input  wire [WIDTH-1:0]         write_data,
	//Read
	input  wire                     read,
	input  wire [$clog2(DEPTH)-1:0] read_address,
	output wire [WIDTH-1:0]         q,
	output wire                     bad,
	input  wire                     parity_test
);
	localparam CHECKS = PARITY != 0 ? (WIDTH + 7) / 8 : 0;
	localparam BITS = WIDTH + CHECKS;
	wire [BITS-1:0] in;

	//Memory macro begins: BITS x DEPTH, registered read port
	reg [BITS-1:0] q_q;
	reg [BITS-1:0] memory [0:DEPTH-1];
	always @(posedge clk)
		if (write)
			memory[write_address] <= in;
	always @(posedge clk)
		if (read)
			q_q <= memory[read_address];
	//Memory macro ends

	assign in[WIDTH-1:0] = write_data;
	assign q = q_q[WIDTH-1:0];
	genvar i;
	generate
		if (PARITY != 0) begin : g_parity
			localparam PADDED = 8 * CHECKS;
			reg read_q; // q shows a word
			always @(posedge clk)
				if (rst)
					read_q <= 1'b0;
				else if (read)
					read_q <= 1'b1;
			wire [PADDED-1:0] in_padded, q_padded;
			wire [CHECKS-1:0] wrong;
			if (PADDED > WIDTH) begin : g_pad
				assign in_padded = {{(PADDED-WIDTH){1'b0}}, write_data};
				assign q_padded = {{(PADDED-WIDTH){1'b0}}, q_q[WIDTH-1:0]};
			end else begin : g_whole
				assign in_padded = write_data;
				assign q_padded = q_q[WIDTH-1:0];
			end
			for (i = 0; i < CHECKS; i = i + 1) begin : g_byte
				assign in[WIDTH+i] = ^in_padded[8*i +: 8] ^ parity_test;
				assign wrong[i] = ^q_padded[8*i +: 8] ^ q_q[WIDTH+i];
			end
			assign bad = read_q & (|wrong);
		end else begin : g_plain
			assign bad = 1'b0;
			// verilator lint_off UNUSED
			wire unused = rst ^ parity_test;
			// verilator lint_on UNUSED
		end
		if (DEPTH < 2) begin : g_too_shallow
			depth_must_be_at_least_2 error ();
		end
	endgenerate
endmodule
`default_nettype wire
