//@ only if has_float && accumulation_wide
`default_nettype none
// Arithmetic right shift by any number of places (2^SHIFT_BITS - 1 >= WIDTH leaves the sign only). Combinational.
module arithmetic_shifter #(
	parameter WIDTH = 65,
	parameter SHIFT_BITS = 7
) (
	input  wire [WIDTH-1:0]      in,
	input  wire [SHIFT_BITS-1:0] shift,
	output wire [WIDTH-1:0]      out,
	output wire                  lost // a 1 was shifted out
);
	reg [WIDTH-1:0] word;
	reg drop;
	integer k;
	always @* begin
		word = in;
		drop = 1'b0;
		for (k = 0; k < SHIFT_BITS; k = k + 1) begin
			drop = drop | (shift[k] & (|(word & ~({WIDTH{1'b1}} << (1 << k)))));
			word = shift[k] ? (word >> (1 << k)) | ({WIDTH{in[WIDTH-1]}} & ~({WIDTH{1'b1}} >> (1 << k))) : word;
		end
	end

	assign out = word;
	assign lost = drop;
endmodule
`default_nettype wire
