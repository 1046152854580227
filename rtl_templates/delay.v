`default_nettype none
// CYCLES registers in a row. RESET = 1 clears them with rst: for valid bits and end tags; data needs none.
module delay #(
	parameter WIDTH = 1,
	parameter CYCLES = 1,
	parameter RESET = 0
) (
	// verilator lint_off UNUSED
	input  wire             clk,
	input  wire             rst,
	// verilator lint_on UNUSED
	input  wire [WIDTH-1:0] in,
	output wire [WIDTH-1:0] out
);
	genvar c;
	generate
		if (CYCLES == 0) begin : g_wire
			assign out = in;
		end else begin : g_registers
			wire [(CYCLES+1)*WIDTH-1:0] chain;
			assign chain[WIDTH-1:0] = in;
			for (c = 0; c < CYCLES; c = c + 1) begin : g_register
				reg [WIDTH-1:0] in_q;
				always @(posedge clk)
					if (RESET != 0 && rst)
						in_q <= {WIDTH{1'b0}};
					else
						in_q <= chain[c*WIDTH +: WIDTH];
				assign chain[(c+1)*WIDTH +: WIDTH] = in_q;
			end
			assign out = chain[CYCLES*WIDTH +: WIDTH];
		end
	endgenerate
endmodule
`default_nettype wire
