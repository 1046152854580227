//@ only if engine_dense
`default_nettype none
// Sum of a few products of two's complement numbers as two words, carry-save: all rows of all Booth multipliers go into one compressor.
// Combinational. A row of a digit d is |d| * y, inverted where d is negative, and a 1 more in its lowest place. Rows are not sign-extended:
// their top bit comes inverted, which adds BIAS to each product, so that nothing here is ever negative, and words may be extended with zeros.
module product_block #(
	parameter COUNT = 1,       // products
	parameter X_BITS = 16,     // recoded
	parameter Y_BITS = 16,
	parameter WIDTH = 33,      // of the words: save + carry needs no more, or what is above does not count
	parameter [WIDTH-1:0] OFFSET = 0 // added
) (
	input  wire [COUNT*X_BITS-1:0] x,
	input  wire [COUNT*Y_BITS-1:0] y,
	input  wire [COUNT-1:0]        negate, // the product counts negative
	output wire [WIDTH-1:0]        save,   // save + carry = sum of x * y + COUNT * BIAS + OFFSET, BIAS the sum of 2^(2r + Y_BITS) over the digits r
	output wire [WIDTH-1:0]        carry
);
`ifdef SYNTHESIS
	localparam DIGITS = (X_BITS + 1) / 2;
	localparam HALF = Y_BITS / 2;

	// rows that reach into column c: from digit first_row to c / 2; and a row's 1 when c is even
	function integer first_row;
		input integer c;
		first_row = c > Y_BITS ? (c - Y_BITS + 1) / 2 : 0;
	endfunction
	function integer rows;
		input integer c;
		rows = first_row(c) >= DIGITS ? 0 : (c / 2 < DIGITS ? c / 2 : DIGITS - 1) - first_row(c) + 1;
	endfunction
	function integer product_height;
		input integer c;
		product_height = rows(c) + (c % 2 == 0 && c / 2 < DIGITS ? 1 : 0);
	endfunction
	function integer height; // at least 1
		input integer c;
		height = COUNT * product_height(c) + (OFFSET[c] || product_height(c) == 0 ? 1 : 0);
	endfunction
	function [8*WIDTH-1:0] all_heights;
		input integer unused;
		integer c, bits;
		begin
			all_heights = 0;
			for (c = 0; c < WIDTH; c = c + 1) begin
				bits = height(c);
				all_heights[8*c +: 8] = bits[7:0];
			end
		end
	endfunction
	function integer highest; // 2 at least
		input integer unused;
		integer c;
		begin
			highest = 2;
			for (c = 0; c < WIDTH; c = c + 1)
				if (height(c) > highest)
					highest = height(c);
		end
	endfunction
	localparam integer ROWS = highest(0);

	// digits, and y and 2 * y with every other bit, from the top down: what a column takes of its rows is side by side there
	wire [COUNT*DIGITS-1:0] one, two, negative;
	wire [COUNT*(HALF+1)-1:0] once_even, once_odd, twice_even, twice_odd;
	genvar i, k, c;
	generate
		for (i = 0; i < COUNT; i = i + 1) begin : g_product
			booth_digits #(.X_BITS(X_BITS), .DIGITS(DIGITS)) digits (
				.x(x[i*X_BITS +: X_BITS]), .negate(negate[i]), .one(one[i*DIGITS +: DIGITS]), .two(two[i*DIGITS +: DIGITS]),
				.negative(negative[i*DIGITS +: DIGITS])
			);
			wire [2*HALF+1:0] once, twice;
			if (Y_BITS == 2 * HALF) begin : g_even
				assign once = {2'b0, y[i*Y_BITS +: Y_BITS]} | ({{(Y_BITS+1){1'b0}}, y[(i+1)*Y_BITS-1]} << Y_BITS);
				assign twice = {1'b0, y[i*Y_BITS +: Y_BITS], 1'b0};
			end else begin : g_odd
				assign once = {y[(i+1)*Y_BITS-1], y[i*Y_BITS +: Y_BITS]};
				assign twice = {y[i*Y_BITS +: Y_BITS], 1'b0};
			end
			for (k = 0; k <= HALF; k = k + 1) begin : g_bit
				assign once_even[i*(HALF+1)+k] = once[2*(HALF-k)];
				assign once_odd[i*(HALF+1)+k] = once[2*(HALF-k)+1];
				assign twice_even[i*(HALF+1)+k] = twice[2*(HALF-k)];
				assign twice_odd[i*(HALF+1)+k] = twice[2*(HALF-k)+1];
			end
		end
	endgenerate

	wire [ROWS*WIDTH-1:0] bits;
	generate
		for (c = 0; c < WIDTH; c = c + 1) begin : g_column
			localparam integer FIRST = first_row(c);
			localparam integer COLUMN_ROWS = rows(c);
			localparam integer PRODUCT = product_height(c);
			localparam integer TOP = c >= Y_BITS && (c - Y_BITS) % 2 == 0 ? 1 : 0; // of the first of these rows
			localparam integer FROM = HALF - c / 2 + FIRST;
			if (ROWS > COUNT * PRODUCT) begin : g_constant
				assign bits[c*ROWS+COUNT*PRODUCT +: ROWS-COUNT*PRODUCT] = {{(ROWS-COUNT*PRODUCT-1){1'b0}}, OFFSET[c]};
			end
			for (i = 0; i < COUNT; i = i + 1) begin : g_product
				if (COLUMN_ROWS > 0) begin : g_rows
					wire [COLUMN_ROWS-1:0] once, twice, inverted;
					if (c % 2 == 0) begin : g_even
						assign once = once_even[i*(HALF+1)+FROM +: COLUMN_ROWS];
						assign twice = twice_even[i*(HALF+1)+FROM +: COLUMN_ROWS];
					end else begin : g_odd
						assign once = once_odd[i*(HALF+1)+FROM +: COLUMN_ROWS];
						assign twice = twice_odd[i*(HALF+1)+FROM +: COLUMN_ROWS];
					end
					assign inverted = negative[i*DIGITS+FIRST +: COLUMN_ROWS] ^ TOP[COLUMN_ROWS-1:0];
					assign bits[c*ROWS+i*PRODUCT +: COLUMN_ROWS] =
						((one[i*DIGITS+FIRST +: COLUMN_ROWS] & once) | (two[i*DIGITS+FIRST +: COLUMN_ROWS] & twice)) ^ inverted;
				end
				if (PRODUCT > COLUMN_ROWS) begin : g_one
					assign bits[c*ROWS+i*PRODUCT+COLUMN_ROWS] = negative[i*DIGITS+c/2];
				end
			end
		end
	endgenerate
	compressor #(.WIDTH(WIDTH), .ROWS(ROWS), .HEIGHTS(all_heights(0))) compressor (.bits(bits), .save(save), .carry(carry));
`else
	// the same sum, in the first word
	localparam DIGITS = (X_BITS + 1) / 2;
	reg [WIDTH-1:0] sum, factor, other; // modulo 2^WIDTH, which holds a product
	integer i, r;
	always @* begin
		sum = OFFSET;
		for (i = 0; i < COUNT; i = i + 1) begin
			for (r = 0; r < DIGITS; r = r + 1)
				sum = sum + ({{(WIDTH-1){1'b0}}, 1'b1} << (2 * r + Y_BITS));
			factor = {{(WIDTH-X_BITS){x[(i+1)*X_BITS-1]}}, x[i*X_BITS +: X_BITS]};
			other = {{(WIDTH-Y_BITS){y[(i+1)*Y_BITS-1]}}, y[i*Y_BITS +: Y_BITS]};
			sum = sum + ((factor ^ {WIDTH{negate[i]}}) + {{(WIDTH-1){1'b0}}, negate[i]}) * other;
		end
	end
	assign save = sum;
	assign carry = {WIDTH{1'b0}};
`endif
endmodule
`default_nettype wire
