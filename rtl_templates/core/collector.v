`default_nettype none
// Takes results of the PEs pixel by pixel, PE 0 first, LANES at a time (a step), and shows whole steps. Results of PEs that the tile does not use are
// taken and dropped within their pixel. Each result is taken as it comes; two steps are held.
// Throughput: a step a cycle, one idle cycle between tiles. Latency: a cycle from a step's last result to step_valid. All outputs are functions of registers.
module collector #(
	parameter PES = 2,
	parameter LANES = 1,     // power of two, at most PES
	parameter RESULT_BITS = 32
) (
	input  wire                         clk,
	input  wire                         rst,
	//Results of the engine
	input  wire [PES-1:0]               out_valid,
	output wire [PES-1:0]               out_ready,
	input  wire [PES*RESULT_BITS-1:0]   out_result,
	input  wire [PES*4-1:0]             out_flags,
	//Tiles
	input  wire                         begin_valid,
	output wire                         begin_ready,
	input  wire [1:0]                   begin_slot,
	input  wire [31:0]                  begin_pixels,
	input  wire [7:0]                   begin_pes,     // less 1
	//Steps
	output wire                         step_valid,
	input  wire                         step_ready,
	output wire [LANES*RESULT_BITS-1:0] step_results,
	output wire [LANES-1:0]             step_lanes,    // active ones
	output wire [1:0]                   step_slot,
	output wire                         step_first,    // of the tile
	output wire                         step_last,
	output wire                         step_pixel_last,
	//Status: of results taken in the cycle before
	output wire [3:0]                   flags,
	output wire [4:0]                   take_count
);
	localparam STEPS = (PES + LANES - 1) / LANES;
	localparam STEP_BITS = STEPS > 1 ? $clog2(STEPS) : 1;
	localparam LANE_BITS = $clog2(LANES);              // 0 with one lane
	localparam PADDED = STEPS * LANES;
	localparam TAG_BITS = LANES + 5;

	// the tile
	reg active_q, first_q, last_pixel_q;
	reg [1:0] slot_q;
	reg [31:0] pixels_q;                               // not done, this one included
	reg [STEP_BITS-1:0] last_step_q, step_q;
	reg [LANES-1:0] last_lanes_q;                      // active in the pixel's last step
	reg [PES-1:0] idle_q, dropped_q;                   // PEs that the tile does not use; their result of this pixel was taken
	reg [LANES-1:0] have_q;
	reg [1:0] count_q;                                 // steps held
	reg put_q, get_q;

	// results, padded to whole steps
	wire [PADDED-1:0] valid_all;
	wire [PADDED*RESULT_BITS-1:0] result_all;
	wire [PADDED*4-1:0] flags_all;
	generate
		if (PADDED > PES) begin : g_pad
			assign valid_all = {{(PADDED-PES){1'b0}}, out_valid};
			assign result_all = {{(PADDED-PES)*RESULT_BITS{1'b0}}, out_result};
			assign flags_all = {{(PADDED-PES)*4{1'b0}}, out_flags};
		end else begin : g_whole
			assign valid_all = out_valid;
			assign result_all = out_result;
			assign flags_all = out_flags;
		end
	endgenerate
	wire [LANES-1:0] valid;
	wire [LANES*RESULT_BITS-1:0] result;
	wire [LANES*4-1:0] result_flags;
	generate
		if (STEPS > 1) begin : g_select
			assign valid = valid_all[step_q*LANES +: LANES];
			assign result = result_all[step_q*(LANES*RESULT_BITS) +: LANES*RESULT_BITS];
			assign result_flags = flags_all[step_q*(LANES*4) +: LANES*4];
		end else begin : g_all
			assign valid = valid_all;
			assign result = result_all;
			assign result_flags = flags_all;
		end
	endgenerate

	// which are asked for, and which come
	wire on = active_q & ~count_q[1];
	wire last_step = step_q == last_step_q;
	wire [LANES-1:0] need = last_lanes_q | {LANES{~last_step}};
	wire [LANES-1:0] want = need & ~have_q & {LANES{on}};
	wire [LANES-1:0] take = want & valid;
	wire [PES-1:0] drop = idle_q & ~dropped_q & {PES{on}} & out_valid;
	wire whole = on & (&(have_q | valid | ~need)) & (~last_step | (&(~idle_q | dropped_q | out_valid)));
	wire pixel_end = whole & last_step;
	wire tile_end = pixel_end & last_pixel_q;
	wire begins = begin_valid & begin_ready;
	assign begin_ready = ~active_q;
	genvar p;
	generate
		for (p = 0; p < PES; p = p + 1) begin : g_ready
			localparam [31:0] STEP = p / LANES;
			assign out_ready[p] = (want[p%LANES] & step_q == STEP[STEP_BITS-1:0]) | (on & idle_q[p] & ~dropped_q[p]);
		end
	endgenerate

	// verilator lint_off UNUSED
	wire [7:0] begin_step = begin_pes >> LANE_BITS;
	// verilator lint_on UNUSED
	localparam [31:0] LANE_MASK = LANES - 1;
	wire [LANES-1:0] begin_lanes = ~({LANES{1'b1}} << (begin_pes & LANE_MASK[7:0]) << 1);
	wire [PES-1:0] begin_idle = {PES{1'b1}} << begin_pes << 1;
	always @(posedge clk)
		if (rst) begin
			active_q <= 1'b0;
			have_q <= {LANES{1'b0}};
			dropped_q <= {PES{1'b0}};
		end else begin
			active_q <= begins | (active_q & ~tile_end);
			have_q <= whole ? {LANES{1'b0}} : have_q | take;
			dropped_q <= pixel_end ? {PES{1'b0}} : dropped_q | drop;
		end
	always @(posedge clk)
		if (begins) begin
			slot_q <= begin_slot;
			pixels_q <= begin_pixels;
			last_pixel_q <= begin_pixels == 32'd1;
			last_step_q <= begin_step[STEP_BITS-1:0];
			last_lanes_q <= begin_lanes;
			idle_q <= begin_idle;
			step_q <= {STEP_BITS{1'b0}};
			first_q <= 1'b1;
		end else if (whole) begin
			first_q <= 1'b0;
			step_q <= last_step ? {STEP_BITS{1'b0}} : step_q + 1'b1;
			if (last_step) begin
				pixels_q <= pixels_q - 32'd1;
				last_pixel_q <= pixels_q == 32'd2;
			end
		end

	// two steps; lanes of a step that is not whole are already in their place
	reg [2*LANES*RESULT_BITS-1:0] results_q;
	reg [2*TAG_BITS-1:0] tags_q;
	wire issue = step_valid & step_ready;
	always @(posedge clk)
		if (rst) begin
			count_q <= 2'd0;
			put_q <= 1'b0;
			get_q <= 1'b0;
		end else begin
			put_q <= put_q ^ whole;
			get_q <= get_q ^ issue;
			if (whole != issue)
				count_q <= whole ? count_q + 2'd1 : count_q - 2'd1;
		end
	genvar l;
	generate
		for (l = 0; l < 2 * LANES; l = l + 1) begin : g_lane
			always @(posedge clk)
				if (take[l%LANES] & (put_q == (l >= LANES)))
					results_q[l*RESULT_BITS +: RESULT_BITS] <= result[(l%LANES)*RESULT_BITS +: RESULT_BITS];
		end
	endgenerate
	always @(posedge clk)
		if (whole)
			tags_q[put_q*TAG_BITS +: TAG_BITS] <= {need, slot_q, first_q, tile_end, last_step};
	assign step_valid = count_q != 2'd0;
	assign step_results = get_q ? results_q[LANES*RESULT_BITS +: LANES*RESULT_BITS] : results_q[LANES*RESULT_BITS-1:0];
	assign {step_lanes, step_slot, step_first, step_last, step_pixel_last} = get_q ? tags_q[TAG_BITS +: TAG_BITS] : tags_q[TAG_BITS-1:0];

	// status
	reg [3:0] flags_q, flags_d;
	reg [LANES-1:0] take_q;
	reg [4:0] taken;
	integer i;
	always @* begin
		flags_d = 4'd0;
		taken = 5'd0;
		for (i = 0; i < LANES; i = i + 1) begin
			flags_d = flags_d | (result_flags[i*4 +: 4] & {4{take[i]}});
			taken = taken + {4'd0, take_q[i]};
		end
	end
	always @(posedge clk)
		if (rst) begin
			flags_q <= 4'd0;
			take_q <= {LANES{1'b0}};
		end else begin
			flags_q <= flags_d;
			take_q <= take;
		end
	assign flags = flags_q;
	assign take_count = taken;
	generate
		if (LANES > 16 || LANES > PES) begin : g_check
			lanes_must_be_1_to_16_and_at_most_pes error ();
		end
	endgenerate
endmodule
`default_nettype wire
