//@ only if engine_classic
`default_nettype none
// The lowest 1 of a vector, one hot; combinational. check_window.v is the sibling that looks at 8 bits at a time.
module first_one #(
	parameter WIDTH = 16
) (
	input  wire [WIDTH-1:0] in,
	output wire [WIDTH-1:0] first
);
	// parallel prefix: below[i] is 1 when any lower bit is set
	reg [WIDTH-1:0] below;
	integer s;
	always @* begin
		below = in << 1;
		for (s = 1; s < WIDTH; s = s * 2)
			below = below | (below << s);
	end
	assign first = in & ~below;
endmodule
`default_nettype wire
