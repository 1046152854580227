`default_nettype none
// Final packager (paper section 4.2): the sum S with exponent F, worth S * 2^(F - K), to fp32, round to nearest even, with gradual underflow
// (docs/engine.md section 6). F comes as `room`, see float_packer. What is known to be no number overrides the sum.
// One sum a cycle, no back-pressure; latency CUTS cycles. Cuts in the order in which they are put in: before rounding, behind the coarse steps
// of the normaliser, behind the result.
module final_packager #(
	parameter SUM_BITS = 53,  // two's complement bits of S, at least 3
	parameter ROOM_BITS = 10, // two's complement bits of room, at least 9
	parameter LIMIT = 1,      // 0: room is never less than SUM_BITS - 2 (no result is subnormal)
	parameter CUTS = 1,       // 0 to 3
	parameter TAG_BITS = 1    // bits that travel along
) (
	input  wire                 clk,
	//Data in
	input  wire [SUM_BITS-1:0]  sum,
	input  wire [ROOM_BITS-1:0] room,   // F + 124 + SUM_BITS - K
	input  wire                 sign,   // of the result: the sum's, unless somebody knows better
	input  wire [3:0]           kind,   // nan, infinity, invalid, inexact; the latter two go to the flags
	input  wire [TAG_BITS-1:0]  in_tag,
	//Data out
	output wire [31:0]          result,
	output wire [3:0]           flags,  // invalid, overflow, underflow, inexact
	output wire [TAG_BITS-1:0]  tag
);
	generate
		if (CUTS < 0 || CUTS > 3 || SUM_BITS < 3 || SUM_BITS > 120) begin : g_check
			final_packager_needs_cuts_0_to_3_and_sum_bits_3_to_120 bad_parameter ();
		end
	endgenerate

	wire overflow, underflow, inexact;
	wire [30:0] magnitude;
	wire packed_sign, nan, infinity, invalid, was_inexact;
	wire [TAG_BITS-1:0] packed_tag;
	float_packer #(
		.SUM_BITS(SUM_BITS), .ROOM_BITS(ROOM_BITS), .LIMIT(LIMIT), .CUT_COARSE(CUTS >= 2 ? 1 : 0), .CUT_FINE(CUTS >= 1 ? 1 : 0),
		.TAG_BITS(TAG_BITS + 5)
	) packer (
		.clk(clk), .sum(sum), .room(room), .in_tag({in_tag, sign, kind}), .tag({packed_tag, packed_sign, nan, infinity, invalid, was_inexact}),
		.magnitude(magnitude), .overflow(overflow), .underflow(underflow), .inexact(inexact));

	wire special = nan | infinity;
	wire full = special | overflow; // exponent field all ones
	wire [31:0] packed_result = {
		packed_sign & ~nan,
		magnitude[30:23] | {8{full}},
		(magnitude[22] & ~full) | nan,
		magnitude[21:0] & {22{~full}}};
	wire [3:0] packed_flags = {invalid, {overflow, underflow, inexact | was_inexact} & {3{~special}}};

	delay #(.WIDTH(TAG_BITS + 36), .CYCLES(CUTS >= 3 ? 1 : 0)) cut_out (
		.clk(clk), .rst(1'b0), .in({packed_tag, packed_flags, packed_result}), .out({tag, flags, result}));
endmodule
`default_nettype wire
