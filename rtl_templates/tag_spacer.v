`default_nettype none
// Keeps float end tags WAIT + 1 cycles apart, which is what the accumulator's loop takes (accumulation fp32); WAIT = 0 is wires.
module tag_spacer #(
	parameter WAIT = 0
) (
	// verilator lint_off UNUSED
	input  wire clk,
	input  wire rst,
	input  wire float_end, // a float unit's end tag goes out
	// verilator lint_on UNUSED
	output wire ready      // the next one may
);
	generate
		if (WAIT > 0) begin : g_wait
			localparam WAIT_BITS = $clog2(WAIT + 1);
			localparam [WAIT_BITS-1:0] START = WAIT;
			reg [WAIT_BITS-1:0] wait_q;
			always @(posedge clk)
				if (rst)
					wait_q <= {WAIT_BITS{1'b0}};
				else if (float_end)
					wait_q <= START;
				else if (wait_q != {WAIT_BITS{1'b0}})
					wait_q <= wait_q - {{(WAIT_BITS-1){1'b0}}, 1'b1};
			assign ready = wait_q == {WAIT_BITS{1'b0}};
		end else begin : g_no_wait
			assign ready = 1'b1;
		end
	endgenerate
endmodule
`default_nettype wire
