//@ only if array_fifo > 0
`default_nettype none
// FIFO of broadcast beats in front of a PE: what is pushed is visible in the next cycle. Never push while `full`.
// Throughput one beat a cycle for DEPTH >= 2; with DEPTH 1 every other cycle (full does not look at a pop in the same cycle).
module beat_fifo #(
	parameter DEPTH = 1,
	parameter WIDTH = 8
) (
	input  wire             clk,
	input  wire             rst,
	input  wire             push,
	output wire             full,
	input  wire [WIDTH-1:0] in,
	output wire             out_valid,
	input  wire             out_ready,
	output wire [WIDTH-1:0] out
);
	reg [DEPTH-1:0] held_q;         // entry 0 is the oldest; entries move down
	reg [DEPTH*WIDTH-1:0] beats_q;
	wire pop = out_valid & out_ready;

	genvar i;
	generate
		for (i = 0; i < DEPTH; i = i + 1) begin : g_entry
			wire next_held = i + 1 < DEPTH ? held_q[(i + 1) % DEPTH] : 1'b0;
			wire below_held = i > 0 ? held_q[(i + DEPTH - 1) % DEPTH] : 1'b1;
			// the entry that a push goes to, counted after the pop
			wire free = pop ? held_q[i] & ~next_held : below_held & ~held_q[i];
			always @(posedge clk) begin
				if (rst)
					held_q[i] <= 1'b0;
				else
					held_q[i] <= (pop ? next_held : held_q[i]) | (push & free);
				if (push & free)
					beats_q[i*WIDTH +: WIDTH] <= in;
				else if (pop)
					beats_q[i*WIDTH +: WIDTH] <= beats_q[((i+1)%DEPTH)*WIDTH +: WIDTH];
			end
		end
	endgenerate
	assign full = held_q[DEPTH-1];
	assign out_valid = held_q[0];
	assign out = beats_q[WIDTH-1:0];
endmodule
`default_nettype wire
