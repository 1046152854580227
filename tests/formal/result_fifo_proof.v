`default_nettype none
// The engine's result_fifo with places claimed before their push, never more than DEPTH: each result comes out in the order of the claims, with the word given at the
// claim (early) or at the push.
// files: result_fifo.v
module result_fifo_proof #(
	parameter DEPTH = 3,
	parameter EARLY = 1
) (
	input wire       clk,
	input wire       pick,
	input wire       claim,
	input wire       early,
	input wire [1:0] early_word,
	input wire       push,
	input wire       write,
	input wire [1:0] word,
	input wire       out_ready
);
	reg rst = 1'b1;
	always @(posedge clk)
		rst <= 1'b0;
	wire out_valid;
	wire [1:0] out;
	result_fifo #(.DEPTH(DEPTH), .WIDTH(2), .EARLY(EARLY)) fifo (.clk(clk), .rst(rst), .claim(claim), .early(early), .early_word(early_word),
		.push(push), .write(write), .word(word), .out_valid(out_valid), .out_ready(out_ready), .out(out));

	// claimed and not pushed; pushed and not popped. Without EARLY a claim is its push
	reg [3:0] claimed_q, pushed_q;
	wire claims = EARLY != 0 ? claim : push;
	wire pop = out_valid & out_ready;
	// the picked result: inside, its word known, how many claims are to be pushed and how many results popped before it
	reg picked_q, known_q;
	reg [3:0] before_push_q, before_pop_q;
	reg [1:0] word_q;
	wire mine = picked_q & ~known_q & push & before_push_q == 0;
	wire early_mine = picked_q & known_q & push & before_push_q == 0;
	always @(posedge clk)
		if (rst) begin
			claimed_q <= 0;
			pushed_q <= 0;
			picked_q <= 1'b0;
		end else begin
			claimed_q <= claimed_q + claims - push;
			pushed_q <= pushed_q + push - pop;
			if (claims & pick & ~picked_q) begin
				picked_q <= 1'b1;
				known_q <= EARLY != 0 ? early : 1'b1;
				word_q <= EARLY != 0 ? early_word : word;
				before_push_q <= claimed_q - (EARLY != 0 ? push : 1'b0);
				before_pop_q <= claimed_q + pushed_q - pop;
			end else if (picked_q) begin
				if (push & before_push_q != 4'd15)
					before_push_q <= before_push_q - 1'b1; // 15: it was pushed
				if (mine) begin
					known_q <= 1'b1;
					word_q <= word;
				end
				if (pop) begin
					before_pop_q <= before_pop_q - 1'b1;
					picked_q <= before_pop_q != 0;
				end
			end
		end
	always @* begin
		if (claims)
			assume (claimed_q + pushed_q < DEPTH);
		if (EARLY != 0 && push)
			assume (claimed_q != 0);
		if (EARLY == 0)
			assume (write);
		if (mine)
			assume (write);
		if (early_mine)
			assume (!write);
		if (!rst) begin
			assert (out_valid == (pushed_q != 0));
			if (pop & picked_q & before_pop_q == 0)
				assert (known_q & out == word_q);
		end
	end
endmodule
`default_nettype wire
