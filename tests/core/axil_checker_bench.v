// axil_checker sees each broken rule in the cycle of the breach, and none on a good link. Prints TAP.
`default_nettype none
module axil_checker_bench;
	reg clk = 1'b0, rst = 1'b1;
	reg [11:0] awaddr, araddr;
	reg [2:0] awprot, arprot;
	reg [31:0] wdata, rdata;
	reg [3:0] wstrb;
	reg [1:0] bresp, rresp;
	reg awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready;
	wire [4:0] master_bad;
	wire [6:0] slave_bad;
	axil_checker #(.COUNT_BITS(2)) dut (
		.clk(clk), .rst(rst), .awaddr(awaddr), .awprot(awprot), .awvalid(awvalid), .awready(awready), .wdata(wdata), .wstrb(wstrb), .wvalid(wvalid),
		.wready(wready), .bresp(bresp), .bvalid(bvalid), .bready(bready), .araddr(araddr), .arprot(arprot), .arvalid(arvalid), .arready(arready),
		.rdata(rdata), .rresp(rresp), .rvalid(rvalid), .rready(rready), .master_bad(master_bad), .slave_bad(slave_bad)
	);

	integer count = 0;
	reg [11:0] seen; // of the case: slave, master
	task step;
		begin
			#1 seen = seen | {slave_bad, master_bad};
			#1 clk = 1'b1;
			#1 clk = 1'b0;
		end
	endtask
	task quiet;
		{awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready} = 10'd0;
	endtask
	// A link behind reset, all idle.
	task begin_case;
		begin
			quiet;
			{awaddr, araddr, awprot, arprot, wdata, rdata, wstrb, bresp, rresp} = 0;
			rst = 1'b1;
			step;
			rst = 1'b0;
			seen = 12'd0;
			step;
		end
	endtask
	task end_case;
		input [11:0] want;
		input [8*48-1:0] name;
		begin
			count = count + 1;
			if (seen === want)
				$display("ok %0d - %0s", count, name);
			else
				$display("not ok %0d - %0s: %b, not %b", count, name, seen, want);
		end
	endtask

	// What is offered and not taken, then another offer or none; DROP and CHANGE of each channel.
	integer channel;
	task offer;
		case (channel)
		0: awvalid = 1'b1;
		1: wvalid = 1'b1;
		2: arvalid = 1'b1;
		3: bvalid = 1'b1;
		default: rvalid = 1'b1;
		endcase
	endtask
	task change;
		input integer what;
		case (2 * channel + what)
		0: awaddr = 12'h800;
		1: awprot = 3'd4;
		2: wdata = 32'h80000000;
		3: wstrb = 4'h8;
		4: araddr = 12'h1;
		5: arprot = 3'd1;
		6, 7: bresp = 2'b10;
		8: rdata = 32'h1;
		default: rresp = 2'b11;
		endcase
	endtask
	// Requests that are taken: an address, data, a read.
	task requests;
		begin
			{awvalid, awready, wvalid, wready, arvalid, arready} = 6'b111111;
			step;
			quiet;
		end
	endtask

	reg [11:0] rule;
	integer i;
	initial begin
		for (channel = 0; channel < 5; channel = channel + 1) begin
			rule = channel < 3 ? 12'd1 << channel : 12'd1 << (channel + 2);
			begin_case;
			requests;
			offer;
			step;
			quiet;
			step;
			end_case(rule, "an offer is withdrawn");
			for (i = 0; i < 2; i = i + 1) begin
				begin_case;
				requests;
				offer;
				step;
				change(i);
				step;
				end_case(rule, "an offer changes");
			end
			begin_case;
			requests;
			offer;
			step;
			step;
			{awready, wready, arready, bready, rready} = 5'b11111;
			step;
			change(0);
			quiet;
			step;
			end_case(12'd0, "an offer that is taken");
		end

		for (channel = 0; channel < 5; channel = channel + 1) begin
			begin_case;
			rst = 1'b1;
			step;
			rst = 1'b0;
			seen = 12'd0;
			offer;
			step;
			end_case(channel < 3 ? 12'b0000000_01000 : channel == 3 ? 12'b1000100_00000 : 12'b1001000_00000, "valid behind reset");
		end

		begin_case;
		bvalid = 1'b1;
		step;
		end_case(12'b0000100_00000, "an answer to no write");
		begin_case;
		{awvalid, awready} = 2'b11;
		step;
		quiet;
		bvalid = 1'b1;
		step;
		end_case(12'b0000100_00000, "an answer before the data");
		begin_case;
		{wvalid, wready} = 2'b11;
		step;
		quiet;
		bvalid = 1'b1;
		step;
		end_case(12'b0000100_00000, "an answer before the address");
		begin_case;
		{awvalid, awready, wvalid, wready, bvalid} = 5'b11111;
		step;
		end_case(12'b0000100_00000, "an answer in the cycle of its request");
		begin_case;
		requests;
		{bvalid, bready} = 2'b11;
		step;
		step;
		end_case(12'b0000100_00000, "two answers to a write");
		begin_case;
		{arvalid, arready, rvalid} = 3'b111;
		step;
		end_case(12'b0001000_00000, "data in the cycle of its request");
		begin_case;
		requests;
		{rvalid, rready} = 2'b11;
		step;
		step;
		end_case(12'b0001000_00000, "two answers to a read");
		begin_case;
		requests;
		bvalid = 1'b1;
		bresp = 2'b01;
		step;
		end_case(12'b0010000_00000, "EXOKAY to a write");
		begin_case;
		requests;
		rvalid = 1'b1;
		rresp = 2'b01;
		step;
		end_case(12'b0100000_00000, "EXOKAY to a read");

		begin_case;
		for (i = 0; i < 3; i = i + 1)
			requests;
		{bvalid, bready, rvalid, rready} = 4'b1111;
		requests;
		{bvalid, bready, rvalid, rready} = 4'b1111;
		for (i = 0; i < 3; i = i + 1)
			step;
		end_case(12'd0, "three requests in flight");
		for (channel = 0; channel < 3; channel = channel + 1) begin
			begin_case;
			for (i = 0; i < 4; i = i + 1) begin
				offer;
				{awready, wready, arready} = 3'b111;
				step;
			end
			end_case(12'b0000000_10000, "more requests than can be counted");
		end
		$display("1..%0d", count);
		$finish;
	end
endmodule
