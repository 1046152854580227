//@ only if engine_classic
`default_nettype none
// Sum of a few neighbouring lanes, each shifted by its significance ("fixed amount shifting by wire connections", paper section 4.2).
// Combinational. Two's complement without sign extension: a negative pick comes inverted, x = ~pick, and -pick = x + 1 - 2^WIDTH, so all
// the +1 and the -2^WIDTH of the lanes make one more row, {-signs, 0, signs}.
module lane_chunk #(
	parameter LANES = 8,
	parameter WIDTH = 24                  // of a pick
) (
	input  wire [LANES*WIDTH-1:0]   picks,     // inverted where negative
	input  wire [LANES-1:0]         negatives,
	output reg  [WIDTH+LANES:0]     sum       // two's complement
);
	integer l;
	always @* begin
		sum = ({{(WIDTH+1){1'b0}}, negatives} - {1'b0, negatives, {WIDTH{1'b0}}});
		for (l = 0; l < LANES; l = l + 1)
			sum = sum + ({{(LANES+1){1'b0}}, picks[l*WIDTH +: WIDTH]} << l);
	end
endmodule
`default_nettype wire
