`default_nettype none
// csr: AXI4-Lite as a slave must, answers in time, and what its outputs and one register promise. The master keeps the rules; the core does what it wants.
// files: csr.v axil_port.v axil_checker.v stable_checker.v
module csr_proof (
	input wire        clk,
	input wire        rst,
	input wire [11:0] awaddr, araddr,
	input wire        awvalid, wvalid, bready, arvalid, rready,
	input wire [31:0] wdata,
	input wire [3:0]  wstrb,
	input wire        idle, done, failed,
	input wire [3:0]  error_code, flags_set,
	input wire [2:0]  error_channel,
	input wire [63:0] error_address,
	input wire [31:0] position,
	input wire [47:0] counter
);
	wire awready, wready, bvalid, arready, rvalid, irq, start, abort, soft_reset;
	wire [1:0] bresp, rresp;
	wire [31:0] rdata, program_bytes;
	wire [63:0] program_address;
	wire [2:0] parity_test;
	csr dut (
		.clk(clk), .rst(rst), .s_axil_awaddr(awaddr), .s_axil_awprot(3'd0), .s_axil_awvalid(awvalid), .s_axil_awready(awready), .s_axil_wdata(wdata),
		.s_axil_wstrb(wstrb), .s_axil_wvalid(wvalid), .s_axil_wready(wready), .s_axil_bresp(bresp), .s_axil_bvalid(bvalid), .s_axil_bready(bready),
		.s_axil_araddr(araddr), .s_axil_arprot(3'd0), .s_axil_arvalid(arvalid), .s_axil_arready(arready), .s_axil_rdata(rdata), .s_axil_rresp(rresp),
		.s_axil_rvalid(rvalid), .s_axil_rready(rready), .irq(irq), .start(start), .abort(abort), .soft_reset(soft_reset),
		.program_address(program_address), .program_bytes(program_bytes), .parity_test(parity_test), .idle(idle), .done(done), .failed(failed),
		.error_code(error_code), .error_channel(error_channel), .error_address(error_address), .flags_set(flags_set), .position(position),
		.counters({21{counter}})
	);
	wire [4:0] master_bad;
	wire [6:0] slave_bad;
	axil_checker #(.ADDRESS_BITS(12), .COUNT_BITS(2)) rules (
		.clk(clk), .rst(rst), .awaddr(awaddr), .awprot(3'd0), .awvalid(awvalid), .awready(awready), .wdata(wdata), .wstrb(wstrb), .wvalid(wvalid),
		.wready(wready), .bresp(bresp), .bvalid(bvalid), .bready(bready), .araddr(araddr), .arprot(3'd0), .arvalid(arvalid), .arready(arready),
		.rdata(rdata), .rresp(rresp), .rvalid(rvalid), .rready(rready), .master_bad(master_bad), .slave_bad(slave_bad)
	);

	// PROGRAM_BYTES once more, from the bus alone: the write whose answer appears in a cycle has just been done
	reg aw_q = 1'b0, w_q = 1'b0, ar_q = 1'b0, bvalid_q = 1'b0, rvalid_q = 1'b0, idle_q = 1'b0, begun_q = 1'b0;
	reg [11:0] awaddr_q, araddr_q;
	reg [31:0] wdata_q, bytes_q;
	reg [3:0] wstrb_q;
	wire [31:0] mask = {{8{wstrb_q[3]}}, {8{wstrb_q[2]}}, {8{wstrb_q[1]}}, {8{wstrb_q[0]}}};
	wire answered = bvalid & ~bvalid_q;
	wire hit = answered & awaddr_q[11:2] == 10'h19 & bresp == 2'b00; // 0x064
	wire cleared = answered & awaddr_q[11:2] == 10'h10 & wstrb_q[0] & wdata_q[2];
	wire [31:0] bytes = cleared ? 32'd0 : hit ? (bytes_q & ~mask) | (wdata_q & mask) : bytes_q;
	always @(posedge clk) begin
		begun_q <= 1'b1;
		idle_q <= idle;
		bvalid_q <= bvalid & ~rst;
		rvalid_q <= rvalid & ~rst;
		bytes_q <= rst ? 32'd0 : bytes;
		aw_q <= ~rst & (aw_q & ~answered | awvalid & awready);
		w_q <= ~rst & (w_q & ~answered | wvalid & wready);
		ar_q <= ~rst & (ar_q & ~(rvalid & ~rvalid_q) | arvalid & arready);
		if (awvalid & awready)
			awaddr_q <= awaddr;
		if (wvalid & wready) begin
			wdata_q <= wdata;
			wstrb_q <= wstrb;
		end
		if (arvalid & arready)
			araddr_q <= araddr;
	end

	// cycles that a request waits while the answer before it is taken
	reg [1:0] write_wait_q, read_wait_q;
	always @(posedge clk) begin
		write_wait_q <= rst | bvalid | ~(aw_q & w_q) ? 2'd0 : write_wait_q + 1'b1;
		read_wait_q <= rst | rvalid | ~ar_q ? 2'd0 : read_wait_q + 1'b1;
	end

	always @* begin
		if (!begun_q)
			assume (rst);
		assume (master_bad == 5'd0);
		if (begun_q) begin
			assert (slave_bad == 7'd0);
			if (!rst) begin
				assert (write_wait_q <= 2'd1);
				assert (read_wait_q <= 2'd1);
				assert (!start || (idle_q && answered && awaddr_q[11:2] == 10'h10 && wdata_q[0] && wstrb_q[0]));
				assert (!abort || (!idle_q && answered && awaddr_q[11:2] == 10'h10 && wdata_q[1] && wstrb_q[0]));
				assert (soft_reset == cleared);
				assert (!start || !abort);
				assert (!soft_reset || (!start && !abort));
				assert (program_bytes == bytes);
				if (rvalid && !rvalid_q && araddr_q[11:2] == 10'h19)
					assert (rdata == bytes_q && rresp == 2'b00);
				if (bvalid)
					assert ((bresp == 2'b00) == (awaddr_q[11:2] >= 10'h10 && awaddr_q[11:2] <= 10'h1b && !(awaddr_q[11:2] >= 10'h12 && awaddr_q[11:2] <= 10'h14))
						|| !answered);
			end
		end
	end
endmodule
`default_nettype wire
