//@ only if engine_classic
`default_nettype none
// Check window of a lane (paper section 4.1, figure 5): issues the lowest 1 of one aligned window of 8 bits; when nothing remains in the
// window, moves to the next one at the same clock edge. An empty window costs a cycle. first_one.v is the sibling that sees all bits.
module check_window #(
	parameter N = 64 // bits of the lane
) (
	input  wire         clk,
	input  wire         load,  // a new group: back to window 0
	input  wire [N-1:0] lane,
	output wire [N-1:0] first  // one hot, or 0 when the window is empty
);
	localparam WINDOWS = (N + 7) / 8;
	generate
		if (WINDOWS == 1) begin : g_single
			// verilator lint_off UNUSED
			wire unused = clk & load;
			// verilator lint_on UNUSED
			first_one #(.WIDTH(N)) find (.in(lane), .first(first));
		end else begin : g_windows
			reg [WINDOWS-1:0] at_q; // one hot
			wire [WINDOWS*8-1:0] padded;
			if (WINDOWS * 8 > N) begin : g_pad
				assign padded = {{(WINDOWS*8-N){1'b0}}, lane};
			end else begin : g_no_pad
				assign padded = lane;
			end

			reg [7:0] seen;
			integer w;
			always @* begin
				seen = 8'd0;
				for (w = 0; w < WINDOWS; w = w + 1)
					seen = seen | ({8{at_q[w]}} & padded[w*8 +: 8]);
			end
			wire [7:0] chosen;
			first_one #(.WIDTH(8)) find (.in(seen), .first(chosen));

			always @(posedge clk)
				if (load)
					at_q <= {{(WINDOWS-1){1'b0}}, 1'b1};
				else if ((seen & ~chosen) == 8'd0)
					at_q <= at_q << 1;

			// verilator lint_off UNUSED
			reg [WINDOWS*8-1:0] spread;
			// verilator lint_on UNUSED
			always @* begin
				spread = {(WINDOWS*8){1'b0}};
				for (w = 0; w < WINDOWS; w = w + 1)
					spread[w*8 +: 8] = chosen & {8{at_q[w]}};
			end
			assign first = spread[N-1:0];
		end
	endgenerate
endmodule
`default_nettype wire
