`default_nettype none
// axi_read: AXI rules (axi_read_checker), bursts that are the runs, beats that come out in order with their run's tag, stop, fail, idle. Assumed: a memory that keeps the
// rules, a client that keeps what it offers, runs that end within the address space.
// files: axi_read.v burst_splitter.v stream_fifo.v axi_read_checker.v stable_checker.v order_checker.v run_tracker.v
module axi_read_proof #(
	parameter BURST = 3,
	parameter OUTSTANDING = 2,
	parameter CHECK = 0 // 0 AXI rules, 1 addresses, 2 order of the beats, 3 tags, 4 stop, fail and idle, 5 the failing beat's address
) (
	input wire        clk,
	input wire [3:0]  pick,
	input wire        run_valid,
	input wire [12:0] run_address,
	input wire [3:0]  run_bytes,
	input wire        run_tag,
	input wire        beat_ready,
	input wire        stop,
	input wire        arready,
	input wire [1:0]  data,
	input wire [1:0]  rresp,
	input wire        rlast,
	input wire        rvalid
);
	localparam A = 13;
	reg rst = 1'b1;
	always @(posedge clk)
		rst <= 1'b0;
	wire run_ready, beat_valid, beat_tag, idle, outstanding, fail, fail_tag, arid, arlock, arvalid, rready;
	wire [31:0] beat_data, rdata = {data[1], 30'd0, data[0]};
	wire [1:0] fail_code, arburst;
	wire [A-1:0] fail_address, araddr;
	wire [7:0] arlen;
	wire [2:0] arsize, arprot;
	wire [3:0] arcache;
	axi_read #(.ADDRESS_BITS(A), .BYTES(4), .BURST(BURST), .OUTSTANDING(OUTSTANDING)) dut (.clk(clk), .rst(rst),
		.run_valid(run_valid), .run_ready(run_ready), .run_address(run_address), .run_bytes({20'd0, run_bytes}), .run_tag(run_tag),
		.beat_valid(beat_valid), .beat_ready(beat_ready), .beat_data(beat_data), .beat_tag(beat_tag), .stop(stop), .idle(idle), .outstanding(outstanding),
		.fail(fail), .fail_code(fail_code), .fail_address(fail_address), .fail_tag(fail_tag),
		.m_axi_arid(arid), .m_axi_araddr(araddr), .m_axi_arlen(arlen), .m_axi_arsize(arsize), .m_axi_arburst(arburst), .m_axi_arlock(arlock),
		.m_axi_arcache(arcache), .m_axi_arprot(arprot), .m_axi_arvalid(arvalid), .m_axi_arready(arready),
		.m_axi_rid(1'b0), .m_axi_rdata(rdata), .m_axi_rresp(rresp), .m_axi_rlast(rlast), .m_axi_rvalid(rvalid), .m_axi_rready(rready));
	wire [5:0] master_bad;
	wire [4:0] slave_bad;
	axi_read_checker #(.ADDRESS_BITS(A), .BYTES(4), .BURST(BURST), .OUTSTANDING(OUTSTANDING)) rules (.clk(clk), .rst(rst),
		.arid(arid), .araddr(araddr), .arlen(arlen), .arsize(arsize), .arburst(arburst), .arlock(arlock), .arcache(arcache), .arprot(arprot),
		.arvalid(arvalid), .arready(arready), .rid(1'b0), .rdata(rdata), .rresp(rresp), .rlast(rlast), .rvalid(rvalid), .rready(rready),
		.master_bad(master_bad), .slave_bad(slave_bad));
	wire offer_kept, beat_kept;
	stable_checker #(.WIDTH(A + 5)) offer (.clk(clk), .rst(rst), .valid(run_valid), .ready(run_ready), .data({run_address, run_bytes, run_tag}), .kept(offer_kept));
	stable_checker #(.WIDTH(33)) beat (.clk(clk), .rst(rst), .valid(beat_valid), .ready(beat_ready), .data({beat_data, beat_tag}), .kept(beat_kept));

	// handshakes
	wire enters = run_valid & run_ready;
	wire asked = arvalid & arready;
	wire taken = rvalid & rready;
	wire pop = beat_valid & beat_ready;
	wire [A:0] run_end = run_address + run_bytes;
	wire [A:0] run_last = run_end - 1'b1;
	wire [5:0] run_beats = run_last[A:2] - run_address[A-1:2] + 1'b1;

	// stop and fail
	reg stop_q, offered_q, dropped_q, failed_q;
	reg [1:0] code_q;
	wire error = taken & rresp[1] & ~dropped_q;
	// an arbitrary burst: how many are before it, and where an error in it is
	reg picked_q, located_q;
	reg [3:0] open_q, ahead_q;
	reg [A-1:0] burst_q;
	wire answered = taken & rlast;
	wire mine = picked_q & ahead_q == 0;
	always @(posedge clk)
		if (rst) begin
			stop_q <= 1'b0;
			offered_q <= 1'b0;
			dropped_q <= 1'b0;
			failed_q <= 1'b0;
			picked_q <= 1'b0;
			located_q <= 1'b0;
			open_q <= 0;
		end else begin
			stop_q <= stop;
			offered_q <= arvalid & ~arready;
			dropped_q <= dropped_q | stop | error;
			failed_q <= failed_q | error;
			if (error)
				code_q <= rresp;
			open_q <= open_q + asked - answered;
			if (asked & pick[0] & ~picked_q) begin
				picked_q <= 1'b1;
				ahead_q <= open_q - answered;
				burst_q <= araddr;
			end else if (picked_q & ~located_q) begin
				located_q <= error & mine;
				if (taken & mine & ~error)
					burst_q <= burst_q + 3'd4;
				if (answered & ~error) begin
					ahead_q <= ahead_q - 1'b1;
					picked_q <= ahead_q != 0;
				end
			end
		end

	// runs are asked for; beats come out in order; with the tag of their run
	wire [5:0] unasked;
	wire [3:0] held;
	wire [1:0] bad;
	run_tracker #(.COUNT_BITS(6)) asks (.clk(clk), .rst(rst), .pick(pick[1]), .run(enters), .run_address(run_address[A-1:2]), .run_beats(run_beats),
		.burst(asked), .burst_address(araddr[A-1:2]), .burst_beats(arlen[5:0] + 6'd1), .inside(unasked), .bad(bad[0]));
	order_checker #(.WIDTH(2)) order (.clk(clk), .rst(rst), .pick(pick[2]), .push(taken & ~rresp[1] & ~dropped_q), .in(data),
		.pop(pop), .out({beat_data[31], beat_data[0]}), .count(held), .bad(bad[1]));
	reg tagged_q, tag_q;
	reg [5:0] undelivered_q, before_q, left_q;
	always @(posedge clk)
		if (rst) begin
			tagged_q <= 1'b0;
			undelivered_q <= 0;
		end else begin
			undelivered_q <= undelivered_q + (enters ? run_beats : 6'd0) - pop;
			if (enters & pick[3] & ~tagged_q) begin
				tagged_q <= 1'b1;
				tag_q <= run_tag;
				before_q <= undelivered_q - pop;
				left_q <= run_beats;
			end else if (pop & tagged_q) begin
				if (before_q != 0)
					before_q <= before_q - 1'b1;
				else begin
					left_q <= left_q - 1'b1;
					tagged_q <= left_q != 1;
				end
			end
		end

	always @* begin
		assume (slave_bad == 0);
		assume (offer_kept);
		assume (run_bytes != 0 && run_end <= (1 << A));
		assume (!stop_q || stop);
		if (CHECK == 1 || CHECK == 3) // around a page's end
			assume (run_address[A-1:4] == 255 || run_address[A-1:4] == 256);
		if (!rst)
			case (CHECK)
			0: assert (master_bad == 0);
			1: assert (!bad[0]);
			2: begin
				assert (!bad[1]);
				assert (beat_kept);
				assert (rready == (held < 2 || dropped_q));
			end
			3: assert (!(pop & tagged_q & before_q == 0) || beat_tag == tag_q);
			4: begin
				assert (!((stop_q | failed_q) & arvalid) || offered_q || (failed_q & ~stop_q));
				assert (fail == failed_q);
				assert (!failed_q || fail_code == code_q);
				assert (idle == (open_q == 0 && !arvalid));
				assert (outstanding == (open_q != 0));
			end
			5: assert (!located_q || fail_address == burst_q);
			endcase
	end
endmodule
`default_nettype wire
