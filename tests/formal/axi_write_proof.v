`default_nettype none
// axi_write: AXI rules (axi_write_checker: back to back within a burst, too), bursts that are the runs and are complete in the buffer before they are shown, beats in order,
// stop, fail, idle. Assumed: a memory that keeps the rules, a client that keeps what it offers, runs that fit into the buffer.
// files: axi_write.v burst_splitter.v ram.v stream_fifo.v axi_write_checker.v stable_checker.v order_checker.v run_tracker.v
module axi_write_proof #(
	parameter BURST = 3,
	parameter OUTSTANDING = 2,
	parameter BUFFER = 4,
	// 0 AXI rules, 1 addresses, 2 order of the beats, 3 bursts are complete, 4 stop, fail and idle, 5 the failing burst's address, 6 strobes (no stop, no error)
	parameter CHECK = 0
) (
	input wire        clk,
	input wire [2:0]  pick,
	input wire        wrun_valid,
	input wire [12:0] wrun_address,
	input wire [2:0]  wrun_beats,
	input wire        wbeat_valid,
	input wire [1:0]  data,
	input wire [3:0]  wbeat_strobe,
	input wire        stop,
	input wire        awready,
	input wire        wready,
	input wire [1:0]  bresp,
	input wire        bvalid
);
	localparam A = 13;
	reg rst = 1'b1;
	always @(posedge clk)
		rst <= 1'b0;
	wire wrun_ready, wbeat_ready, idle, fail, parity_bad, awid, awlock, awvalid, wlast, wvalid, bready;
	wire [31:0] wdata;
	wire [3:0] wstrb, awcache;
	wire [1:0] fail_code, awburst;
	wire [A-1:0] fail_address, awaddr;
	wire [7:0] awlen;
	wire [2:0] awsize, awprot;
	axi_write #(.ADDRESS_BITS(A), .BYTES(4), .BURST(BURST), .OUTSTANDING(OUTSTANDING), .BUFFER(BUFFER)) dut (.clk(clk), .rst(rst),
		.wrun_valid(wrun_valid), .wrun_ready(wrun_ready), .wrun_address(wrun_address), .wrun_beats({6'd0, wrun_beats}),
		.wbeat_valid(wbeat_valid), .wbeat_ready(wbeat_ready), .wbeat_data({data[1], 30'd0, data[0]}), .wbeat_strobe(wbeat_strobe),
		.stop(stop), .idle(idle), .fail(fail), .fail_code(fail_code), .fail_address(fail_address), .parity_test(1'b0), .parity_bad(parity_bad),
		.m_axi_awid(awid), .m_axi_awaddr(awaddr), .m_axi_awlen(awlen), .m_axi_awsize(awsize), .m_axi_awburst(awburst), .m_axi_awlock(awlock),
		.m_axi_awcache(awcache), .m_axi_awprot(awprot), .m_axi_awvalid(awvalid), .m_axi_awready(awready),
		.m_axi_wdata(wdata), .m_axi_wstrb(wstrb), .m_axi_wlast(wlast), .m_axi_wvalid(wvalid), .m_axi_wready(wready),
		.m_axi_bid(1'b0), .m_axi_bresp(bresp), .m_axi_bvalid(bvalid), .m_axi_bready(bready));
	wire [9:0] master_bad;
	wire [3:0] slave_bad;
	axi_write_checker #(.ADDRESS_BITS(A), .BYTES(4), .BURST(BURST), .OUTSTANDING(OUTSTANDING)) rules (.clk(clk), .rst(rst),
		.awid(awid), .awaddr(awaddr), .awlen(awlen), .awsize(awsize), .awburst(awburst), .awlock(awlock), .awcache(awcache), .awprot(awprot),
		.awvalid(awvalid), .awready(awready), .wdata(wdata), .wstrb(wstrb), .wlast(wlast), .wvalid(wvalid), .wready(wready),
		.bid(1'b0), .bresp(bresp), .bvalid(bvalid), .bready(bready), .master_bad(master_bad), .slave_bad(slave_bad));
	wire run_kept, beat_kept;
	stable_checker #(.WIDTH(A + 3)) run_offer (.clk(clk), .rst(rst), .valid(wrun_valid), .ready(wrun_ready), .data({wrun_address, wrun_beats}), .kept(run_kept));
	stable_checker #(.WIDTH(6)) beat_offer (.clk(clk), .rst(rst), .valid(wbeat_valid), .ready(wbeat_ready), .data({data, wbeat_strobe}), .kept(beat_kept));

	// handshakes; a burst is new in the cycle in which it is first shown
	wire enters = wrun_valid & wrun_ready;
	wire given = wbeat_valid & wbeat_ready;
	wire asked = awvalid & awready;
	wire taken = wvalid & wready;
	reg offered_q, shown_q;
	wire new_burst = awvalid & ~offered_q;
	wire new_beat = wvalid & ~shown_q;

	// stop and fail; an arbitrary burst: how many are before it
	reg stop_q, dropped_q, dropped_before_q, failed_q, picked_q, located_q;
	reg [1:0] code_q;
	reg [3:0] open_q, ahead_q, stock_q;
	reg [A-1:0] burst_q;
	wire error = bvalid & bresp[1] & ~dropped_q;
	always @(posedge clk)
		if (rst) begin
			stop_q <= 1'b0;
			offered_q <= 1'b0;
			shown_q <= 1'b0;
			dropped_q <= 1'b0;
			dropped_before_q <= 1'b0;
			failed_q <= 1'b0;
			picked_q <= 1'b0;
			located_q <= 1'b0;
			open_q <= 0;
			stock_q <= 0;
		end else begin
			stop_q <= stop;
			offered_q <= awvalid & ~awready;
			shown_q <= wvalid & ~wready;
			dropped_q <= dropped_q | stop | error;
			dropped_before_q <= dropped_q;
			failed_q <= failed_q | error;
			if (error)
				code_q <= bresp;
			open_q <= open_q + asked - bvalid;
			stock_q <= stock_q + given - (new_burst ? awlen[2:0] + 3'd1 : 3'd0); // given and in no burst that was shown
			if (asked & pick[0] & ~picked_q) begin
				picked_q <= 1'b1;
				ahead_q <= open_q - bvalid;
				burst_q <= awaddr;
			end else if (picked_q & ~located_q & bvalid) begin
				located_q <= error & ahead_q == 0;
				ahead_q <= ahead_q - 1'b1;
				picked_q <= ahead_q != 0 | error;
			end
		end

	wire [5:0] unasked;
	wire [3:0] unsent, unsent_strobes;
	wire [2:0] bad;
	run_tracker #(.COUNT_BITS(6)) asks (.clk(clk), .rst(rst), .pick(pick[1]), .run(enters), .run_address(wrun_address[A-1:2]), .run_beats({3'd0, wrun_beats}),
		.burst(asked), .burst_address(awaddr[A-1:2]), .burst_beats(awlen[5:0] + 6'd1), .inside(unasked), .bad(bad[0]));
	order_checker #(.WIDTH(2)) order (.clk(clk), .rst(rst), .pick(pick[2]), .push(given), .in(data), .pop(taken), .out({wdata[31], wdata[0]}),
		.count(unsent), .bad(bad[1]));
	order_checker #(.WIDTH(4)) strobes (.clk(clk), .rst(rst), .pick(pick[2]), .push(given), .in(wbeat_strobe), .pop(taken), .out(wstrb),
		.count(unsent_strobes), .bad(bad[2]));

	always @* begin
		assume (slave_bad == 0);
		assume (run_kept);
		assume (beat_kept);
		assume (wrun_beats != 0 && wrun_beats <= BUFFER);
		assume (!stop_q || stop);
		if (CHECK == 1) // around a page's end
			assume (wrun_address[A-1:4] == 255 || wrun_address[A-1:4] == 256);
		if (CHECK == 6)
			assume (!stop && !error);
		if (!rst)
			case (CHECK)
			0: assert (master_bad == 0);
			1: assert (!bad[0]);
			2: assert (!bad[1]);
			3: assert (!new_burst || stock_q > awlen);
			4: begin
				assert (!(stop_q & new_burst));
				assert (!(dropped_before_q & failed_q & new_burst));
				assert (!(dropped_before_q & new_beat) || wstrb == 0);
				assert (bready);
				assert (fail == failed_q);
				assert (!failed_q || fail_code == code_q);
				assert (idle == (open_q == 0 && !awvalid && (dropped_q || (unasked == 0 && unsent == 0))));
			end
			5: assert (!located_q || fail_address == burst_q);
			6: assert (!bad[2]);
			endcase
	end
endmodule
`default_nettype wire
