`default_nettype none
// Tells whether a vector has no more than one 1; combinational, a balanced tree of (any, two or more).
module at_most_one #(
	parameter WIDTH = 16
) (
	input  wire [WIDTH-1:0] in,
	output wire             few
);
	localparam LEAVES = WIDTH > 1 ? 1 << $clog2(WIDTH) : 2;
	// each fold puts the upper half upon the lower one
	reg [LEAVES-1:0] any, two;
	integer span, i;
	always @* begin
		any = {LEAVES{1'b0}};
		any[WIDTH-1:0] = in;
		two = {LEAVES{1'b0}};
		for (span = LEAVES / 2; span > 0; span = span / 2)
			for (i = 0; i < span; i = i + 1) begin
				two[i] = two[i] | two[i+span] | (any[i] & any[i+span]);
				any[i] = any[i] | any[i+span];
			end
	end
	assign few = ~two[0];
endmodule
`default_nettype wire
