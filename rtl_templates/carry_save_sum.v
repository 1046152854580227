//@ only if has_float && accumulation_wide && pipeline.accumulator >= 2
`default_nettype none
// The sum of wide_accumulator in three parts, A = save + carry + late, so that no carry runs through its loop: A' = (A >>> places) + term.
// Both words are shifted alone; late is the carry out of the bits that they lost, known two cycles later, and it only ever meets
// the lowest bit, so its own loop is one gate deep. One step a cycle. acc and lost come a cycle after their step, two with CUT.
module carry_save_sum #(
	parameter WIDTH = 65,     // two's complement bits of A: no sum needs more
	parameter SHIFT_BITS = 7, // its largest value leaves nothing but the sign
	parameter CUT = 1,        // 1: a register behind the choice of the carry
	parameter SPLIT = 0       // 1: faster, larger adder
) (
	input  wire                  clk,
	//Step
	input  wire                  keep,  // A counts; else it was 0
	input  wire                  raise, // A is shifted by shift + 1 places; only with keep
	input  wire [SHIFT_BITS-1:0] shift,
	input  wire [WIDTH-1:0]      term,
	//A, and whether this step shifted a 1 out of it
	output wire [WIDTH-1:0]      acc,
	output wire                  lost
);
	reg [WIDTH-1:0] save_q, carry_q;

	//Loop
	wire [WIDTH-1:0] save, carry;
	wire [WIDTH-1:0] save_lower = {save_q[WIDTH-1], save_q[WIDTH-1:1]};
	wire [WIDTH-1:0] carry_lower = {carry_q[WIDTH-1], carry_q[WIDTH-1:1]};
	wire stay = keep & ~raise;
	wire [SHIFT_BITS-1:0] places = shift & {SHIFT_BITS{raise}};
	// verilator lint_off UNUSED
	wire save_lost, carry_lost, carries_lost; // of A both together count
	// verilator lint_on UNUSED
	arithmetic_shifter #(.WIDTH(WIDTH), .SHIFT_BITS(SHIFT_BITS)) save_shifter (
		.in((save_lower & {WIDTH{raise}}) | (save_q & {WIDTH{stay}})), .shift(places), .out(save), .lost(save_lost));
	arithmetic_shifter #(.WIDTH(WIDTH), .SHIFT_BITS(SHIFT_BITS)) carry_shifter (
		.in((carry_lower & {WIDTH{raise}}) | (carry_q & {WIDTH{stay}})), .shift(places), .out(carry), .lost(carry_lost));
	wire [WIDTH-1:0] majority = (save & carry) | (save & term) | (carry & term);
	wire [WIDTH-1:0] parity = save ^ carry ^ term;
	always @(posedge clk) begin
		// twice the majority may need a bit more; the sum does not, so both words can give half of that
		save_q <= {parity[WIDTH-1] ^ majority[WIDTH-1] ^ majority[WIDTH-2], parity[WIDTH-2:0]};
		carry_q <= {majority[WIDTH-1], majority[WIDTH-3:0], 1'b0};
	end

	//Behind the loop: what this step shifts out of save + carry
	wire [WIDTH-1:0] total;
	split_adder #(.WIDTH(WIDTH), .SPLIT(SPLIT)) adder (.a(save_q), .b(carry_q), .sum(total));
	wire top = (save_q[WIDTH-1] & carry_q[WIDTH-1]) | ((save_q[WIDTH-1] | carry_q[WIDTH-1]) & ~total[WIDTH-1]);
	reg [WIDTH-1:0] total_q;
	reg [WIDTH:0] carries_q; // into each bit
	reg keep_q, raise_q;
	reg [SHIFT_BITS-1:0] shift_q;
	always @(posedge clk) begin
		total_q <= total;
		carries_q <= {top, save_q ^ carry_q ^ total};
		keep_q <= keep;
		raise_q <= raise;
		shift_q <= shift;
	end

	// verilator lint_off UNUSED
	wire [WIDTH:0] carries; // from the one into the lowest bit that stays
	// verilator lint_on UNUSED
	arithmetic_shifter #(.WIDTH(WIDTH + 1), .SHIFT_BITS(SHIFT_BITS)) selector (
		.in({carries_q[WIDTH], carries_q[WIDTH:1]}), .shift(shift_q), .out(carries), .lost(carries_lost));
	wire [WIDTH-1:0] low = ~(({WIDTH{1'b1}} << 1) << shift_q);
	// late carry: made here, or passed on; a 1 lost with a late carry into A, and without one
	wire [3:0] choice = {raise_q & carries[0], keep_q & (~raise_q | &(total_q | ~low)), raise_q & ~(&(total_q | ~low)), raise_q & |(total_q & low)};
	wire made, passed, lost_with, lost_without;
	delay #(.WIDTH(4), .CYCLES(CUT)) cut (.clk(clk), .rst(1'b0), .in(choice), .out({made, passed, lost_with, lost_without}));
	reg late_q;
	wire late = made | (passed & late_q);
	always @(posedge clk)
		late_q <= late;
	assign acc = (CUT == 0 ? total : total_q) + {{(WIDTH-1){1'b0}}, late};
	assign lost = late_q ? lost_with : lost_without;
endmodule
`default_nettype wire
