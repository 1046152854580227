`default_nettype none
// AXI4 write master with its buffer: beats of runs wait in the out buffer; a burst's address goes out when all its beats are there, so that they follow back to back.
// Throughput: an address (runs of one burst, back to back) and a beat a cycle. Latency: last beat of a burst in to awvalid 2 cycles, awvalid to wvalid 1.
// wvalid never waits for awready: the first beat of a burst can be taken before its address, that of the next one cannot.
// Back-pressure: BUFFER beats are held, then wbeat_ready falls; four runs besides the one at work, then wrun_ready falls; OUTSTANDING bursts unanswered or
// waiting for awready, or four waiting for their beats to go, then no further address. B is always taken.
// A run's beats must fit into the buffer. Runs and beats may come in any order of each other.
// stop, or an error response: no new address (one that awvalid shows stays), the issued bursts' beats get strobes 0 from the next one read on.
// All outputs are functions of registers.
module axi_write #(
	parameter ADDRESS_BITS = 32,
	parameter BYTES = 8,       // of a beat: 4, 8, .. 64
	parameter BURST = 64,      // beats, 1..256
	parameter OUTSTANDING = 8, // bursts, 1..64
	parameter BUFFER = 64,     // beats, power of two, at least 2
	parameter PARITY = 0
) (
	input  wire                    clk,
	input  wire                    rst,
	//Runs and their beats, both in order
	input  wire                    wrun_valid,
	output wire                    wrun_ready,
	// verilator lint_off UNUSED
	input  wire [ADDRESS_BITS-1:0] wrun_address, // rounded down to BYTES
	// verilator lint_on UNUSED
	input  wire [8:0]              wrun_beats,   // at least 1, at most BUFFER
	input  wire                    wbeat_valid,
	output wire                    wbeat_ready,
	input  wire [8*BYTES-1:0]      wbeat_data,
	input  wire [BYTES-1:0]        wbeat_strobe,
	//Control
	input  wire                    stop,         // level, until rst
	output wire                    idle,         // nothing held, everything acknowledged; after stop or fail: no burst unanswered, no address offered
	output wire                    fail,         // sticky, as are the two below; up no later than idle
	output wire [1:0]              fail_code,    // the BRESP
	output wire [ADDRESS_BITS-1:0] fail_address, // of the burst
	input  wire                    parity_test,  // beats are stored with wrong parity
	output wire                    parity_bad,   // sticky: a beat with wrong parity was sent
	//AXI
	output wire                    m_axi_awid,
	output wire [ADDRESS_BITS-1:0] m_axi_awaddr,
	output wire [7:0]              m_axi_awlen,
	output wire [2:0]              m_axi_awsize,
	output wire [1:0]              m_axi_awburst,
	output wire                    m_axi_awlock,
	output wire [3:0]              m_axi_awcache,
	output wire [2:0]              m_axi_awprot,
	output wire                    m_axi_awvalid,
	input  wire                    m_axi_awready,
	output wire [8*BYTES-1:0]      m_axi_wdata,
	output wire [BYTES-1:0]        m_axi_wstrb,
	output wire                    m_axi_wlast,
	output wire                    m_axi_wvalid,
	input  wire                    m_axi_wready,
	// verilator lint_off UNUSED
	input  wire                    m_axi_bid,
	// verilator lint_on UNUSED
	input  wire [1:0]              m_axi_bresp,
	input  wire                    m_axi_bvalid,
	output wire                    m_axi_bready
);
	localparam SHIFT = $clog2(BYTES);
	localparam BEAT_BITS = ADDRESS_BITS - SHIFT; // of an address in beats
	localparam PLACE_BITS = $clog2(BUFFER);
	localparam COUNT_BITS = $clog2(OUTSTANDING + 1);
	localparam PLACES = OUTSTANDING < 2 ? 2 : OUTSTANDING;
	localparam COMPARE_BITS = PLACE_BITS + 1 > 9 ? PLACE_BITS + 1 : 9;
	localparam [31:0] MOST = OUTSTANDING;

	//Bursts
	wire waiting, run_take, burst_valid, issue;
	wire [BEAT_BITS+8:0] waiting_run;
	wire [BEAT_BITS-1:0] burst_address;
	wire [8:0] burst_beats;
	wire [7:0] burst_len = burst_beats[7:0] - 8'd1;
	// verilator lint_off UNUSED
	wire burst_tag;
	// verilator lint_on UNUSED
	stream_fifo #(.WIDTH(BEAT_BITS + 9), .DEPTH(4)) runs (.clk(clk), .rst(rst),
		.in_valid(wrun_valid), .in_ready(wrun_ready), .in({wrun_beats, wrun_address[ADDRESS_BITS-1:SHIFT]}),
		.out_valid(waiting), .out_ready(run_take), .out(waiting_run));
	burst_splitter #(.ADDRESS_BITS(ADDRESS_BITS), .BYTES(BYTES), .BURST(BURST), .BEATS_BITS(9)) splitter (.clk(clk), .rst(rst),
		.run_valid(waiting), .run_take(run_take), .run_address(waiting_run[BEAT_BITS-1:0]), .run_beats(waiting_run[BEAT_BITS +: 9]), .run_tag(1'b0),
		.burst_valid(burst_valid), .burst_take(issue), .burst_address(burst_address), .burst_beats(burst_beats), .burst_tag(burst_tag));

	//Addresses
	reg awvalid_q, fail_q, drop_q;
	reg [BEAT_BITS-1:0] awaddr_q;
	reg [7:0] awlen_q;
	reg [COUNT_BITS-1:0] unanswered_q; // issued, not acknowledged
	reg [PLACE_BITS:0] held_q;         // beats in the buffer
	reg [PLACE_BITS:0] free_q;         // those of them that are in no issued burst
	wire lens_ready;
	wire [COMPARE_BITS-1:0] wanted = {{(COMPARE_BITS-9){1'b0}}, burst_beats};
	wire complete = wanted <= {{(COMPARE_BITS-PLACE_BITS-1){1'b0}}, free_q};
	assign issue = burst_valid & complete & (~awvalid_q | m_axi_awready) & (unanswered_q != MOST[COUNT_BITS-1:0]) & lens_ready & ~stop & ~fail_q;
	wire answered = m_axi_bvalid;
	always @(posedge clk)
		if (rst) begin
			awvalid_q <= 1'b0;
			unanswered_q <= {COUNT_BITS{1'b0}};
		end else begin
			awvalid_q <= issue | (awvalid_q & ~m_axi_awready);
			if (issue != answered)
				unanswered_q <= issue ? unanswered_q + 1'b1 : unanswered_q - 1'b1;
		end
	always @(posedge clk)
		if (issue) begin
			awaddr_q <= burst_address;
			awlen_q <= burst_len;
		end

	//Beats: the buffer, and its read register, which is W's
	reg [PLACE_BITS-1:0] write_q, read_q;
	reg wvalid_q, wlast_q, keep_q;
	reg [7:0] index_q; // of the next beat in its burst
	wire lens_valid;
	wire [7:0] len;
	wire write = wbeat_valid & wbeat_ready;
	wire read = lens_valid & (~wvalid_q | m_axi_wready);
	wire last = index_q == len;
	stream_fifo #(.WIDTH(8), .DEPTH(4)) lens (.clk(clk), .rst(rst),
		.in_valid(issue), .in_ready(lens_ready), .in(burst_len), .out_valid(lens_valid), .out_ready(read & last), .out(len));
	wire [BYTES-1:0] strobe;
	wire bad;
	ram #(.WIDTH(9 * BYTES), .DEPTH(BUFFER), .PARITY(PARITY)) buffer (.clk(clk), .rst(rst),
		.write(write), .write_address(write_q), .write_data({wbeat_strobe, wbeat_data}),
		.read(read), .read_address(read_q), .q({strobe, m_axi_wdata}), .bad(bad), .parity_test(parity_test));
	always @(posedge clk)
		if (rst) begin
			write_q <= {PLACE_BITS{1'b0}};
			read_q <= {PLACE_BITS{1'b0}};
			held_q <= {(PLACE_BITS+1){1'b0}};
			free_q <= {(PLACE_BITS+1){1'b0}};
			wvalid_q <= 1'b0;
			index_q <= 8'd0;
		end else begin
			write_q <= write_q + {{(PLACE_BITS-1){1'b0}}, write};
			read_q <= read_q + {{(PLACE_BITS-1){1'b0}}, read};
			if (write != read)
				held_q <= write ? held_q + 1'b1 : held_q - 1'b1;
			free_q <= free_q + {{PLACE_BITS{1'b0}}, write} - (issue ? wanted[PLACE_BITS:0] : {(PLACE_BITS+1){1'b0}});
			wvalid_q <= read | (wvalid_q & ~m_axi_wready);
			if (read)
				index_q <= last ? 8'd0 : index_q + 8'd1;
		end
	always @(posedge clk)
		if (read) begin
			wlast_q <= last;
			keep_q <= ~stop & ~drop_q;
		end

	//Answers
	wire [BEAT_BITS-1:0] oldest;
	// verilator lint_off UNUSED
	wire addresses_ready, addresses_valid; // unanswered_q is the count
	// verilator lint_on UNUSED
	stream_fifo #(.WIDTH(BEAT_BITS), .DEPTH(PLACES)) addresses (.clk(clk), .rst(rst),
		.in_valid(issue), .in_ready(addresses_ready), .in(burst_address),
		.out_valid(addresses_valid), .out_ready(answered), .out(oldest));
	wire error = answered & m_axi_bresp[1] & ~drop_q;
	reg [1:0] fail_code_q;
	reg [BEAT_BITS-1:0] fail_beat_q;
	reg parity_bad_q;
	always @(posedge clk)
		if (rst) begin
			fail_q <= 1'b0;
			drop_q <= 1'b0;
			parity_bad_q <= 1'b0;
		end else begin
			fail_q <= fail_q | error;
			drop_q <= drop_q | stop | error;
			parity_bad_q <= parity_bad_q | (wvalid_q & bad);
		end
	always @(posedge clk)
		if (error) begin
			fail_code_q <= m_axi_bresp;
			fail_beat_q <= oldest;
		end

	assign wbeat_ready = ~held_q[PLACE_BITS];
	assign idle = unanswered_q == {COUNT_BITS{1'b0}} & (drop_q | ~(waiting | burst_valid | (held_q != {(PLACE_BITS+1){1'b0}})));
	assign fail = fail_q;
	assign fail_code = fail_code_q;
	assign fail_address = {fail_beat_q, {SHIFT{1'b0}}};
	assign parity_bad = parity_bad_q;
	assign m_axi_awid = 1'b0;
	assign m_axi_awaddr = {awaddr_q, {SHIFT{1'b0}}};
	assign m_axi_awlen = awlen_q;
	assign m_axi_awsize = SHIFT[2:0];
	assign m_axi_awburst = 2'b01;
	assign m_axi_awlock = 1'b0;
	assign m_axi_awcache = 4'b0011;
	assign m_axi_awprot = 3'b000;
	assign m_axi_awvalid = awvalid_q;
	assign m_axi_wstrb = strobe & {BYTES{keep_q}};
	assign m_axi_wlast = wlast_q;
	assign m_axi_wvalid = wvalid_q;
	assign m_axi_bready = 1'b1;

	generate
		if (OUTSTANDING < 1 || OUTSTANDING > 64) begin : g_bad_outstanding
			outstanding_must_be_1_to_64 error ();
		end
		if (BUFFER < 2 || (1 << $clog2(BUFFER)) != BUFFER) begin : g_bad_buffer
			buffer_must_be_a_power_of_two error ();
		end
	endgenerate
endmodule
`default_nettype wire
