//@ only if has_fixed
`default_nettype none
// Saturates an exact sum to RESULT_BITS, two's complement, and extends it to the result word. Combinational.
module fixed_result #(
	parameter SUM_BITS = 53,
	parameter RESULT_BITS = 32,
	parameter OUT_BITS = 32 // at least RESULT_BITS
) (
	input  wire [SUM_BITS-1:0] sum,
	output wire [OUT_BITS-1:0] result,
	output wire                overflow // saturated
);
	wire [RESULT_BITS-1:0] value;
	generate
		if (SUM_BITS > RESULT_BITS) begin : g_saturate
			wire sign = sum[SUM_BITS-1];
			assign overflow = sum[SUM_BITS-2:RESULT_BITS-1] != {(SUM_BITS-RESULT_BITS){sign}};
			assign value = {sign, overflow ? {(RESULT_BITS-1){~sign}} : sum[RESULT_BITS-2:0]};
		end else begin : g_extend
			assign overflow = 1'b0;
			assign value = {{(RESULT_BITS-SUM_BITS+1){sum[SUM_BITS-1]}}, sum[SUM_BITS-2:0]};
		end
	endgenerate
	assign result = {{(OUT_BITS-RESULT_BITS+1){value[RESULT_BITS-1]}}, value[RESULT_BITS-2:0]};
endmodule
`default_nettype wire
