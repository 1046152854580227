//@ only if engine_classic
`default_nettype none
// Front half of the Bitlet Compute Engine (paper section 4.1): Preprocess, Wire Orchestrator and one RR-reg a lane, with the ring of
// groups that feeds them. Its selects drive the decoders of one PE, or of all PEs when activations are distilled.
// A group costs max(1, its busiest lane, GROUP_CYCLES) cycles from load to load with SLOTS = 1; docs/engine.md section 9 is the contract.
// Back-pressure: a group loads only when `take` comes; an output ends only with `credit`. Nothing behind the lanes ever stalls.
module distiller #(
	parameter N = 16,
	parameter SLOTS = 1,          // groups held
	parameter WINDOW = 0,
	parameter DISTILLED = 0,      // 0 weight, 1 activation
	parameter D_BITS = 32,
	parameter O_BITS = 32,
	parameter O_MAG = 24,
	parameter MODE_BITS = 1,
	parameter ZERO_BITS = 1,
	parameter LANES = 24,
	parameter SIGN_BLOCKS = 1,
	parameter SIGN_LANES = 24,
	parameter HAS_FLOAT = 1,
	parameter GATE = 0,
	parameter GUARD = 0,
	parameter EXP_BITS = 9,
	parameter GROUP_CYCLES = 8,
	parameter EXP_CYCLES = 3,
	parameter ALIGN_CYCLES = 3,
	parameter SLICE = 6,
	parameter CUTS = 2,
	parameter POST_WAIT = 0       // least distance of two float end tags, less one (fp32 accumulation)
) (
	input  wire                           clk,
	input  wire                           rst,
	//Control
	input  wire                           valid,      // a group stands on the ports below
	output wire                           can_take,   // it is preprocessed and there is room for it
	input  wire                           take,       // load it at this edge
	input  wire                           last,
	input  wire [MODE_BITS-1:0]           mode,
	input  wire                           is_float,   // of `mode`
	input  wire [ZERO_BITS-1:0]           zero,
	output wire [SLOTS-1:0]               tail,       // one hot: the slot that the next group gets
	//Data
	input  wire [N*D_BITS-1:0]            distilled,
	input  wire [N*O_BITS-1:0]            other,
	//Lanes
	output wire [LANES*SLOTS*N-1:0]       first,      // lane l, slot k, pair i at (l * SLOTS + k) * N + i: lowest bit of each slot
	output wire [LANES*SLOTS-1:0]         grant,      // lane l at l * SLOTS, one hot or 0: the slot it issues from
	output wire [SLOTS*N*SIGN_BLOCKS-1:0] signs,      // of the distilled operands: slot k, block b, pair i at (k * SIGN_BLOCKS + b) * N + i
	output wire [SLOTS-1:0]               slot_unit,  // parity of the unit that a slot's group belongs to
	output wire [MODE_BITS-1:0]           lane_mode,  // precision of the groups held
	//End tag: the lanes issue the last bits of a unit in this cycle, or have done so before
	input  wire                           credit,     // the result FIFO has room for one more output
	output wire                           unit_end,
	output wire                           unit_parity,
	output wire                           unit_float,
	output wire                           output_end, // unit_end, and the unit ends an output
	output wire [EXP_BITS-1:0]            exp_max,    // of the float group that ends
	output wire [4:0]                     specials,
	//Status, for counters
	output wire                           busy,       // groups are held
	output wire                           blocked     // the head group is finished, but its output lacks a credit
);
	genvar k, l;

	wire done;
	wire [N*LANES-1:0] columns;
	wire [N*SIGN_BLOCKS-1:0] group_signs;
	wire [EXP_BITS-1:0] group_exp;
	wire [4:0] group_specials;
	preprocess #(
		.N(N), .DISTILLED(DISTILLED), .D_BITS(D_BITS), .O_BITS(O_BITS), .O_MAG(O_MAG), .MODE_BITS(MODE_BITS), .ZERO_BITS(ZERO_BITS),
		.LANES(LANES), .SIGN_BLOCKS(SIGN_BLOCKS), .SIGN_LANES(SIGN_LANES), .HAS_FLOAT(HAS_FLOAT), .GATE(GATE), .GUARD(GUARD),
		.EXP_BITS(EXP_BITS), .GROUP_CYCLES(GROUP_CYCLES), .EXP_CYCLES(EXP_CYCLES), .ALIGN_CYCLES(ALIGN_CYCLES), .SLICE(SLICE), .CUTS(CUTS)
	) preprocess (
		.clk(clk), .rst(rst), .valid(valid), .take(take), .is_float(is_float), .mode(mode), .zero(zero), .distilled(distilled),
		.other(other), .done(done), .columns(columns), .signs(group_signs), .exp_max(group_exp), .specials(group_specials)
	);

	wire [LANES*N-1:0] lanes;
	wire_orchestrator #(.N(N), .LANES(LANES)) orchestrator (.columns(columns), .lanes(lanes));

	//State: the ring
	reg [SLOTS-1:0] held_q, head_q, tail_q;
	reg [SLOTS-1:0] ends_output_q, ends_unit_q, unit_q;
	reg next_unit_q;                // parity of the unit that the next group belongs to
	reg begins_q;                   // the next group begins a unit
	reg float_q;
	reg [MODE_BITS-1:0] mode_q;
	reg [SLOTS*N*SIGN_BLOCKS-1:0] signs_q;

	//Control
	wire [SLOTS-1:0] drained;       // no lane has a bit left in the slot after this cycle
	wire head_held = |(head_q & held_q);
	wire ends_unit = |(head_q & ends_unit_q);
	wire ends_output = |(head_q & ends_output_q);
	wire post_ready;
	wire retire = head_held & (|(head_q & drained)) & (~ends_unit | ((~ends_output | credit) & post_ready));
	wire [SLOTS-1:0] stays = held_q & ~(head_q & {SLOTS{retire}});
	wire alone = is_float | (mode != mode_q); // precisions do not mix in the ring, float groups not even with each other
	wire unit_clash = begins_q & (|(stays & ~(unit_q ^ {SLOTS{next_unit_q}})));
	assign can_take = done & ~rst & ~(|(tail_q & stays)) & ~(alone & (|stays)) & ~unit_clash;

	wire [SLOTS-1:0] load = tail_q & {SLOTS{take}};
	wire group_ends_unit = last | is_float;
	wire [SLOTS-1:0] head_next, tail_next;
	generate
		if (SLOTS > 1) begin : g_rotate
			assign head_next = {head_q[SLOTS-2:0], head_q[SLOTS-1]};
			assign tail_next = {tail_q[SLOTS-2:0], tail_q[SLOTS-1]};
		end else begin : g_fixed
			assign head_next = 1'b1;
			assign tail_next = 1'b1;
		end
		for (k = 0; k < SLOTS; k = k + 1) begin : g_slot
			always @(posedge clk)
				if (load[k]) begin
					ends_output_q[k] <= last;
					ends_unit_q[k] <= group_ends_unit;
					unit_q[k] <= next_unit_q;
					signs_q[k*N*SIGN_BLOCKS +: N*SIGN_BLOCKS] <= group_signs;
				end
		end
	endgenerate
	always @(posedge clk) begin
		if (rst) begin
			held_q <= {SLOTS{1'b0}};
			head_q <= {{(SLOTS-1){1'b0}}, 1'b1} | {SLOTS{SLOTS == 1}};
			tail_q <= {{(SLOTS-1){1'b0}}, 1'b1} | {SLOTS{SLOTS == 1}};
			next_unit_q <= 1'b0;
			begins_q <= 1'b1;
		end else begin
			held_q <= stays | load;
			if (retire)
				head_q <= head_next;
			if (take) begin
				tail_q <= tail_next;
				next_unit_q <= next_unit_q ^ group_ends_unit;
				begins_q <= group_ends_unit;
			end
		end
		if (take) begin
			float_q <= is_float;
			mode_q <= mode;
		end
	end

	//Lanes
	wire [LANES*SLOTS-1:0] empty;
	generate
		for (l = 0; l < LANES; l = l + 1) begin : g_lane
			rr_reg #(.N(N), .SLOTS(SLOTS), .WINDOW(WINDOW)) rr_reg (
				.clk(clk), .rst(rst), .load(load), .head(head_q), .lane(lanes[l*N +: N]),
				.first(first[l*SLOTS*N +: SLOTS*N]), .grant(grant[l*SLOTS +: SLOTS]), .empty(empty[l*SLOTS +: SLOTS])
			);
		end
	endgenerate
	// what each lane issues, for whoever watches a simulation (same layout as `first`, one hot a lane)
	// verilator lint_off UNUSED
	wire [LANES*SLOTS*N-1:0] select;
	// verilator lint_on UNUSED
	generate
		for (l = 0; l < LANES * SLOTS; l = l + 1) begin : g_select
			assign select[l*N +: N] = first[l*N +: N] & {N{grant[l]}};
		end
	endgenerate
	reg [SLOTS-1:0] all_empty;
	integer i;
	always @* begin
		all_empty = {SLOTS{1'b1}};
		for (i = 0; i < LANES; i = i + 1)
			all_empty = all_empty & empty[i*SLOTS +: SLOTS];
	end
	assign drained = all_empty;

	//State: float groups never share the ring, so one copy of what only they need
	generate
		if (HAS_FLOAT != 0) begin : g_float
			reg [EXP_BITS-1:0] exp_q;
			reg [4:0] specials_q;
			always @(posedge clk)
				if (take) begin
					exp_q <= group_exp;
					specials_q <= group_specials & {5{is_float}};
				end
			assign exp_max = exp_q;
			assign specials = specials_q;
			assign unit_float = float_q;
		end else begin : g_fixed_only
			assign exp_max = {EXP_BITS{1'b0}};
			assign specials = 5'd0;
			assign unit_float = 1'b0;
			// verilator lint_off UNUSED
			wire unused = ^{group_exp, group_specials, float_q};
			// verilator lint_on UNUSED
		end
	endgenerate

	tag_spacer #(.WAIT(POST_WAIT)) spacer (.clk(clk), .rst(rst), .float_end(unit_end & float_q), .ready(post_ready));

	assign tail = tail_q;
	assign signs = signs_q;
	assign slot_unit = unit_q;
	assign lane_mode = mode_q;
	assign unit_end = retire & ends_unit;
	assign output_end = retire & ends_output;
	assign busy = |held_q;
	assign blocked = head_held & (|(head_q & drained)) & ends_output & ~credit;
	assign unit_parity = |(head_q & unit_q);
endmodule
`default_nettype wire
