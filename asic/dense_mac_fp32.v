`default_nettype none
// Reference for comparisons: a plain IEEE fp32 multiply-accumulate unit, one product a cycle: acc = acc + w * a, the product and the sum each
// rounded to nearest even, subnormals kept; NaN results are 0x7fc00000. Operands are registered, the product too: `acc` holds the sum
// up to the pair that came three cycles before; `first` starts a new sum from +0 (-0 as only product gives +0).
module dense_mac_fp32 (
	input  wire        clk,
	input  wire        valid,
	input  wire        first,
	input  wire [31:0] w,
	input  wire [31:0] a,
	output wire [31:0] acc
);
	reg valid_q, first_q, product_valid_q, product_first_q;
	reg [31:0] w_q, a_q, product_q, acc_q;
	wire [31:0] product, sum;
	dense_fp32_multiply multiply (.w(w_q), .a(a_q), .product(product));
	dense_fp32_add add (.x(product_first_q ? 32'd0 : acc_q), .y(product_q), .sum(sum));
	assign acc = acc_q;
	always @(posedge clk) begin
		valid_q <= valid;
		first_q <= first;
		w_q <= w;
		a_q <= a;
		product_valid_q <= valid_q;
		product_first_q <= first_q;
		product_q <= product;
		if (product_valid_q)
			acc_q <= sum;
	end
endmodule
`default_nettype wire
