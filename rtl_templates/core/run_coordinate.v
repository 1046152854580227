`default_nettype none
// Coordinate on one axis of a walk (run_generator.v), kept as the run's address is: 18 bits, signed. Tells whether the run lies outside of the axis,
// and whether the last run of loop 0 would when this is its first. Moves with `advance`.
module run_coordinate #(
	parameter LOOPS = 7
) (
	input  wire                clk,
	input  wire [1:0]          axis,        // constant: which of the three this is
	input  wire                start,
	input  wire [31:0]         start_axis,  // [15:0] start, signed; [31:16] limit
	input  wire [15:0]         start_span,  // signed
	// verilator lint_off UNUSED
	input  wire [64*LOOPS-1:0] start_loops,
	input  wire [LOOPS-1:0]    carry,       // bit 0 is not used
	input  wire [LOOPS-1:0]    step,
	// verilator lint_on UNUSED
	input  wire                advance,
	input  wire                inner_end,
	output wire                outside,
	output wire                outside_end,
	output wire                inner_axis   // loop 0 runs along this axis
);
	localparam BITS = 18;

	reg [LOOPS*14-1:0] step_q;              // 0 for a loop of another axis
	reg [LOOPS*BITS-1:0] row_q;
	reg [15:0] span_q, limit_q;             // span: 0 when loop 0 has another axis
	reg inner_axis_q;
	assign inner_axis = inner_axis_q;

	reg [BITS-1:0] outer_row;
	reg [13:0] outer_step;
	integer k;
	always @* begin
		outer_row = {BITS{1'b0}};
		outer_step = 14'd0;
		for (k = 1; k < LOOPS; k = k + 1) begin
			outer_row = outer_row | ({BITS{step[k]}} & row_q[k*BITS +: BITS]);
			outer_step = outer_step | ({14{step[k]}} & step_q[k*14 +: 14]);
		end
	end
	wire [BITS-1:0] outer_next = outer_row + {{(BITS-14){outer_step[13]}}, outer_step};
	wire [BITS-1:0] here = row_q[BITS-1:0];
	wire [BITS-1:0] inner_next = here + {{(BITS-14){step_q[13]}}, step_q[13:0]};

	integer i;
	always @(posedge clk)
		if (start) begin
			limit_q <= start_axis[31:16];
			inner_axis_q <= start_loops[31:30] == axis;
			span_q <= start_loops[31:30] == axis ? start_span : 16'd0;
			for (i = 0; i < LOOPS; i = i + 1) begin
				step_q[i*14 +: 14] <= start_loops[i*64+30 +: 2] == axis ? start_loops[i*64+16 +: 14] : 14'd0;
				row_q[i*BITS +: BITS] <= {{(BITS-16){start_axis[15]}}, start_axis[15:0]};
			end
		end else if (advance) begin
			row_q[BITS-1:0] <= inner_end ? outer_next : inner_next;
			for (i = 1; i < LOOPS; i = i + 1)
				if (inner_end & carry[i])
					row_q[i*BITS +: BITS] <= outer_next;
		end

	wire [BITS-1:0] there = here + {{(BITS-16){span_q[15]}}, span_q};
	assign outside = here[BITS-1] | here[BITS-2:0] >= {1'b0, limit_q};
	assign outside_end = there[BITS-1] | there[BITS-2:0] >= {1'b0, limit_q};
endmodule
`default_nettype wire
