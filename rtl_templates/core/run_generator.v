`default_nettype none
// Affine walk: one descriptor in, its runs out, loop 0 innermost; run address = base + sum of index * stride, modulo 2^ADDRESS_BITS.
// With CLIP each axis has a coordinate (18 bits, signed), and a run outside of an axis is fill; all of loop 0 is one run of start_merge_bytes
// where it lies wholly inside or wholly outside. Without CLIP axes and merging are not looked at.
// Throughput: a run a cycle, one idle cycle between descriptors. Latency: a cycle from descriptor to first run. Runs wait for run_ready.
module run_generator #(
	parameter LOOPS = 7,         // 2 or more
	parameter CLIP = 1,
	parameter ADDRESS_BITS = 32  // 24 or more
) (
	input  wire                    clk,
	input  wire                    rst,
	//Descriptor: the words of the record
	input  wire                    start_valid,
	output wire                    start_ready,
	input  wire [ADDRESS_BITS-1:0] start_base,
	input  wire [23:0]             start_run_bytes,
	// verilator lint_off UNUSED
	input  wire [23:0]             start_merge_bytes, // 0: never merge
	input  wire [15:0]             start_merge_span,  // signed: step * (count - 1) of loop 0
	input  wire [95:0]             start_axes,        // axis a: start at 32 * a, limit 16 bits above
	input  wire [64*LOOPS-1:0]     start_loops,
	// verilator lint_on UNUSED
	//Runs
	output wire                    run_valid,
	input  wire                    run_ready,
	output wire                    run_fill,          // padding: the address means nothing
	output wire [ADDRESS_BITS-1:0] run_address,
	output wire [23:0]             run_bytes,
	output wire                    run_last
);
	generate
		if (LOOPS < 2) begin : g_bad_loops
			run_generator_needs_two_loops bad ();
		end
	endgenerate

	reg active_q;
	assign start_ready = ~active_q;
	assign run_valid = active_q;
	wire start = start_valid & ~active_q;
	wire advance = active_q & run_ready;
	always @(posedge clk)
		if (rst)
			active_q <= 1'b0;
		else if (start)
			active_q <= 1'b1;
		else if (advance & run_last)
			active_q <= 1'b0;

	reg [LOOPS*16-1:0] count_q;            // less 1
	reg [LOOPS*32-1:0] stride_q;
	reg [LOOPS*16-1:0] rest_q;             // indices that follow
	reg [LOOPS*ADDRESS_BITS-1:0] row_q;    // loop d: address with all loops below at index 0; loop 0: of this run
	reg [23:0] run_bytes_q;

	// Either loop 0 goes on, or it is over and the lowest loop that is not at its end does.
	wire merged;
	wire inner_end = merged | rest_q[15:0] == 16'd0;
	reg [LOOPS-1:0] carry;                 // loop d: all loops from 1 to d - 1 are at their ends
	reg [LOOPS-1:0] step;                  // one hot, loops from 1; none: all are at their ends
	reg outer_end;
	integer d;
	always @* begin
		outer_end = 1'b1;
		carry[0] = 1'b0;
		step[0] = 1'b0;
		for (d = 1; d < LOOPS; d = d + 1) begin
			carry[d] = outer_end;
			step[d] = outer_end & rest_q[d*16 +: 16] != 16'd0;
			outer_end = outer_end & rest_q[d*16 +: 16] == 16'd0;
		end
	end
	assign run_last = inner_end & outer_end;

	// verilator lint_off WIDTH
	function [ADDRESS_BITS-1:0] extended(input [31:0] stride);
		extended = $signed(stride);        // sign-extended, or cut to ADDRESS_BITS
	endfunction
	// verilator lint_on WIDTH

	reg [ADDRESS_BITS-1:0] outer_row;
	reg [31:0] outer_stride;
	integer k;
	always @* begin
		outer_row = {ADDRESS_BITS{1'b0}};
		outer_stride = 32'd0;
		for (k = 1; k < LOOPS; k = k + 1) begin
			outer_row = outer_row | ({ADDRESS_BITS{step[k]}} & row_q[k*ADDRESS_BITS +: ADDRESS_BITS]);
			outer_stride = outer_stride | ({32{step[k]}} & stride_q[k*32 +: 32]);
		end
	end
	wire [ADDRESS_BITS-1:0] outer_next = outer_row + extended(outer_stride);
	wire [ADDRESS_BITS-1:0] inner_next = row_q[ADDRESS_BITS-1:0] + extended(stride_q[31:0]);

	integer i;
	always @(posedge clk)
		if (start) begin
			run_bytes_q <= start_run_bytes;
			for (i = 0; i < LOOPS; i = i + 1) begin
				count_q[i*16 +: 16] <= start_loops[i*64 +: 16];
				rest_q[i*16 +: 16] <= start_loops[i*64 +: 16];
				stride_q[i*32 +: 32] <= start_loops[i*64+32 +: 32];
				row_q[i*ADDRESS_BITS +: ADDRESS_BITS] <= start_base;
			end
		end else if (advance) begin
			rest_q[15:0] <= inner_end ? count_q[15:0] : rest_q[15:0] - 16'd1;
			row_q[ADDRESS_BITS-1:0] <= inner_end ? outer_next : inner_next;
			for (i = 1; i < LOOPS; i = i + 1)
				if (inner_end & carry[i]) begin
					rest_q[i*16 +: 16] <= step[i] ? rest_q[i*16 +: 16] - 16'd1 : count_q[i*16 +: 16];
					row_q[i*ADDRESS_BITS +: ADDRESS_BITS] <= outer_next;
				end
		end

	assign run_address = row_q[ADDRESS_BITS-1:0];
	generate
		if (CLIP != 0) begin : g_clip
			reg [23:0] merge_bytes_q;
			reg first_q;                   // loop 0 is at index 0
			wire [2:0] outside, outside_end, inner_axis;
			always @(posedge clk) begin
				if (start)
					merge_bytes_q <= start_merge_bytes;
				if (start)
					first_q <= 1'b1;
				else if (advance)
					first_q <= inner_end;
			end
			run_coordinate #(.LOOPS(LOOPS)) coordinate [2:0] (
				.clk(clk), .axis({2'd2, 2'd1, 2'd0}), .start(start), .start_axis(start_axes), .start_span(start_merge_span), .start_loops(start_loops),
				.advance(advance), .inner_end(inner_end), .carry(carry), .step(step),
				.outside(outside), .outside_end(outside_end), .inner_axis(inner_axis));
			assign merged = first_q & merge_bytes_q != 24'd0 & (|(outside & ~inner_axis) | ~|(outside | outside_end));
			assign run_fill = |outside;
			assign run_bytes = merged ? merge_bytes_q : run_bytes_q;
		end else begin : g_inside
			assign merged = 1'b0;
			assign run_fill = 1'b0;
			assign run_bytes = run_bytes_q;
		end
	endgenerate
endmodule
`default_nettype wire
