//@ only if engine_dense
`default_nettype none
// Adds up words to two, carry-save. Combinational.
module word_compressor #(
	parameter COUNT = 4,  // words, at least 2
	parameter WIDTH = 8   // what they carry out on top is lost
) (
	input  wire [COUNT*WIDTH-1:0] words,
	output wire [WIDTH-1:0]       save,
	output wire [WIDTH-1:0]       carry
);
`ifdef SYNTHESIS
	localparam [7:0] HEIGHT = COUNT;
	wire [COUNT*WIDTH-1:0] bits;
	genvar c, i;
	generate
		for (c = 0; c < WIDTH; c = c + 1) begin : g_column
			for (i = 0; i < COUNT; i = i + 1) begin : g_bit
				assign bits[c*COUNT+i] = words[i*WIDTH+c];
			end
		end
	endgenerate
	compressor #(.WIDTH(WIDTH), .ROWS(COUNT), .HEIGHTS({WIDTH{HEIGHT}})) compressor (.bits(bits), .save(save), .carry(carry));
`else
	// the same sum, in the first word
	reg [WIDTH-1:0] sum;
	integer i;
	always @* begin
		sum = {WIDTH{1'b0}};
		for (i = 0; i < COUNT; i = i + 1)
			sum = sum + words[i*WIDTH +: WIDTH];
	end
	assign save = sum;
	assign carry = {WIDTH{1'b0}};
`endif
endmodule
`default_nettype wire
