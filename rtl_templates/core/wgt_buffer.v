`default_nettype none
// Weight buffer: for each PE LINES banks of DEPTH lines, two halves. Writes are always taken, and a read takes one cycle; the words stay at `data` until
// the PE's next read. half_full is set by the loader behind the last line of a tile's weights and cleared by the reader when nobody reads them any more.
// Throughput: a line written and a group of every PE read each cycle. Outputs depend on registers only.
module wgt_buffer #(
	parameter PES = 8,
	parameter READERS = 1,   // 1: all PEs read one address; PES: each its own
	parameter LINES = 4,     // of the longest group
	parameter BYTES = 16,    // of a line
	parameter DEPTH = 512,   // groups a PE in both halves, power of two
	parameter PARITY = 0,
	parameter PE_BITS = PES > 1 ? $clog2(PES) : 1,
	parameter GROUP_BITS = $clog2(DEPTH / 2),
	parameter INDEX_BITS = LINES > 1 ? $clog2(LINES) : 1
) (
	input  wire                                clk,
	input  wire                                rst,
	//Write
	input  wire                                wgt_write,
	input  wire [PE_BITS-1:0]                  wgt_write_pe,
	input  wire                                wgt_write_half,
	input  wire [GROUP_BITS-1:0]               wgt_write_group,
	input  wire [INDEX_BITS-1:0]               wgt_write_index, // line in its group, counting up from 0
	input  wire [8*BYTES-1:0]                  wgt_write_data,
	//Halves
	input  wire [1:0]                          half_set,        // pulses
	input  wire [1:0]                          half_clear,      // never with half_set of the same half
	output wire [1:0]                          half_full,
	//Read
	input  wire [PES-1:0]                      read,
	input  wire [READERS*(GROUP_BITS+1)-1:0]   read_address,    // of reader r: {half, group}
	output wire [PES*LINES*8*BYTES-1:0]        data,            // PE p, line l at (p * LINES + l) * 8 * BYTES
	//Status
	input  wire                                parity_test,     // write wrong parity
	output wire                                parity_bad       // sticky
);
	localparam LINE_BITS = 8 * BYTES;
	localparam ADDRESS_BITS = GROUP_BITS + 1;

	//State
	reg [1:0] full_q;
	reg bad_q;
	wire [PES*LINES-1:0] bad;
	always @(posedge clk)
		if (rst) begin
			full_q <= 2'b00;
			bad_q <= 1'b0;
		end else begin
			full_q <= (full_q & ~half_clear) | half_set;
			bad_q <= bad_q | (|bad);
		end
	assign half_full = full_q;
	assign parity_bad = bad_q;

	//Banks. With parity line 0 goes to all of a PE's, so that a short group leaves no word behind that was never written
	wire [LINES-1:0] lines;
	genvar p, l;
	generate
		for (l = 0; l < LINES; l = l + 1) begin : g_line
			localparam [31:0] LINE = l;
			assign lines[l] = LINES == 1 || wgt_write_index == LINE[INDEX_BITS-1:0] || (PARITY != 0 && wgt_write_index == {INDEX_BITS{1'b0}});
		end
		for (p = 0; p < PES; p = p + 1) begin : g_pe
			localparam [31:0] PE = p;
			localparam READER = READERS == 1 ? 0 : p;
			wire write = wgt_write & (PES == 1 || wgt_write_pe == PE[PE_BITS-1:0]);
			for (l = 0; l < LINES; l = l + 1) begin : g_bank
				ram #(.WIDTH(LINE_BITS), .DEPTH(DEPTH), .PARITY(PARITY), .HALVES(1)) bank (
					.clk(clk), .rst(rst), .write(write & lines[l]), .write_address({wgt_write_half, wgt_write_group}),
					.write_data(wgt_write_data), .read(read[p]), .read_address(read_address[READER*ADDRESS_BITS +: ADDRESS_BITS]),
					.q(data[(p*LINES+l)*LINE_BITS +: LINE_BITS]), .bad(bad[p*LINES+l]), .parity_test(parity_test)
				);
			end
		end
	endgenerate
endmodule
`default_nettype wire
