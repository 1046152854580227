//@ only if engine_classic && side_weight
`default_nettype none
// A PE without its activation registers, which the PEs of a broadcast share (pe_group.v): distiller and datapath.
module pe_core (
	input  wire                       clk,
	input  wire                       rst,
	//Control
	input  wire                       valid,     // weights and activations of a group stand on the ports
	output wire                       can_take,
	input  wire                       take,
	input  wire                       last,
	input  wire [@{mode_bits-1}:0] mode,
	input  wire                       is_float,
	input  wire [@{zero_bits-1}:0] zero,
	output wire [@{slots-1}:0] tail,
	//Data
	input  wire [@{n*w_slot_bits-1}:0] wgt,
	input  wire [@{n*a_slot_bits-1}:0] act,       // for exponents and gating
	input  wire [@{slots*n*select_bits-1}:0] mags,      // activation registers
	input  wire [@{slots*n*sign_blocks-1}:0] act_signs,
	//Results
	output wire                       out_valid,
	input  wire                       out_ready,
	output wire [@{out_bits-1}:0] out_result,
	output wire [3:0]                 out_flags,
	//Status
	output wire                       busy,
	output wire                       blocked
); /* verilator no_inline_module */
	localparam SLOTS = @{slots};

	wire [SLOTS-1:0] slot_unit;
	wire [@{lanes*slots*n-1}:0] first;
	wire [@{lanes*slots-1}:0] grant;
	wire [@{slots*n*sign_blocks-1}:0] signs;
	wire [@{mode_bits-1}:0] lane_mode;
	wire unit_end, unit_parity, unit_float, output_end, credit;
	wire [@{exp_bits-1}:0] exp_max;
	wire [4:0] specials;
	distiller #(
		.N(@{n}), .SLOTS(SLOTS), .WINDOW(@{selector_window}), .DISTILLED(0), .D_BITS(@{w_slot_bits}), .O_BITS(@{a_slot_bits}),
		.O_MAG(@{select_bits}), .MODE_BITS(@{mode_bits}), .ZERO_BITS(@{zero_bits}), .LANES(@{lanes}), .SIGN_BLOCKS(@{sign_blocks}),
		.SIGN_LANES(@{sign_lanes}), .HAS_FLOAT(@{has_float}), .GATE(@{gate_zero_activations}), .GUARD(@{guard_bits}),
		.EXP_BITS(@{exp_bits}), .GROUP_CYCLES(@{group_cycles}), .EXP_CYCLES(@{exp_cycles}), .ALIGN_CYCLES(@{align_cycles}),
		.SLICE(@{slice}), .CUTS(@{pre_cuts}), .POST_WAIT(@{post_wait})
	) distiller (
		.clk(clk), .rst(rst), .valid(valid), .can_take(can_take), .take(take), .last(last), .mode(mode), .is_float(is_float),
		.zero(zero), .tail(tail), .distilled(wgt), .other(act), .first(first), .grant(grant), .signs(signs), .slot_unit(slot_unit),
		.lane_mode(lane_mode), .credit(credit), .unit_end(unit_end), .unit_parity(unit_parity), .unit_float(unit_float),
		.output_end(output_end), .exp_max(exp_max), .specials(specials), .busy(busy), .blocked(blocked)
	);
	pe_datapath datapath (
		.clk(clk), .rst(rst), .first(first), .grant(grant), .distilled_signs(signs), .slot_unit(slot_unit), .lane_mode(lane_mode), .mags(mags),
		.selected_signs(act_signs), .unit_end(unit_end), .unit_parity(unit_parity), .unit_float(unit_float), .output_end(output_end),
		.exp_max(exp_max), .specials(specials), .credit(credit), .out_valid(out_valid), .out_ready(out_ready),
		.out_result(out_result), .out_flags(out_flags)
	);
endmodule
`default_nettype wire
