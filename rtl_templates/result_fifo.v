`default_nettype none
// Result FIFO. Never pushed when full (the distiller's credits see to that); what is pushed is seen at the output one cycle later.
// With EARLY = 1 a place is claimed some cycles before its push, in the order of the pushes, and its word may be written with the claim:
// results that are known early need no registers on their way. Without, claim and early are not used and every push brings its word.
module result_fifo #(
	parameter DEPTH = 2,  // results, at least 1
	parameter WIDTH = 36, // bits of a result
	parameter EARLY = 0
) (
	input  wire             clk,
	input  wire             rst,
	//Data in
	// verilator lint_off UNUSED
	input  wire             claim,     // the next result's place is given out
	input  wire             early,     // with claim: it holds early_word
	input  wire [WIDTH-1:0] early_word,
	// verilator lint_on UNUSED
	input  wire             push,      // the oldest claimed place becomes visible
	input  wire             write,     // with push: it holds word
	input  wire [WIDTH-1:0] word,
	//Data out
	output wire             out_valid,
	input  wire             out_ready,
	output wire [WIDTH-1:0] out
);
	localparam PLACE_BITS = DEPTH > 1 ? $clog2(DEPTH) : 1;
	localparam COUNT_BITS = $clog2(DEPTH + 1);
	localparam [31:0] END = DEPTH - 1;

	wire pop = out_valid & out_ready;
	reg [COUNT_BITS-1:0] count_q;
	always @(posedge clk)
		if (rst)
			count_q <= {COUNT_BITS{1'b0}};
		else if (push != pop)
			count_q <= push ? count_q + 1'b1 : count_q - 1'b1;
	assign out_valid = count_q != {COUNT_BITS{1'b0}};

	// places: of the next claim, push and pop
	wire [PLACE_BITS-1:0] claimed, pushed, popped;
	generate
		if (DEPTH == 1) begin : g_one
			assign claimed = 1'b0;
			assign pushed = 1'b0;
			assign popped = 1'b0;
		end else begin : g_ring
			reg [PLACE_BITS-1:0] pushed_q, popped_q;
			always @(posedge clk)
				if (rst) begin
					pushed_q <= {PLACE_BITS{1'b0}};
					popped_q <= {PLACE_BITS{1'b0}};
				end else begin
					if (push)
						pushed_q <= pushed_q == END[PLACE_BITS-1:0] ? {PLACE_BITS{1'b0}} : pushed_q + 1'b1;
					if (pop)
						popped_q <= popped_q == END[PLACE_BITS-1:0] ? {PLACE_BITS{1'b0}} : popped_q + 1'b1;
				end
			assign pushed = pushed_q;
			assign popped = popped_q;
			if (EARLY != 0) begin : g_early
				reg [PLACE_BITS-1:0] claimed_q;
				always @(posedge clk)
					if (rst)
						claimed_q <= {PLACE_BITS{1'b0}};
					else if (claim)
						claimed_q <= claimed_q == END[PLACE_BITS-1:0] ? {PLACE_BITS{1'b0}} : claimed_q + 1'b1;
				assign claimed = claimed_q;
			end else begin : g_late
				assign claimed = pushed_q;
			end
		end
	endgenerate

	wire [DEPTH*WIDTH-1:0] words;
	genvar k;
	generate
		for (k = 0; k < DEPTH; k = k + 1) begin : g_place
			localparam [31:0] PLACE = k;
			reg [WIDTH-1:0] word_q;
			wire late_here = push & write & (pushed == PLACE[PLACE_BITS-1:0]);
			wire early_here = EARLY != 0 && claim && early && claimed == PLACE[PLACE_BITS-1:0];
			always @(posedge clk)
				if (late_here)
					word_q <= word;
				else if (early_here)
					word_q <= early_word;
			assign words[k*WIDTH +: WIDTH] = word_q;
		end
		if (DEPTH == 1) begin : g_only
			assign out = words;
			// verilator lint_off UNUSED
			wire unused = popped;
			// verilator lint_on UNUSED
		end else begin : g_select
			assign out = words[popped*WIDTH +: WIDTH];
		end
	endgenerate
endmodule
`default_nettype wire
