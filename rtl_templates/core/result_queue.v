`default_nettype none
// FIFO in a memory; whoever pushes counts its DEPTH places. A word is at the output two cycles after its push at the earliest. Throughput one word a cycle.
// Outputs are functions of registers.
module result_queue #(
	parameter WIDTH = 40, // bits of a word
	parameter DEPTH = 16  // words, at least 2
) (
	input  wire             clk,
	input  wire             rst,
	//Data in
	input  wire             push,
	input  wire [WIDTH-1:0] in,
	//Data out
	output wire             out_valid,
	input  wire             out_ready,
	output wire [WIDTH-1:0] out
);
	localparam PLACE_BITS = $clog2(DEPTH);
	localparam COUNT_BITS = $clog2(DEPTH + 1);
	localparam [31:0] LAST = DEPTH - 1;

	reg valid_q;                  // the memory's output shows a word
	reg [PLACE_BITS-1:0] put_q, get_q;
	reg [COUNT_BITS-1:0] count_q; // words that are not yet at the output
	wire read = count_q != {COUNT_BITS{1'b0}} & (~valid_q | out_ready);
	always @(posedge clk)
		if (rst) begin
			valid_q <= 1'b0;
			put_q <= {PLACE_BITS{1'b0}};
			get_q <= {PLACE_BITS{1'b0}};
			count_q <= {COUNT_BITS{1'b0}};
		end else begin
			valid_q <= read | (valid_q & ~out_ready);
			if (push)
				put_q <= put_q == LAST[PLACE_BITS-1:0] ? {PLACE_BITS{1'b0}} : put_q + 1'b1;
			if (read)
				get_q <= get_q == LAST[PLACE_BITS-1:0] ? {PLACE_BITS{1'b0}} : get_q + 1'b1;
			if (push != read)
				count_q <= push ? count_q + 1'b1 : count_q - 1'b1;
		end
	assign out_valid = valid_q;

	// verilator lint_off UNUSED
	wire no_bad;
	// verilator lint_on UNUSED
	ram #(.WIDTH(WIDTH), .DEPTH(DEPTH)) words (
		.clk(clk), .rst(rst), .parity_test(1'b0), .bad(no_bad), .write(push), .write_address(put_q), .write_data(in),
		.read(read), .read_address(get_q), .q(out));
endmodule
`default_nettype wire
