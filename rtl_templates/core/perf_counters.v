`default_nettype none
// Performance counters (docs/core.md section 8), in the order of counters.def: from the cycle with start to the cycle with clear, both included, each adds
// its event. They keep their values until the next start or soft reset. A cycle's event is seen in the cycle behind it.
module perf_counters #(
	parameter COUNTERS = 21,
	parameter BITS = 48,    // of a counter
	parameter MANY = 7,     // the one counter that adds more than 1 a cycle
	parameter MANY_BITS = 2 // width of what it adds
) (
	input  wire                     clk,
	input  wire                     rst,
	input  wire                     start,
	input  wire                     clear,
	input  wire                     soft_reset,
	input  wire [COUNTERS-1:0]      event_now,  // a bit a counter; that of MANY is not used
	input  wire [MANY_BITS-1:0]     event_many,
	output wire [COUNTERS*BITS-1:0] counters
);
	reg counting_q;
	wire counting = start | counting_q;
	always @(posedge clk)
		counting_q <= counting & ~(rst | soft_reset | clear);

	genvar i;
	generate
		for (i = 0; i < COUNTERS; i = i + 1) begin : g_counter
			reg [BITS-1:0] count_q;
			wire [BITS-1:0] base = start ? {BITS{1'b0}} : count_q;
			always @(posedge clk)
				if (rst | soft_reset)
					count_q <= {BITS{1'b0}};
				else if (counting)
					count_q <= i == MANY ? base + {{BITS-MANY_BITS{1'b0}}, event_many} : base + {{BITS-1{1'b0}}, event_now[i]};
			assign counters[i*BITS +: BITS] = count_q;
		end
	endgenerate
	// verilator lint_off UNUSED
	wire unused = event_now[MANY];
	// verilator lint_on UNUSED
endmodule
`default_nettype wire
