`default_nettype none
// Left shifter that drops copies of the sign, largest step first: step k shifts by 2^k when the topmost 2^k bits all equal the sign and
// the room allows it, so the total is the smaller of the number of leading sign copies and `room`. Combinational.
// What is left of the steps below shortens the word: 24 bits, a guard bit and 2^k - 1 more stay after step k, the rest goes into `sticky`.
module normaliser #(
	parameter WIDTH = 52, // bits below the sign, at least 25
	parameter TOP = 6,    // steps TOP - 1 down to LOW
	parameter LOW = 0
) (
	input  wire             sign,
	input  wire [WIDTH-1:0] in,
	input  wire             in_sticky,
	input  wire             in_free, // room is larger than all steps together
	input  wire [TOP-1:LOW] room,    // largest total shift, when not free
	output wire [WIDTH-1:0] out,     // lowest bits 0 where they went into sticky
	output wire             sticky,  // or of the bits dropped, not inverted for a negative number
	output wire             free,
	output wire [TOP-1:LOW] taken    // steps that were taken
);
	// Two steps at a time, so that one look at three quarters of a step's reach decides both: the lower of two steps sees the first quarter,
	// or the third when the upper one is taken. An odd step goes first, alone.
	reg [WIDTH-1:0] word;
	reg [WIDTH-1:0] rest, drop, left;
	reg lost, loose, first, second, third, same;
	reg [TOP-1:LOW] steps;
	integer k;
	always @* begin
		word = in;
		lost = in_sticky;
		loose = in_free;
		steps = {(TOP-LOW){1'b0}};
		third = 1'b0;
		first = 1'b0;
		for (k = TOP - 1; k >= LOW; k = k - 1) begin
			if ((k - LOW) % 2 == 1) begin
				rest = {WIDTH{1'b1}} >> (1 << (k - 1)); // behind the first quarter
				first = sign ? &(word | rest) : ~|(word & ~rest);
				second = sign ? &((word << (1 << (k - 1))) | rest) : ~|((word << (1 << (k - 1))) & ~rest);
				third = sign ? &((word << (1 << k)) | rest) : ~|((word << (1 << k)) & ~rest);
				same = first & second;
			end else if (k == TOP - 1) begin
				rest = {WIDTH{1'b1}} >> (1 << k);
				second = 1'b0;
				same = sign ? &(word | rest) : ~|(word & ~rest);
			end else begin
				rest = {WIDTH{1'b0}};
				second = 1'b0;
				same = steps[k+1] ? third : first;
			end
			steps[k] = same & (loose | room[k]);
			loose = loose | (room[k] & ~same);
			// behind the bits kept when nothing moves, and when the step is taken
			drop = (24 + (1 << k)) < WIDTH ? {WIDTH{1'b1}} >> (24 + (1 << k)) : {WIDTH{1'b0}};
			left = drop >> (1 << k);
			lost = lost | (|(word & left)) | (~steps[k] & (|(word & drop)));
			word = (steps[k] ? word << (1 << k) : word) & ~drop;
		end
	end

	assign out = word;
	assign sticky = lost;
	assign free = loose;
	assign taken = steps;
endmodule
`default_nettype wire
