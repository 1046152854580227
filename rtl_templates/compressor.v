//@ only if engine_dense
`default_nettype none
// Adds up a matrix of bits to two words, carry-save, in Dadda's scheme: rounds of full adders that leave 2, 3, 4, 6, 9, 13 ... bits a column,
// with no adder more than that takes. Combinational, as deep as there are rounds. This is one round; the others are an instance of its own.
// For synthesis: simulators take long over so many bits, so that product_block and word_compressor leave it out there.
module compressor #(
	parameter WIDTH = 8,                            // columns; what they carry out on top is lost
	parameter ROWS = 2,                             // bits of the highest column, 2 to 255
	parameter [8*WIDTH-1:0] HEIGHTS = {WIDTH{8'd2}} // bits of each column
) (
	input  wire [ROWS*WIDTH-1:0] bits, // bit i of column c at c * ROWS + i, zeros above its height
	output wire [WIDTH-1:0]      save,
	output wire [WIDTH-1:0]      carry
);
	function integer rows_behind; // the largest number of Dadda's sequence below `rows`
		input integer rows;
		integer next;
		begin
			rows_behind = 2;
			next = 3;
			while (next < rows) begin
				rows_behind = next;
				next = next * 3 / 2;
			end
		end
	endfunction
	localparam LEFT = rows_behind(ROWS);

	// adders of each column, two bytes of zeros below: as many as it carries out; with the bits that come in they leave LEFT
	function [8*WIDTH+7:0] adders;
		input [8*WIDTH-1:0] heights;
		integer c, carries, height;
		begin
			adders = 0;
			carries = 0;
			for (c = 0; c < WIDTH; c = c + 1) begin
				height = {24'd0, heights[8*c +: 8]};
				carries = height + carries > LEFT ? (height + carries - LEFT + 1) / 2 : 0;
				adders[8*c+8 +: 8] = carries[7:0];
			end
		end
	endfunction

	function [8*WIDTH-1:0] heights_behind;
		input [8*WIDTH-1:0] heights;
		input [8*WIDTH+7:0] carries;
		integer c, height;
		begin
			heights_behind = 0;
			for (c = 0; c < WIDTH; c = c + 1) begin
				height = {24'd0, heights[8*c +: 8]} + {24'd0, carries[8*c +: 8]};
				heights_behind[8*c +: 8] = height > LEFT ? LEFT[7:0] : height[7:0];
			end
		end
	endfunction

	genvar c;
	generate
		if (ROWS <= 2) begin : g_words
			for (c = 0; c < WIDTH; c = c + 1) begin : g_column
				assign save[c] = bits[c*ROWS];
				assign carry[c] = bits[c*ROWS+1];
			end
		end else begin : g_round
			localparam [8*WIDTH+7:0] ADDERS = adders(HEIGHTS);
			wire [LEFT*WIDTH-1:0] left;
			wire [ROWS*(WIDTH+1)-1:0] carries; // into column c at c * ROWS
			for (c = 0; c < WIDTH; c = c + 1) begin : g_column
				localparam integer HEIGHT = {24'd0, HEIGHTS[8*c +: 8]};
				localparam integer IN = {24'd0, ADDERS[8*c +: 8]};
				localparam integer A = {24'd0, ADDERS[8*c+8 +: 8]};
				localparam integer ODD = (HEIGHT + IN - LEFT) % 2; // 1: then the last adder has two inputs
				// what came first is added first, the latest of three where the way is shorter
				wire [HEIGHT+IN+ROWS:0] queue;
				if (IN > 0) begin : g_in
					assign queue = {{(ROWS+1){1'b0}}, carries[c*ROWS +: IN], bits[c*ROWS +: HEIGHT]};
				end else begin : g_none
					assign queue = {{(ROWS+1){1'b0}}, bits[c*ROWS +: HEIGHT]};
				end
				if (A > 0) begin : g_add
					wire [A-1:0] x = queue[0 +: A];
					wire [A-1:0] y = queue[A +: A];
					wire [A-1:0] z = queue[2*A +: A] & ({A{1'b1}} >> ODD);
					wire [A-1:0] either = x ^ y;
					assign left[c*LEFT +: LEFT] = {either ^ z, queue[3*A-ODD +: LEFT-A]};
					assign carries[(c+1)*ROWS +: A] = (x & y) | (either & z);
				end else begin : g_pass
					assign left[c*LEFT +: LEFT] = queue[0 +: LEFT];
				end
			end
			compressor #(.WIDTH(WIDTH), .ROWS(LEFT), .HEIGHTS(heights_behind(HEIGHTS, ADDERS))) rest (.bits(left), .save(save), .carry(carry));
		end
	endgenerate
endmodule
`default_nettype wire
