`default_nettype none
// Partial sums between the chunks of a dot product: one memory a lane. A step's word is read in its cycle 0, its result, with the word added when the tile
// says so, is there in cycle STAGES and written back then when the tile says so. Nothing stalls: whoever issues steps starts a tile that reads sums when
// `under_way` is 0. Throughput: a step a cycle.
module partial_sums #(
	parameter LANES = 1,
	parameter STEPS = 2,        // of all PEs: words a pixel
	parameter PIXELS = 64,
	parameter RESULT_BITS = 32, // fixed results
	parameter OUT_BITS = 32,    // words
	parameter HAS_FLOAT = 0,
	parameter HAS_FIXED = 0,
	parameter PARITY = 0,
	parameter STAGES = 3,       // 3, or 5 with HAS_FLOAT
	parameter STEP_BITS = 9
) (
	input  wire                          clk,
	input  wire                          rst,
	input  wire                          parity_test,
	output wire                          parity_bad,  // sticky
	// verilator lint_off UNUSED
	input  wire [STEP_BITS-1:0]          in,          // output_path.v: the step in cycle 0
	input  wire [(STAGES+1)*STEP_BITS-1:STEP_BITS] steps, // cycle k of 1 to STAGES at k * STEP_BITS
	// verilator lint_on UNUSED
	input  wire [LANES*OUT_BITS-1:0]     results,     // cycle 0
	output wire                          under_way,   // sums that are not written
	output wire [LANES*OUT_BITS-1:0]     sums,        // cycle STAGES
	output wire [3:0]                    flags        // cycle STAGES
);
	localparam DEPTH = STEPS * PIXELS;
	localparam ADDRESS_BITS = $clog2(DEPTH);
	localparam [31:0] PIXEL = STEPS;

	// verilator lint_off UNUSED
	wire [STEP_BITS-1:0] out = steps[STAGES*STEP_BITS +: STEP_BITS];
	// verilator lint_on UNUSED
	genvar k, l;
	wire [STAGES:1] writes;
	generate
		for (k = 1; k <= STAGES; k = k + 1) begin : g_write
			assign writes[k] = steps[k*STEP_BITS] & steps[k*STEP_BITS+4];
		end
	endgenerate
	assign under_way = |writes;

	// Addresses go up from 0 in each tile, a pixel's words stand together. Words are written in the order in which they were read.
	reg [ADDRESS_BITS-1:0] read_q, read_pixel_q, write_q, write_pixel_q;
	wire [ADDRESS_BITS-1:0] read_next = read_pixel_q + PIXEL[ADDRESS_BITS-1:0];
	wire [ADDRESS_BITS-1:0] write_next = write_pixel_q + PIXEL[ADDRESS_BITS-1:0];
	always @(posedge clk)
		if (rst) begin
			read_q <= {ADDRESS_BITS{1'b0}};
			read_pixel_q <= {ADDRESS_BITS{1'b0}};
			write_q <= {ADDRESS_BITS{1'b0}};
			write_pixel_q <= {ADDRESS_BITS{1'b0}};
		end else begin
			if (in[0]) begin
				read_q <= in[2] ? {ADDRESS_BITS{1'b0}} : in[1] ? read_next : read_q + 1'b1;
				read_pixel_q <= in[2] ? {ADDRESS_BITS{1'b0}} : in[1] ? read_next : read_pixel_q;
			end
			if (out[0]) begin
				write_q <= out[2] ? {ADDRESS_BITS{1'b0}} : out[1] ? write_next : write_q + 1'b1;
				write_pixel_q <= out[2] ? {ADDRESS_BITS{1'b0}} : out[1] ? write_next : write_pixel_q;
			end
		end

	wire [LANES-1:0] bad;
	wire [LANES*4-1:0] lane_flags;
	generate
		for (l = 0; l < LANES; l = l + 1) begin : g_lane
			wire [OUT_BITS-1:0] stored, result;
			ram #(.WIDTH(OUT_BITS), .DEPTH(DEPTH), .PARITY(PARITY)) stored_sums (
				.clk(clk), .rst(rst), .parity_test(parity_test), .bad(bad[l]),
				.write(out[0] & out[4] & out[8+l]), .write_address(write_q), .write_data(sums[l*OUT_BITS +: OUT_BITS]),
				.read(in[0] & in[3] & in[8+l]), .read_address(read_q), .q(stored));
			delay #(.WIDTH(OUT_BITS), .CYCLES(1)) read (.clk(clk), .rst(1'b0), .in(results[l*OUT_BITS +: OUT_BITS]), .out(result));
			partial_sum #(.RESULT_BITS(RESULT_BITS), .OUT_BITS(OUT_BITS), .HAS_FLOAT(HAS_FLOAT), .HAS_FIXED(HAS_FIXED)) lane_sum (
				.clk(clk), .add_early(steps[2*STEP_BITS+3]), .add(steps[(STAGES-1)*STEP_BITS+3]), .float_early(steps[2*STEP_BITS+5]), .is_float(steps[(STAGES-1)*STEP_BITS+5]),
				.stored(stored), .result(result), .sum(sums[l*OUT_BITS +: OUT_BITS]), .flags(lane_flags[l*4 +: 4]));
		end
	endgenerate

	reg [3:0] all_flags;
	integer i;
	always @* begin
		all_flags = 4'd0;
		for (i = 0; i < LANES; i = i + 1)
			all_flags = all_flags | (lane_flags[i*4 +: 4] & {4{out[0] & out[8+i]}});
	end
	assign flags = all_flags;

	generate
		if (PARITY != 0) begin : g_parity
			reg bad_q;
			always @(posedge clk)
				if (rst)
					bad_q <= 1'b0;
				else
					bad_q <= bad_q | (|bad);
			assign parity_bad = bad_q;
		end else begin : g_no_parity
			assign parity_bad = 1'b0;
			// verilator lint_off UNUSED
			wire unused = |bad;
			// verilator lint_on UNUSED
		end
	endgenerate
endmodule
`default_nettype wire
