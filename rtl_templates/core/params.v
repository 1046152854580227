`default_nettype none
// Parameters of the output stage, four sets of a bias, a multiplier (or scale) and a shift for each PE. Written a line of the 16 bytes at a time, read a step
// of LANES PEs at a time, biases and the others each in their own cycle. Throughput: a read a cycle; latency 1.
module params #(
	parameter PES = 2,
	parameter LANES = 1,
	parameter BYTES = 8,    // of a line
	parameter HAS_SHIFT = 1,
	parameter PE_BITS = PES > 1 ? $clog2(PES) : 1,
	parameter INDEX_BITS = BYTES < 8 ? 2 : 1
) (
	input  wire                  clk,
	input  wire                  rst,
	//Write
	input  wire                  write,
	input  wire [1:0]            write_set,
	input  wire [PE_BITS-1:0]    write_pe,
	input  wire [INDEX_BITS-1:0] write_index,     // line in the 16 bytes
	// verilator lint_off UNUSED
	input  wire [8*BYTES-1:0]    write_data,
	// verilator lint_on UNUSED
	//Read
	input  wire                  bias_read,
	input  wire [1:0]            bias_set,
	input  wire                  bias_pixel_last, // the next step read is a pixel's first
	output wire [LANES*32-1:0]   bias,
	input  wire                  factor_read,
	input  wire [1:0]            factor_set,
	input  wire                  factor_pixel_last,
	output wire [LANES*32-1:0]   multiplier,
	output wire [LANES*6-1:0]    shift
);
	localparam STEPS = (PES + LANES - 1) / LANES;
	localparam STEP_BITS = STEPS > 1 ? $clog2(STEPS) : 1;
	localparam DEPTH = 4 << STEP_BITS;
	localparam LANE_BITS = $clog2(LANES);

	// which word of the 16 bytes is where: line and bit
	localparam LINE_WORDS = BYTES / 4 < 4 ? BYTES / 4 : 4;
	localparam [31:0] MULTIPLIER_LINE = 1 / LINE_WORDS, SHIFT_LINE = 2 / LINE_WORDS;
	localparam MULTIPLIER_LOW = 32 * (1 % LINE_WORDS), SHIFT_LOW = 32 * (2 % LINE_WORDS);
	// verilator lint_off UNUSED
	wire [PE_BITS+STEP_BITS-1:0] write_row = {{STEP_BITS{1'b0}}, write_pe} >> LANE_BITS;
	// verilator lint_on UNUSED
	wire [STEP_BITS+1:0] write_address = {write_set, write_row[STEP_BITS-1:0]};

	reg [STEP_BITS-1:0] bias_step_q, factor_step_q;
	always @(posedge clk)
		if (rst) begin
			bias_step_q <= {STEP_BITS{1'b0}};
			factor_step_q <= {STEP_BITS{1'b0}};
		end else begin
			if (bias_read)
				bias_step_q <= bias_pixel_last ? {STEP_BITS{1'b0}} : bias_step_q + 1'b1;
			if (factor_read)
				factor_step_q <= factor_pixel_last ? {STEP_BITS{1'b0}} : factor_step_q + 1'b1;
		end

	genvar l;
	generate
		for (l = 0; l < LANES; l = l + 1) begin : g_lane
			wire write_here;
			if (LANES > 1) begin : g_one
				localparam [31:0] LANE = l;
				assign write_here = write & (write_pe[LANE_BITS-1:0] == LANE[LANE_BITS-1:0]);
			end else begin : g_only
				assign write_here = write;
			end
			wire [2:0] no_bad;
			ram #(.WIDTH(32), .DEPTH(DEPTH)) biases (
				.clk(clk), .rst(rst), .parity_test(1'b0), .bad(no_bad[0]), .write(write_here & write_index == {INDEX_BITS{1'b0}}),
				.write_address(write_address), .write_data(write_data[31:0]), .read(bias_read), .read_address({bias_set, bias_step_q}), .q(bias[l*32 +: 32]));
			ram #(.WIDTH(32), .DEPTH(DEPTH)) multipliers (
				.clk(clk), .rst(rst), .parity_test(1'b0), .bad(no_bad[1]), .write(write_here & write_index == MULTIPLIER_LINE[INDEX_BITS-1:0]),
				.write_address(write_address), .write_data(write_data[MULTIPLIER_LOW +: 32]),
				.read(factor_read), .read_address({factor_set, factor_step_q}), .q(multiplier[l*32 +: 32]));
			if (HAS_SHIFT != 0) begin : g_shift
				ram #(.WIDTH(6), .DEPTH(DEPTH)) shifts (
					.clk(clk), .rst(rst), .parity_test(1'b0), .bad(no_bad[2]), .write(write_here & write_index == SHIFT_LINE[INDEX_BITS-1:0]),
					.write_address(write_address), .write_data(write_data[SHIFT_LOW +: 6]),
					.read(factor_read), .read_address({factor_set, factor_step_q}), .q(shift[l*6 +: 6]));
			end else begin : g_no_shift
				assign shift[l*6 +: 6] = 6'd0;
				assign no_bad[2] = 1'b0;
			end
			// verilator lint_off UNUSED
			wire unused = |no_bad;
			// verilator lint_on UNUSED
		end
	endgenerate
endmodule
`default_nettype wire
