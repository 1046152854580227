`default_nettype none
// Rule of every valid/ready stream: what was offered and not taken is offered unchanged in the next cycle. Part of the AXI checkers.
module stable_checker #(
	parameter WIDTH = 32
) (
	input  wire             clk,
	input  wire             rst,
	input  wire             valid,
	input  wire             ready,
	input  wire [WIDTH-1:0] data,
	output wire             kept   // 0: broken in this cycle
);
	reg waiting_q;
	reg [WIDTH-1:0] data_q;
	always @(posedge clk) begin
		waiting_q <= valid & ~ready & ~rst;
		data_q <= data;
	end
	assign kept = rst | ~waiting_q | (valid & data == data_q);
endmodule
`default_nettype wire
