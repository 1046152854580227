`default_nettype none
// Cuts a run of beats into AXI bursts: at most BURST beats each, never across 4 KiB. Part of axi_read and axi_write.
// Throughput one burst a cycle, whatever the runs' lengths: the next run is taken in the cycle in which the last burst of the one before goes.
// run_take depends on burst_take of the same cycle; the burst depends on registers only.
module burst_splitter #(
	parameter ADDRESS_BITS = 32,
	parameter BYTES = 8,        // of a beat: 4, 8, .. 64
	parameter BURST = 64,       // beats, 1..256
	parameter BEATS_BITS = 25,  // width of a run's length, at least 9
	parameter TAG_BITS = 1,
	parameter BEAT_ADDRESS_BITS = ADDRESS_BITS - $clog2(BYTES)
) (
	input  wire                         clk,
	input  wire                         rst,
	//Runs
	input  wire                         run_valid,
	output wire                         run_take,
	input  wire [BEAT_ADDRESS_BITS-1:0] run_address,  // in beats
	input  wire [BEATS_BITS-1:0]        run_beats,    // at least 1
	input  wire [TAG_BITS-1:0]          run_tag,
	//Bursts
	output wire                         burst_valid,
	input  wire                         burst_take,   // only with burst_valid
	output wire [BEAT_ADDRESS_BITS-1:0] burst_address,
	output wire [8:0]                   burst_beats,
	output wire [TAG_BITS-1:0]          burst_tag
);
	localparam [31:0] PAGE = 4096 / BYTES; // beats
	localparam PAGE_BITS = $clog2(PAGE);
	localparam [31:0] LIMIT = BURST < PAGE ? BURST : PAGE;

	reg valid_q;
	reg [BEAT_ADDRESS_BITS-1:0] address_q;
	reg [BEATS_BITS-1:0] beats_q;
	reg [TAG_BITS-1:0] tag_q;

	wire [10:0] page_rest = PAGE[10:0] - {{(11-PAGE_BITS){1'b0}}, address_q[PAGE_BITS-1:0]};
	wire [10:0] limit = page_rest < LIMIT[10:0] ? page_rest : LIMIT[10:0];
	wire last = {11'd0, beats_q} <= {{BEATS_BITS{1'b0}}, limit};
	assign run_take = run_valid & (~valid_q | (burst_take & last));
	assign burst_valid = valid_q;
	assign burst_address = address_q;
	assign burst_beats = last ? beats_q[8:0] : limit[8:0];
	assign burst_tag = tag_q;

	always @(posedge clk)
		if (rst)
			valid_q <= 1'b0;
		else
			valid_q <= run_take | (valid_q & ~(burst_take & last));
	always @(posedge clk)
		if (run_take) begin
			address_q <= run_address;
			beats_q <= run_beats;
			tag_q <= run_tag;
		end else if (burst_take) begin
			address_q <= address_q + {{(BEAT_ADDRESS_BITS-9){1'b0}}, burst_beats};
			beats_q <= beats_q - {{(BEATS_BITS-9){1'b0}}, burst_beats};
		end

	generate
		if (BYTES < 4 || BYTES > 64 || (1 << $clog2(BYTES)) != BYTES) begin : g_bad_bytes
			bytes_must_be_4_8_16_32_or_64 error ();
		end
		if (BURST < 1 || BURST > 256) begin : g_bad_burst
			burst_must_be_1_to_256 error ();
		end
	endgenerate
endmodule
`default_nettype wire
