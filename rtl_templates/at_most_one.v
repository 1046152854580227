//@ only if engine_classic
`default_nettype none
// Tells whether a vector has no more than one 1; combinational, a balanced tree of (any, two or more).
module at_most_one #(
	parameter WIDTH = 16
) (
	input  wire [WIDTH-1:0] in,
	output wire             few
);
	localparam LEAVES = WIDTH > 1 ? 1 << $clog2(WIDTH) : 2;
	// each fold puts the upper half upon the lower one; word by word, which simulators like
	reg [LEAVES-1:0] any, two;
	integer span;
	always @* begin
		any = {LEAVES{1'b0}};
		any[WIDTH-1:0] = in;
		two = {LEAVES{1'b0}};
		for (span = LEAVES / 2; span > 0; span = span / 2) begin
			two = two | (two >> span) | (any & (any >> span));
			any = any | (any >> span);
		end
	end
	assign few = ~two[0];
endmodule
`default_nettype wire
