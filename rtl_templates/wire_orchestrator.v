//@ only if engine_classic
`default_nettype none
// Wire Orchestrator (paper section 4.1): gathers the same bit significance of all slots into one lane. Wires only.
module wire_orchestrator #(
	parameter N = 16,    // slots
	parameter LANES = 24
) (
	input  wire [N*LANES-1:0] columns, // bit l of slot i at i * LANES + l
	output wire [LANES*N-1:0] lanes    // bit l of slot i at l * N + i
);
	genvar i, l;
	generate
		for (l = 0; l < LANES; l = l + 1) begin : g_lane
			for (i = 0; i < N; i = i + 1) begin : g_slot
				assign lanes[l*N+i] = columns[i*LANES+l];
			end
		end
	endgenerate
endmodule
`default_nettype wire
