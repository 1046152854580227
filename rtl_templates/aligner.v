//@ only if engine_classic || has_float
`default_nettype none
// Shifts one mantissa right by E_max - E_i and tells whether a 1 fell off ("the rear bits are discarded", paper section 4.1).
// Combinational, one stage a shift bit; a shift of WIDTH or more gives 0.
module aligner #(
	parameter WIDTH = 24,
	parameter SHIFT_BITS = 9
) (
	input  wire [WIDTH-1:0]      in,
	input  wire [SHIFT_BITS-1:0] shift,
	output reg  [WIDTH-1:0]      out,
	output reg                   lost
);
	localparam NEAR = $clog2(WIDTH);                              // stages that shift by less than WIDTH
	localparam STAGES = NEAR < SHIFT_BITS ? NEAR : SHIFT_BITS;
	wire far;
	generate
		if (SHIFT_BITS > NEAR)
			assign far = |shift[SHIFT_BITS-1:NEAR];
		else
			assign far = 1'b0;
	endgenerate

	integer s;
	always @* begin
		out = in;
		lost = 1'b0;
		for (s = 0; s < STAGES; s = s + 1)
			if (shift[s]) begin
				lost = lost | (|(out & ~({WIDTH{1'b1}} << (1 << s))));
				out = out >> (1 << s);
			end
		if (far) begin
			lost = |in;
			out = {WIDTH{1'b0}};
		end
	end
endmodule
`default_nettype wire
