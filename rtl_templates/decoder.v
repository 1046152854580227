//@ only if engine_classic
`default_nettype none
// Decoder of one lane (paper section 4.1): each slot's one-hot `first` picks a magnitude and its product's sign from that slot's bank,
// `grant` picks the slot; none gives 0 ("fill 0"). A negative product's magnitude comes out inverted; the
// adder tree does the rest. CUT = 1 puts a register at the output.
module decoder #(
	parameter N = 16,        // pairs a slot
	parameter SLOTS = 1,
	parameter WIDTH = 24,
	parameter CUT = 1
) (
	// verilator lint_off UNUSED
	input  wire                       clk,
	// verilator lint_on UNUSED
	input  wire [SLOTS*N-1:0]         first,
	input  wire [SLOTS-1:0]           grant,
	input  wire [SLOTS*N*WIDTH-1:0]   mags,      // slot k, pair i at (k * N + i) * WIDTH
	input  wire [SLOTS*N-1:0]         negatives, // sign of each product
	input  wire [WIDTH-1:0]           mask,      // bits of the lane's sub-word
	output wire [WIDTH-1:0]           pick,      // inverted when negative
	output wire                       negative
);
	reg [WIDTH-1:0] mag, bank;
	reg sign;
	integer i, k;
	always @* begin
		mag = {WIDTH{1'b0}};
		sign = 1'b0;
		for (k = 0; k < SLOTS; k = k + 1) begin
			bank = {WIDTH{1'b0}};
			for (i = 0; i < N; i = i + 1)
				bank = bank | ({WIDTH{first[k*N+i]}} & mags[(k*N+i)*WIDTH +: WIDTH]);
			mag = mag | ({WIDTH{grant[k]}} & bank);
			sign = sign | (grant[k] & (|(first[k*N +: N] & negatives[k*N +: N])));
		end
		mag = mag & mask;
	end

	wire [WIDTH:0] picked; // inverted in front of the register: the adder tree has the longer way
	delay #(.WIDTH(WIDTH + 1), .CYCLES(CUT)) cut (.clk(clk), .rst(1'b0), .in({sign, mag ^ {WIDTH{sign}}}), .out(picked));
	assign {negative, pick} = picked;
endmodule
`default_nettype wire
