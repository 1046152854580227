`default_nettype none
// One processing element of @{name}: N = @{n}, @{lanes} lanes. Ports and cycles: docs/engine.md sections 9 and 10.
module bitlet_pe (
	input  wire                       clk,
	input  wire                       rst,
	input  wire                       act_valid,
	output wire                       act_ready,
	input  wire [@{n*a_slot_bits-1}:0] act,
	input  wire                       act_last,
	input  wire [@{mode_bits-1}:0] act_mode,
	input  wire [@{zero_bits-1}:0] act_zero,
	input  wire                       wgt_valid,
	output wire                       wgt_ready,
	input  wire [@{n*w_slot_bits-1}:0] wgt,
	output wire                       out_valid,
	input  wire                       out_ready,
	output wire [@{out_bits-1}:0] out_result,
	output wire [3:0]                 out_flags,
	output wire                       busy,
	output wire                       blocked
);
	pe_group #(.PES(1)) pe (
		.clk(clk), .rst(rst), .act_valid(act_valid), .act_ready(act_ready), .act(act), .act_last(act_last), .act_mode(act_mode),
		.act_zero(act_zero), .wgt_valid(wgt_valid), .wgt_ready(wgt_ready), .wgt(wgt), .out_valid(out_valid), .out_ready(out_ready),
		.out_result(out_result), .out_flags(out_flags), .busy(busy), .blocked(blocked)
	);
endmodule
`default_nettype wire
