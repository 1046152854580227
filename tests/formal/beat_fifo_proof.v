`default_nettype none
// The engine's beat_fifo, never pushed while full: nothing lost, nothing changed, order kept; full and valid follow the count.
// files: beat_fifo.v order_checker.v
module beat_fifo_proof #(
	parameter DEPTH = 3
) (
	input wire       clk,
	input wire       pick,
	input wire       push,
	input wire [1:0] in,
	input wire       out_ready
);
	reg rst = 1'b1;
	always @(posedge clk)
		rst <= 1'b0;
	wire full, out_valid, bad;
	wire [1:0] out;
	wire [3:0] count;
	beat_fifo #(.WIDTH(2), .DEPTH(DEPTH)) fifo (.clk(clk), .rst(rst), .push(push), .full(full), .in(in), .out_valid(out_valid), .out_ready(out_ready), .out(out));
	order_checker #(.WIDTH(2)) order (.clk(clk), .rst(rst), .pick(pick), .push(push), .in(in), .pop(out_valid & out_ready), .out(out), .count(count), .bad(bad));
	always @* begin
		if (push)
			assume (!full);
		if (!rst) begin
			assert (!bad);
			assert (full == (count == DEPTH));
			assert (out_valid == (count != 0));
		end
	end
endmodule
`default_nettype wire
