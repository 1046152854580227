`default_nettype none
// PEs in lock step behind one broadcast: they load every group together, so the broadcast operand is held once for all of them.
// engine: dense - plain multipliers; classic - bit interleaving:
// side: weight - each PE distils its own weights, the activations are held once; side: activation - one distiller's selects serve every PE.
// Throughput and latency are the distiller's and pe_datapath's; a group costs what it costs the slowest PE.
module pe_group #(
	parameter PES = 1
) (
	input  wire                       clk,
	input  wire                       rst,
	//Activations, broadcast
	input  wire                       act_valid,
	output wire                       act_ready,
	input  wire [@{n*a_slot_bits-1}:0] act,
	input  wire                       act_last,
	input  wire [@{mode_bits-1}:0] act_mode,
	input  wire [@{zero_bits-1}:0] act_zero,
	//Weights, one stream a PE
	input  wire [PES-1:0]             wgt_valid,
	output wire [PES-1:0]             wgt_ready,
	input  wire [PES*@{n*w_slot_bits}-1:0] wgt,
	//Results, one stream a PE
	output wire [PES-1:0]             out_valid,
	input  wire [PES-1:0]             out_ready,
	output wire [PES*@{out_bits}-1:0] out_result,
	output wire [PES*4-1:0]           out_flags,
	//Status, for counters
	output wire [PES-1:0]             busy,    // groups are held
	output wire [PES-1:0]             blocked  // a finished output waits for a place in the result FIFO
);
	localparam N = @{n};
//@ if engine_classic
	localparam SLOTS = @{slots};
//@ end
	localparam W_WORDS = @{n*w_slot_bits};
	localparam O_BITS = @{out_bits};

	wire is_float =
//@ for m in 0..modes-1
//@ if mode[m].is_float
		act_mode == @{mode_bits}'d@{m} ||
//@ end
//@ end
		1'b0;

	wire take;
	assign act_ready = take;
	assign wgt_ready = {PES{take}};
	genvar p;

//@ if engine_dense
	wire [PES-1:0] can_take;
	assign take = &can_take;
	reg last_q, float_q;
	reg [@{mode_bits-1}:0] mode_q;
	always @(posedge clk)
		if (take) begin
			last_q <= act_last;
			float_q <= is_float;
			mode_q <= act_mode;
		end
	wire [N*@{a_field_bits}-1:0] fields;
	dense_operand #(.N(N), .OPERAND(1), .WORD_BITS(@{a_slot_bits}), .FIELD_BITS(@{a_field_bits})) activation (
		.mode(act_mode), .zero(act_zero), .words(act), .fields(fields)
	);
	wire [N*@{a_factor_bits}-1:0] numbers, held; // what is multiplied
	wire [N*@{a_factor_bits}-1:0] factors;       // the same beside the aligned weights
	genvar i;
	generate
		for (i = 0; i < N; i = i + 1) begin : g_number
			assign numbers[i*@{a_factor_bits} +: @{a_factor_bits}] = fields[i*@{a_field_bits} +: @{a_factor_bits}];
		end
	endgenerate
	load_reg #(.WIDTH(N * @{a_factor_bits})) activation_reg (.clk(clk), .load(take), .in(numbers), .out(held));
	delay #(.WIDTH(N * @{a_factor_bits}), .CYCLES(@{pre_cuts})) delay_numbers (.clk(clk), .rst(rst), .in(held), .out(factors));
	generate
		for (p = 0; p < PES; p = p + 1) begin : g_pe
			dense_core core (
				.clk(clk), .rst(rst), .valid(act_valid & wgt_valid[p]), .can_take(can_take[p]), .take(take), .mode(act_mode), .last(last_q),
				.is_float(float_q), .held_mode(mode_q), .wgt(wgt[p*W_WORDS +: W_WORDS]), .port_float(is_float), .act(fields), .factors(factors),
				.out_valid(out_valid[p]), .out_ready(out_ready[p]), .out_result(out_result[p*O_BITS +: O_BITS]),
				.out_flags(out_flags[p*4 +: 4]), .busy(busy[p]), .blocked(blocked[p])
			);
		end
	endgenerate
//@ elif side_activation
	wire can_take;
	wire [SLOTS-1:0] tail, slot_unit;
	wire [@{lanes}*SLOTS*N-1:0] first;
	wire [@{lanes}*SLOTS-1:0] grant;
	wire [SLOTS*N*@{sign_blocks}-1:0] signs;
	wire [@{mode_bits-1}:0] lane_mode;
	wire unit_end, unit_parity, unit_float, output_end;
	wire [@{exp_bits-1}:0] exp_max;
	wire [4:0] specials;
	wire [PES-1:0] credit;
	wire one_busy, one_blocked;
	assign busy = {PES{one_busy}};
	assign blocked = {PES{one_blocked}};
	assign take = can_take & (&wgt_valid);
	distiller #(
		.N(N), .SLOTS(SLOTS), .WINDOW(@{selector_window}), .DISTILLED(1), .D_BITS(@{a_slot_bits}), .O_BITS(@{w_slot_bits}),
		.O_MAG(@{select_bits}), .MODE_BITS(@{mode_bits}), .ZERO_BITS(@{zero_bits}), .LANES(@{lanes}), .SIGN_BLOCKS(@{sign_blocks}),
		.SIGN_LANES(@{sign_lanes}), .HAS_FLOAT(0), .GATE(0), .GUARD(0), .EXP_BITS(@{exp_bits}), .GROUP_CYCLES(@{group_cycles}),
		.EXP_CYCLES(@{exp_cycles}), .ALIGN_CYCLES(@{align_cycles}), .SLICE(@{slice}), .CUTS(@{pre_cuts}), .POST_WAIT(0)
	) distiller (
		.clk(clk), .rst(rst), .valid(act_valid & (&wgt_valid)), .can_take(can_take), .take(take), .last(act_last), .mode(act_mode),
		.is_float(is_float), .zero(act_zero), .tail(tail), .distilled(act), .other({(N*@{w_slot_bits}){1'b0}}), .first(first), .grant(grant),
		.signs(signs), .slot_unit(slot_unit), .lane_mode(lane_mode), .credit(&credit), .unit_end(unit_end), .unit_parity(unit_parity),
		.unit_float(unit_float), .output_end(output_end), .exp_max(exp_max), .specials(specials), .busy(one_busy), .blocked(one_blocked)
	);
	generate
		for (p = 0; p < PES; p = p + 1) begin : g_pe
			wire [SLOTS*N*@{select_bits}-1:0] mags;
			wire [SLOTS*N*@{sign_blocks}-1:0] weight_signs;
			operand_reg #(
				.N(N), .SLOTS(SLOTS), .OPERAND(0), .WORD_BITS(@{w_slot_bits}), .MAG_BITS(@{select_bits}), .SIGN_BLOCKS(@{sign_blocks}),
				.MODE_BITS(@{mode_bits}), .ZERO_BITS(@{zero_bits}), .EXP_WIDTH(@{exp_bits-1})
			) weight_reg (
				.clk(clk), .load(tail & {SLOTS{take}}), .mode(act_mode), .zero(act_zero), .words(wgt[p*W_WORDS +: W_WORDS]),
				.mags(mags), .signs(weight_signs)
			);
			pe_datapath datapath (
				.clk(clk), .rst(rst), .first(first), .grant(grant), .distilled_signs(signs), .slot_unit(slot_unit), .lane_mode(lane_mode),
				.mags(mags), .selected_signs(weight_signs), .unit_end(unit_end), .unit_parity(unit_parity), .unit_float(unit_float),
				.output_end(output_end), .exp_max(exp_max), .specials(specials), .credit(credit[p]), .out_valid(out_valid[p]),
				.out_ready(out_ready[p]), .out_result(out_result[p*O_BITS +: O_BITS]), .out_flags(out_flags[p*4 +: 4])
			);
		end
	endgenerate
//@ else
	wire [PES-1:0] can_take;
	wire [PES*SLOTS-1:0] tails; // the same in every PE
	wire [SLOTS*N*@{select_bits}-1:0] mags;
	wire [SLOTS*N*@{sign_blocks}-1:0] signs;
	assign take = &can_take;
	operand_reg #(
		.N(N), .SLOTS(SLOTS), .OPERAND(1), .WORD_BITS(@{a_slot_bits}), .MAG_BITS(@{select_bits}), .SIGN_BLOCKS(@{sign_blocks}),
		.MODE_BITS(@{mode_bits}), .ZERO_BITS(@{zero_bits}), .EXP_WIDTH(@{exp_bits-1})
	) activation_reg (
		.clk(clk), .load(tails[SLOTS-1:0] & {SLOTS{take}}), .mode(act_mode), .zero(act_zero), .words(act), .mags(mags), .signs(signs)
	);
	// verilator lint_off UNUSED
	wire unused = ^tails;
	// verilator lint_on UNUSED
	generate
		for (p = 0; p < PES; p = p + 1) begin : g_pe
			pe_core core (
				.clk(clk), .rst(rst), .valid(act_valid & wgt_valid[p]), .can_take(can_take[p]), .take(take), .last(act_last),
				.mode(act_mode), .is_float(is_float), .zero(act_zero), .tail(tails[p*SLOTS +: SLOTS]),
				.wgt(wgt[p*W_WORDS +: W_WORDS]), .act(act), .mags(mags), .act_signs(signs), .out_valid(out_valid[p]),
				.out_ready(out_ready[p]), .out_result(out_result[p*O_BITS +: O_BITS]), .out_flags(out_flags[p*4 +: 4]),
				.busy(busy[p]), .blocked(blocked[p])
			);
		end
	endgenerate
//@ end
endmodule
`default_nettype wire
