`default_nettype none
// Takes the core's interrupt, a level, over to the clock of the PCIe bridge, which samples it there. Latency: two to three cycles of clk.
module irq_crossing (
	input  wire clk,
	input  wire level, // of any clock; stays until the host has cleared it
	output wire irq
);
	(* ASYNC_REG = "TRUE" *) reg crossing_q = 1'b0; // may be metastable; pcie.xdc takes its input out of timing
	(* ASYNC_REG = "TRUE" *) reg irq_q = 1'b0;

	always @(posedge clk) begin
		crossing_q <= level;
		irq_q      <= crossing_q;
	end
	assign irq = irq_q;
endmodule
`default_nettype wire
