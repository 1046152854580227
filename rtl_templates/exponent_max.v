//@ only if engine_classic || has_float
`default_nettype none
// The largest of COUNT unsigned exponents: a balanced tree, combinational.
module exponent_max #(
	parameter COUNT = 16,
	parameter WIDTH = 9
) (
	input  wire [COUNT*WIDTH-1:0] exps,
	output wire [WIDTH-1:0]       max
);
	localparam LEAVES = COUNT > 1 ? 1 << $clog2(COUNT) : 1;
	reg [LEAVES*WIDTH-1:0] node;
	integer span, i;
	always @* begin
		node = {(LEAVES*WIDTH){1'b0}};
		node[COUNT*WIDTH-1:0] = exps;
		for (span = LEAVES / 2; span > 0; span = span / 2)
			for (i = 0; i < span; i = i + 1)
				if (node[(2*i+1)*WIDTH +: WIDTH] > node[2*i*WIDTH +: WIDTH])
					node[i*WIDTH +: WIDTH] = node[(2*i+1)*WIDTH +: WIDTH];
				else
					node[i*WIDTH +: WIDTH] = node[2*i*WIDTH +: WIDTH];
	end
	assign max = node[WIDTH-1:0];
endmodule
`default_nettype wire
