`default_nettype none
// A first test of a generated core in any simulator, for FuseSoC and Vivado: every register below 0x100 has its value of reset, a program without tiles is
// fetched, checked and ended, one with a broken CRC is refused, and irq rises for both. Prints PASS or FAIL. Arithmetic is what `bitlet check` tests.
module bitlet_tb;
	localparam BYTES = @{bus_bytes};
	localparam WORDS = BYTES / 4;       // of a beat
	localparam [31:0] PROGRAM = 32'h00010000;
//@ for r in 0..registers-1
//@ if register[r].offset < 256
	localparam [11:0] @{register[r].name} = 12'd@{register[r].offset};
//@ end
//@ end

	reg clk, rst;
	integer failures, i;
	initial clk = 1'b0;
	always #5 clk = ~clk;

	// registers
	reg [11:0] awaddr, araddr;
	reg awvalid, wvalid, arvalid;
	reg [31:0] wdata;
	wire awready, wready, bvalid, arready, rvalid, irq;
	wire [1:0] bresp, rresp;
	wire [31:0] rdata;

	// memory, as far as the program's fetch needs it
	wire wgt_arvalid;
	wire [@{axi_address_bits-1}:0] wgt_araddr;
	wire [7:0] wgt_arlen;
	wire wgt_rready;
	wire act_arvalid, out_awvalid, out_wvalid;
	reg [31:0] block [0:63];
	reg busy;
	reg [31:0] at;
	reg [7:0] left;
	wire [8*BYTES-1:0] beat;
	genvar w;
	generate
		for (w = 0; w < WORDS; w = w + 1) begin : word
			wire [31:0] place = (at >> 2) + w;
			assign beat[32*w +: 32] = block[place[5:0]];
		end
	endgenerate
	always @(posedge clk)
		if (rst)
			busy <= 1'b0;
		else if (!busy && wgt_arvalid) begin
			busy <= 1'b1;
			at <= wgt_araddr[31:0] - PROGRAM;
			left <= wgt_arlen;
		end else if (busy && wgt_rready) begin
			busy <= left != 8'd0;
			at <= at + BYTES;
			left <= left - 8'd1;
		end

	bitlet_top dut (
		.clk(clk), .rst(rst), .s_axil_awaddr(awaddr), .s_axil_awprot(3'd0), .s_axil_awvalid(awvalid), .s_axil_awready(awready),
		.s_axil_wdata(wdata), .s_axil_wstrb(4'hf), .s_axil_wvalid(wvalid), .s_axil_wready(wready), .s_axil_bresp(bresp),
		.s_axil_bvalid(bvalid), .s_axil_bready(1'b1), .s_axil_araddr(araddr), .s_axil_arprot(3'd0), .s_axil_arvalid(arvalid),
		.s_axil_arready(arready), .s_axil_rdata(rdata), .s_axil_rresp(rresp), .s_axil_rvalid(rvalid), .s_axil_rready(1'b1), .irq(irq),
//@ for side in act wgt
		.m_axi_@{side}_arid(), .m_axi_@{side}_arsize(), .m_axi_@{side}_arburst(), .m_axi_@{side}_arlock(), .m_axi_@{side}_arcache(),
		.m_axi_@{side}_arprot(), .m_axi_@{side}_arqos(), .m_axi_@{side}_arvalid(@{side}_arvalid), .m_axi_@{side}_rid(1'b0),
		.m_axi_@{side}_rresp(2'd0),
//@ end
		.m_axi_act_araddr(), .m_axi_act_arlen(), .m_axi_act_arready(1'b0), .m_axi_act_rdata({8*BYTES{1'b0}}), .m_axi_act_rlast(1'b0),
		.m_axi_act_rvalid(1'b0), .m_axi_act_rready(), .m_axi_wgt_araddr(wgt_araddr), .m_axi_wgt_arlen(wgt_arlen),
		.m_axi_wgt_arready(!busy), .m_axi_wgt_rdata(beat), .m_axi_wgt_rlast(left == 8'd0), .m_axi_wgt_rvalid(busy),
		.m_axi_wgt_rready(wgt_rready), .m_axi_out_awid(), .m_axi_out_awaddr(), .m_axi_out_awlen(), .m_axi_out_awsize(),
		.m_axi_out_awburst(), .m_axi_out_awlock(), .m_axi_out_awcache(), .m_axi_out_awprot(), .m_axi_out_awqos(),
		.m_axi_out_awvalid(out_awvalid), .m_axi_out_awready(1'b0), .m_axi_out_wdata(), .m_axi_out_wstrb(), .m_axi_out_wlast(),
		.m_axi_out_wvalid(out_wvalid), .m_axi_out_wready(1'b0), .m_axi_out_bid(1'b0), .m_axi_out_bresp(2'd0), .m_axi_out_bvalid(1'b0),
		.m_axi_out_bready()
	);

	task expect_word(input [8*40-1:0] name, input [31:0] got, input [31:0] want);
		if (got !== want) begin
			$display("FAIL %0s is %h, not %h", name, got, want);
			failures = failures + 1;
		end
	endtask

	task write_register(input [11:0] address, input [31:0] data);
		reg aw, w_;
		begin
			awaddr <= address;
			wdata <= data;
			awvalid <= 1'b1;
			wvalid <= 1'b1;
			aw = 1'b0;
			w_ = 1'b0;
			while (!(aw && w_)) begin
				@(posedge clk);
				if (awvalid && awready) begin
					aw = 1'b1;
					awvalid <= 1'b0;
				end
				if (wvalid && wready) begin
					w_ = 1'b1;
					wvalid <= 1'b0;
				end
			end
			@(posedge clk);
			while (!bvalid)
				@(posedge clk);
			expect_word("bresp", {30'd0, bresp}, 32'd0);
		end
	endtask

	reg [31:0] value;
	task read_register(input [11:0] address);
		begin
			araddr <= address;
			arvalid <= 1'b1;
			@(posedge clk);
			@(posedge clk);
			while (!arready)
				@(posedge clk);
			arvalid <= 1'b0;
			while (!rvalid)
				@(posedge clk);
			value = rdata;
			expect_word("rresp", {30'd0, rresp}, 32'd0);
			@(posedge clk);
		end
	endtask

	// the program: a header without tiles, its last word the CRC-32 of the words before
	reg [31:0] crc;
	integer bit_;
	task make_program;
		begin
			for (i = 0; i < 64; i = i + 1)
				block[i] = 32'd0;
			read_register(IDENTITY);
			block[0] = value;
			block[1] = 32'd1;
			read_register(HASH_LOW);
			block[2] = value;
			read_register(HASH_HIGH);
			block[3] = value;
			block[4] = 32'd256;
			crc = 32'hffffffff;
			for (i = 0; i < 63; i = i + 1) begin
				crc = crc ^ block[i];
				for (bit_ = 0; bit_ < 32; bit_ = bit_ + 1)
					crc = crc[0] ? (crc >> 1) ^ 32'hedb88320 : crc >> 1;
			end
			block[63] = ~crc;
		end
	endtask

	task run;
		begin
			write_register(CONTROL, 32'd1); // start
			i = 0;
			while (!irq && i < 2000) begin
				@(posedge clk);
				i = i + 1;
			end
			expect_word("irq", {31'd0, irq}, 32'd1);
			read_register(STATUS);
		end
	endtask

	always @(posedge clk)
		if (!rst && (act_arvalid === 1'b1 || out_awvalid === 1'b1 || out_wvalid === 1'b1)) begin
			$display("FAIL memory traffic without a tile");
			failures = failures + 1;
		end

	// a core that never answers
	initial begin
		repeat (100000) @(posedge clk);
		$display("FAIL no end");
		$finish;
	end

	initial begin
		failures = 0;
		rst = 1'b1;
		awvalid = 1'b0;
		wvalid = 1'b0;
		arvalid = 1'b0;
		repeat (4) @(posedge clk);
		rst <= 1'b0;
		@(posedge clk);
//@ for r in 0..registers-1
//@ if register[r].offset < 256 && register[r].name != "CONTROL"
		read_register(@{register[r].name});
//@ for f in register[r].first..register[r].last
		expect_word("@{field[f].id}", value[@{field[f].msb}:@{field[f].lsb}], 32'd@{field[f].reset});
//@ end
//@ end
//@ end
		write_register(IRQ_ENABLE, 32'd3); // done, error
		write_register(PROGRAM_LOW, PROGRAM);
		write_register(PROGRAM_BYTES, 32'd256);
		make_program;
		run;
		expect_word("status after the program", value, 32'h00000003); // idle, done
		write_register(IRQ_STATUS, 32'd3);       // cleared by writing 1
		repeat (2) @(posedge clk);
		expect_word("irq, cleared", {31'd0, irq}, 32'd0);
		block[5] = 32'd1;                     // tiles, behind the CRC's back
		run;
		expect_word("status after a broken program", value & 32'h00000fff, 32'h00000205); // idle, error, code CRC
		if (failures == 0)
			$display("PASS");
		$finish;
	end
endmodule
`default_nettype wire
