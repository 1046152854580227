`default_nettype none
// stream_fifo: nothing lost, nothing changed, order kept; ready and valid follow the count; valid does not fall.
// files: stream_fifo.v order_checker.v stable_checker.v
module stream_fifo_proof #(
	parameter DEPTH = 3
) (
	input wire       clk,
	input wire       pick,
	input wire       in_valid,
	input wire [1:0] in,
	input wire       out_ready
);
	reg rst = 1'b1;
	always @(posedge clk)
		rst <= 1'b0;
	wire in_ready, out_valid, bad, kept;
	wire [1:0] out;
	wire [3:0] count;
	stream_fifo #(.WIDTH(2), .DEPTH(DEPTH)) fifo (.clk(clk), .rst(rst), .in_valid(in_valid), .in_ready(in_ready), .in(in),
		.out_valid(out_valid), .out_ready(out_ready), .out(out));
	order_checker #(.WIDTH(2)) order (.clk(clk), .rst(rst), .pick(pick), .push(in_valid & in_ready), .in(in), .pop(out_valid & out_ready), .out(out),
		.count(count), .bad(bad));
	stable_checker #(.WIDTH(2)) stable (.clk(clk), .rst(rst), .valid(out_valid), .ready(out_ready), .data(out), .kept(kept));
	always @*
		if (!rst) begin
			assert (!bad);
			assert (kept);
			assert (in_ready == (count != DEPTH));
			assert (out_valid == (count != 0));
		end
endmodule
`default_nettype wire
