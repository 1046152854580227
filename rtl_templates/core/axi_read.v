`default_nettype none
// AXI4 read master: runs of bytes -> INCR bursts of full-width beats, one ID; the beats come back in order with their run's tag.
// Throughput: an address a cycle (runs of one burst, back to back) and a beat a cycle. Latency: run to arvalid 3 cycles, rvalid to beat_valid 1.
// Back-pressure: two beats are held, then rready falls; OUTSTANDING bursts unanswered or waiting for arready, then no further address; two runs
// are held besides the one at work, then run_ready falls.
// stop: no new address (one that arvalid shows stays), beats are thrown away from the next cycle on. A failing beat and all after it are thrown away too,
// and no address is issued any more. All outputs are functions of registers.
module axi_read #(
	parameter ADDRESS_BITS = 32,
	parameter BYTES = 8,       // of a beat: 4, 8, .. 64
	parameter BURST = 64,      // beats, 1..256
	parameter OUTSTANDING = 8, // bursts, 1..64
	parameter TAG_BITS = 1
) (
	input  wire                    clk,
	input  wire                    rst,
	//Runs
	input  wire                    run_valid,
	output wire                    run_ready,
	input  wire [ADDRESS_BITS-1:0] run_address,
	input  wire [23:0]             run_bytes,    // at least 1
	input  wire [TAG_BITS-1:0]     run_tag,
	//Beats
	output wire                    beat_valid,
	input  wire                    beat_ready,
	output wire [8*BYTES-1:0]      beat_data,
	output wire [TAG_BITS-1:0]     beat_tag,
	//Control
	input  wire                    stop,         // level, until rst
	output wire                    idle,         // no burst unanswered, no address offered; with stop up it stays so
	output wire                    outstanding,  // bursts taken by the memory and unanswered
	output wire                    fail,         // sticky, as are the four below
	output wire [1:0]              fail_code,    // the RRESP
	output wire [ADDRESS_BITS-1:0] fail_address, // of the beat
	output wire [TAG_BITS-1:0]     fail_tag,
	//AXI
	output wire                    m_axi_arid,
	output wire [ADDRESS_BITS-1:0] m_axi_araddr,
	output wire [7:0]              m_axi_arlen,
	output wire [2:0]              m_axi_arsize,
	output wire [1:0]              m_axi_arburst,
	output wire                    m_axi_arlock,
	output wire [3:0]              m_axi_arcache,
	output wire [2:0]              m_axi_arprot,
	output wire                    m_axi_arvalid,
	input  wire                    m_axi_arready,
	// verilator lint_off UNUSED
	input  wire                    m_axi_rid,
	// verilator lint_on UNUSED
	input  wire [8*BYTES-1:0]      m_axi_rdata,
	input  wire [1:0]              m_axi_rresp,
	input  wire                    m_axi_rlast,
	input  wire                    m_axi_rvalid,
	output wire                    m_axi_rready
);
	localparam SHIFT = $clog2(BYTES);
	localparam BEAT_BITS = ADDRESS_BITS - SHIFT; // of an address in beats
	localparam PAGE_BITS = 12 - SHIFT;
	localparam COUNT_BITS = $clog2(OUTSTANDING + 1);
	localparam PLACES = OUTSTANDING < 2 ? 2 : OUTSTANDING;
	localparam [31:0] MOST = OUTSTANDING, ONE_BEAT_LESS = BYTES - 1;

	//Runs in beats
	wire waiting, run_take;
	wire [ADDRESS_BITS+TAG_BITS+23:0] waiting_run;
	stream_fifo #(.WIDTH(ADDRESS_BITS + TAG_BITS + 24), .DEPTH(2)) runs (.clk(clk), .rst(rst),
		.in_valid(run_valid), .in_ready(run_ready), .in({run_bytes, run_tag, run_address}),
		.out_valid(waiting), .out_ready(run_take), .out(waiting_run));
	wire [24:0] touched = {1'b0, waiting_run[ADDRESS_BITS+TAG_BITS +: 24]} + {{(25-SHIFT){1'b0}}, waiting_run[SHIFT-1:0]} + ONE_BEAT_LESS[24:0];
	// verilator lint_off UNUSED
	wire [SHIFT-1:0] unused_touched = touched[SHIFT-1:0];
	// verilator lint_on UNUSED

	//Bursts
	wire burst_valid, issue;
	wire [BEAT_BITS-1:0] burst_address;
	// verilator lint_off UNUSED
	wire [8:0] burst_beats; // less one it has 8 bits
	// verilator lint_on UNUSED
	wire [TAG_BITS-1:0] burst_tag;
	burst_splitter #(.ADDRESS_BITS(ADDRESS_BITS), .BYTES(BYTES), .BURST(BURST), .BEATS_BITS(25 - SHIFT), .TAG_BITS(TAG_BITS)) splitter (
		.clk(clk), .rst(rst),
		.run_valid(waiting), .run_take(run_take), .run_address(waiting_run[ADDRESS_BITS-1:SHIFT]), .run_beats(touched[24:SHIFT]),
		.run_tag(waiting_run[ADDRESS_BITS +: TAG_BITS]),
		.burst_valid(burst_valid), .burst_take(issue), .burst_address(burst_address), .burst_beats(burst_beats), .burst_tag(burst_tag));

	//Addresses. The count is of bursts taken by the memory; the one that is offered takes a place too.
	reg arvalid_q, fail_q, drop_q;
	reg [BEAT_BITS-1:0] araddr_q;
	reg [7:0] arlen_q;
	reg [COUNT_BITS-1:0] unanswered_q;
	wire asked = arvalid_q & m_axi_arready;
	wire taken = m_axi_rvalid & m_axi_rready;
	wire answered = taken & m_axi_rlast;
	wire [COUNT_BITS:0] open = {1'b0, unanswered_q} + {{COUNT_BITS{1'b0}}, arvalid_q};
	assign issue = burst_valid & (~arvalid_q | m_axi_arready) & (open < {1'b0, MOST[COUNT_BITS-1:0]}) & ~stop & ~fail_q;
	always @(posedge clk)
		if (rst) begin
			arvalid_q <= 1'b0;
			unanswered_q <= {COUNT_BITS{1'b0}};
		end else begin
			arvalid_q <= issue | (arvalid_q & ~m_axi_arready);
			if (asked != answered)
				unanswered_q <= asked ? unanswered_q + 1'b1 : unanswered_q - 1'b1;
		end
	always @(posedge clk)
		if (issue) begin
			araddr_q <= burst_address;
			arlen_q <= burst_beats[7:0] - 8'd1;
		end

	//Beats. What is known of the bursts that are unanswered or offered, oldest first
	wire [BEAT_BITS+TAG_BITS-1:0] oldest;
	// verilator lint_off UNUSED
	wire bursts_ready, bursts_valid; // open is the count
	// verilator lint_on UNUSED
	stream_fifo #(.WIDTH(BEAT_BITS + TAG_BITS), .DEPTH(PLACES)) bursts (.clk(clk), .rst(rst),
		.in_valid(issue), .in_ready(bursts_ready), .in({burst_tag, burst_address}),
		.out_valid(bursts_valid), .out_ready(answered), .out(oldest));
	wire beats_ready;
	wire error = taken & m_axi_rresp[1] & ~drop_q;
	stream_fifo #(.WIDTH(8 * BYTES + TAG_BITS), .DEPTH(2)) beats (.clk(clk), .rst(rst),
		.in_valid(taken & ~m_axi_rresp[1] & ~drop_q), .in_ready(beats_ready), .in({oldest[BEAT_BITS +: TAG_BITS], m_axi_rdata}),
		.out_valid(beat_valid), .out_ready(beat_ready), .out({beat_tag, beat_data}));

	reg [PAGE_BITS-1:0] index_q; // of the next beat in its burst
	reg [1:0] fail_code_q;
	reg [BEAT_BITS-1:0] fail_beat_q;
	reg [TAG_BITS-1:0] fail_tag_q;
	always @(posedge clk)
		if (rst) begin
			fail_q <= 1'b0;
			drop_q <= 1'b0;
			index_q <= {PAGE_BITS{1'b0}};
		end else begin
			fail_q <= fail_q | error;
			drop_q <= drop_q | stop | error;
			if (taken)
				index_q <= m_axi_rlast ? {PAGE_BITS{1'b0}} : index_q + 1'b1;
		end
	always @(posedge clk)
		if (error) begin
			fail_code_q <= m_axi_rresp;
			fail_beat_q <= {oldest[BEAT_BITS-1:PAGE_BITS], oldest[PAGE_BITS-1:0] + index_q}; // bursts stay in their page
			fail_tag_q <= oldest[BEAT_BITS +: TAG_BITS];
		end

	assign idle = open == {(COUNT_BITS+1){1'b0}};
	assign outstanding = unanswered_q != {COUNT_BITS{1'b0}};
	assign fail = fail_q;
	assign fail_code = fail_code_q;
	assign fail_address = {fail_beat_q, {SHIFT{1'b0}}};
	assign fail_tag = fail_tag_q;
	assign m_axi_arid = 1'b0;
	assign m_axi_araddr = {araddr_q, {SHIFT{1'b0}}};
	assign m_axi_arlen = arlen_q;
	assign m_axi_arsize = SHIFT[2:0];
	assign m_axi_arburst = 2'b01;
	assign m_axi_arlock = 1'b0;
	assign m_axi_arcache = 4'b0011;
	assign m_axi_arprot = 3'b000;
	assign m_axi_arvalid = arvalid_q;
	assign m_axi_rready = beats_ready | drop_q;

	generate
		if (OUTSTANDING < 1 || OUTSTANDING > 64) begin : g_bad_outstanding
			outstanding_must_be_1_to_64 error ();
		end
	endgenerate
endmodule
`default_nettype wire
