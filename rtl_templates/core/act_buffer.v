`default_nettype none
// Activation buffer: a ring of groups, a bank of ram for each line of a group. Lines come in order within a group; a group can be seen the cycle after its
// last line was written. The oldest group is pulled to the memories' output registers when these are free or taken in this cycle.
// Throughput: a line in and a group out each cycle. Latency: 2 cycles from a group's last line to group_valid.
// Back-pressure: line_ready falls while GROUPS - 1 groups wait. Outputs depend on registers only.
module act_buffer #(
	parameter GROUPS = 64,   // power of two, at least 4
	parameter LINES = 4,     // of the longest group
	parameter BYTES = 16,    // of a line
	parameter PARITY = 0,
	parameter INDEX_BITS = LINES > 1 ? $clog2(LINES) : 1
) (
	input  wire                     clk,
	input  wire                     rst,
	//Lines in
	input  wire                     line_valid,
	output wire                     line_ready,
	input  wire [8*BYTES-1:0]       line_data,
	input  wire [INDEX_BITS-1:0]    line_index,     // in its group, counting up from 0
	input  wire                     line_group_end,
	//Groups out
	output wire                     group_valid,
	input  wire                     group_take,     // only with group_valid
	output wire [LINES*8*BYTES-1:0] group_data,     // line l at l * 8 * BYTES; lines that a group does not have hold anything
	//Status
	input  wire                     parity_test,    // write wrong parity
	output wire                     parity_bad      // sticky
);
	localparam PLACE_BITS = $clog2(GROUPS);
	localparam [31:0] LIMIT = GROUPS - 1;

	//State
	reg [PLACE_BITS-1:0] put_q, get_q;  // places of the group being written, and of the next one to pull
	reg [PLACE_BITS-1:0] count_q;       // complete groups that were not pulled yet: 0 .. GROUPS - 1
	reg valid_q;                        // the output registers hold a group
	reg bad_q;

	//Control
	assign line_ready = count_q != LIMIT[PLACE_BITS-1:0];
	wire write = line_valid & line_ready;
	wire complete = write & line_group_end;
	wire pull = (count_q != {PLACE_BITS{1'b0}}) & (~valid_q | group_take);
	wire [LINES-1:0] bad;
	always @(posedge clk)
		if (rst) begin
			put_q <= {PLACE_BITS{1'b0}};
			get_q <= {PLACE_BITS{1'b0}};
			count_q <= {PLACE_BITS{1'b0}};
			valid_q <= 1'b0;
			bad_q <= 1'b0;
		end else begin
			if (complete)
				put_q <= put_q + 1'b1;
			if (pull)
				get_q <= get_q + 1'b1;
			if (complete != pull)
				count_q <= complete ? count_q + 1'b1 : count_q - 1'b1;
			valid_q <= pull | (valid_q & ~group_take);
			bad_q <= bad_q | (|bad);
		end

	//Banks. With parity line 0 goes to all of them, so that a short group leaves no word behind that was never written
	genvar l;
	generate
		for (l = 0; l < LINES; l = l + 1) begin : g_bank
			localparam [31:0] LINE = l;
			wire mine = LINES == 1 || line_index == LINE[INDEX_BITS-1:0] || (PARITY != 0 && line_index == {INDEX_BITS{1'b0}});
			ram #(.WIDTH(8 * BYTES), .DEPTH(GROUPS), .PARITY(PARITY)) bank (
				.clk(clk), .rst(rst), .write(write & mine), .write_address(put_q), .write_data(line_data), .read(pull), .read_address(get_q),
				.q(group_data[l*8*BYTES +: 8*BYTES]), .bad(bad[l]), .parity_test(parity_test)
			);
		end
	endgenerate
	assign group_valid = valid_q;
	assign parity_bad = bad_q;
endmodule
`default_nettype wire
