`default_nettype none
// Rounds a normalised (or, with base 0, denormal) significand to nearest even and packs it below the sign. Combinational.
// A negative number comes as one's complement: its magnitude is one unit of the lowest bit ever dropped above what significand, guard and
// sticky say, sticky being the or of the bits before they were inverted. That unit is merged into the rounding here.
module rounder #(
	parameter BASE_BITS = 10 // at least 8
) (
	input  wire                 negative,
	input  wire [23:0]          significand, // hidden bit on top
	input  wire                 guard,
	input  wire                 sticky,
	input  wire [BASE_BITS-1:0] base,        // exponent field, less one when the hidden bit is set
	output wire [30:0]          magnitude,   // exponent field and fraction; garbage on overflow
	output wire                 overflow,
	output wire                 underflow,
	output wire                 inexact
);
	// positive: more than half, or half and odd; negative with nothing behind the guard: guard means exactly one more, no guard means half
	wire odd = significand[0];
	wire up = sticky ? guard : negative ? guard | odd : guard & odd;
	wire [BASE_BITS+22:0] packed_sum = {base, 23'b0} + {{(BASE_BITS-1){1'b0}}, significand} + {{(BASE_BITS+22){1'b0}}, up};
	wire [BASE_BITS-1:0] field = packed_sum[BASE_BITS+22:23];

	assign magnitude = packed_sum[30:0];
	generate
		if (BASE_BITS > 8) begin : g_high
			assign overflow = (|field[BASE_BITS-1:8]) | (&field[7:0]);
		end else begin : g_low
			assign overflow = &field;
		end
	endgenerate
	assign inexact = sticky | (guard ^ negative) | overflow;
	assign underflow = inexact & ~significand[23] & ~overflow;
endmodule
`default_nettype wire
