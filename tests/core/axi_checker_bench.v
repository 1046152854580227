// axi_read_checker and axi_write_checker see each broken rule in the cycle of the breach, and none on a good link. Prints TAP.
`default_nettype none
module axi_checker_bench;
	reg clk = 1'b0, rst = 1'b1;
	reg arid, arlock, arvalid, arready, rid, rlast, rvalid, rready;
	reg awid, awlock, awvalid, awready, wlast, wvalid, wready, bid, bvalid, bready;
	reg [15:0] araddr, awaddr;
	reg [7:0] arlen, awlen;
	reg [2:0] arsize, arprot, awsize, awprot;
	reg [1:0] arburst, awburst, rresp, bresp;
	reg [3:0] arcache, awcache, wstrb;
	reg [31:0] rdata, wdata;
	wire [5:0] read_master;
	wire [4:0] read_slave;
	wire [9:0] write_master;
	wire [3:0] write_slave;
	axi_read_checker #(.ADDRESS_BITS(16), .BYTES(4), .BURST(4), .OUTSTANDING(2)) reads (.clk(clk), .rst(rst),
		.arid(arid), .araddr(araddr), .arlen(arlen), .arsize(arsize), .arburst(arburst), .arlock(arlock), .arcache(arcache), .arprot(arprot),
		.arvalid(arvalid), .arready(arready), .rid(rid), .rdata(rdata), .rresp(rresp), .rlast(rlast), .rvalid(rvalid), .rready(rready),
		.master_bad(read_master), .slave_bad(read_slave));
	axi_write_checker #(.ADDRESS_BITS(16), .BYTES(4), .BURST(4), .OUTSTANDING(2)) writes (.clk(clk), .rst(rst),
		.awid(awid), .awaddr(awaddr), .awlen(awlen), .awsize(awsize), .awburst(awburst), .awlock(awlock), .awcache(awcache), .awprot(awprot),
		.awvalid(awvalid), .awready(awready), .wdata(wdata), .wstrb(wstrb), .wlast(wlast), .wvalid(wvalid), .wready(wready),
		.bid(bid), .bresp(bresp), .bvalid(bvalid), .bready(bready), .master_bad(write_master), .slave_bad(write_slave));

	localparam READ_MASTER = 0, READ_SLAVE = 6, WRITE_MASTER = 11, WRITE_SLAVE = 21; // first bits in seen
	integer count = 0;
	reg [24:0] seen;
	task step;
		begin
			#1 seen = seen | {write_slave, write_master, read_slave, read_master};
			#1 clk = 1'b1;
			#1 clk = 1'b0;
		end
	endtask
	task quiet;
		{arvalid, arready, rvalid, rready, awvalid, awready, wvalid, wready, bvalid, bready} = 10'd0;
	endtask
	// Both links behind reset, all idle, with what a good burst of a beat offers.
	task begin_case;
		begin
			quiet;
			{arid, arlock, arprot, arlen, rid, rresp, rdata, awid, awlock, awprot, awlen, bid, bresp, wdata, wstrb} = 0;
			{araddr, awaddr, arcache, awcache, arsize, awsize, arburst, awburst, rlast, wlast} = {16'h100, 16'h200, 8'h33, 3'd2, 3'd2, 2'd1, 2'd1, 2'b11};
			rst = 1'b1;
			step;
			rst = 1'b0;
			seen = 25'd0;
			step;
		end
	endtask
	task end_case;
		input [24:0] want;
		input [8*56-1:0] name;
		begin
			count = count + 1;
			if (seen === want)
				$display("ok %0d - %0s", count, name);
			else
				$display("not ok %0d - %0s: %b, not %b", count, name, seen, want);
		end
	endtask
	task ask; // a read burst is taken
		begin
			{arvalid, arready} = 2'b11;
			step;
			quiet;
		end
	endtask
	task address; // a write burst is taken
		begin
			{awvalid, awready} = 2'b11;
			step;
			{awvalid, awready} = 2'b00;
		end
	endtask
	task beat; // a W beat is taken
		input last;
		begin
			{wvalid, wready, wlast} = {2'b11, last};
			step;
			{wvalid, wready} = 2'b00;
		end
	endtask
	task answer; // an R beat is taken
		input last;
		begin
			{rvalid, rready, rlast} = {2'b11, last};
			step;
			{rvalid, rready} = 2'b00;
		end
	endtask

	// An offer that is withdrawn or changes: of AR, R, AW, W, B.
	integer channel, i;
	task offer;
		case (channel)
		0: arvalid = 1'b1;
		1: rvalid = 1'b1;
		2: awvalid = 1'b1;
		3: wvalid = 1'b1;
		default: bvalid = 1'b1;
		endcase
	endtask
	task change; // bits that break no other rule
		input integer what;
		case (4 * channel + what)
		0: araddr = 16'h104;
		1: arlen = 8'd1;
		2, 3: araddr = 16'h8100;
		4: rdata = 32'h80000000;
		5, 6, 7: rresp = 2'd2;
		8: awaddr = 16'h204;
		9, 10, 11: awlen = 8'd0;
		12: wdata = 32'd1;
		13, 14, 15: wstrb = 4'd8;
		default: bresp = 2'd3;
		endcase
	endtask
	function [24:0] stable;
		input integer of;
		case (of)
		0: stable = 25'd1 << READ_MASTER;
		1: stable = 25'd1 << READ_SLAVE;
		2: stable = 25'd1 << WRITE_MASTER;
		3: stable = 25'd1 << (WRITE_MASTER + 1);
		default: stable = 25'd1 << WRITE_SLAVE;
		endcase
	endfunction
	task prepare; // so that the channel may offer
		begin
			begin_case;
			case (channel)
			1: ask;
			2: awlen = 8'd1; // two beats: it may change to one
			3: address;
			4: begin
				address;
				beat(1'b1);
			end
			endcase
		end
	endtask

	// One thing about an offered burst is wrong, of both channels.
	task burst;
		input integer what;
		begin
			begin_case;
			{arvalid, awvalid} = 2'b11;
			case (what)
			0: {araddr, awaddr} = {16'h0ffc, 16'h1ffc};
			1: {araddr, awaddr} = {16'h0ffc, 16'h1ff4};
			2: {araddr, awaddr} = {16'h102, 16'h201};
			3: {arlen, awlen} = {8'd3, 8'd3};
			4: {arlen, awlen} = {8'd4, 8'd4};
			5: {arid, awid} = 2'b11;
			6: {arsize, awsize} = {3'd1, 3'd3};
			7: {arburst, awburst} = {2'd0, 2'd2};
			8: {arlock, awlock} = 2'b11;
			9: {arcache, awcache} = 8'h00;
			10: {arprot, awprot} = {3'd2, 3'd1};
			default: {araddr, awaddr, arlen, awlen} = {16'h0ffc, 16'h1ff4, 8'd1, 8'd3};
			endcase
			step;
		end
	endtask

	initial begin
		for (channel = 0; channel < 5; channel = channel + 1) begin
			prepare;
			offer;
			step;
			quiet;
			step;
			// WVALID that falls within a burst breaks a second rule
			end_case(stable(channel) | (channel == 3 ? 25'd1 << (WRITE_MASTER + 9) : 25'd0), "an offer is withdrawn");
			for (i = 0; i < 4; i = i + 1) begin
				prepare;
				offer;
				step;
				change(i);
				step;
				end_case(stable(channel), "an offer changes");
			end
			begin_case;
			rst = 1'b1;
			step;
			rst = 1'b0;
			seen = 25'd0;
			offer;
			step;
			case (channel)
			0: end_case(25'd2 << READ_MASTER, "ARVALID behind reset");
			1: end_case(25'd6 << READ_SLAVE, "RVALID behind reset");
			2: end_case(25'd4 << WRITE_MASTER, "AWVALID behind reset");
			3: end_case(25'h84 << WRITE_MASTER, "WVALID behind reset");
			default: end_case(25'd6 << WRITE_SLAVE, "BVALID behind reset");
			endcase
		end

		for (i = 0; i < 12; i = i + 1) begin
			burst(i);
			case (i)
			0, 1, 3: end_case(25'd0, "a burst that ends at a page's end, or is as long as may be");
			2, 11: end_case(25'd4 << READ_MASTER | 25'd8 << WRITE_MASTER, "a burst across 4 KiB, or not at a beat's address");
			4: end_case(25'd8 << READ_MASTER | 25'd16 << WRITE_MASTER, "a burst that is too long");
			default: end_case(25'd16 << READ_MASTER | 25'd32 << WRITE_MASTER, "a burst of another kind");
			endcase
		end

		begin_case;
		ask;
		ask;
		end_case(25'd0, "as many read bursts as may be");
		arvalid = 1'b1;
		step;
		end_case(25'd32 << READ_MASTER, "one read burst more");
		begin_case;
		ask;
		answer(1'b1);
		answer(1'b1);
		end_case(25'd4 << READ_SLAVE, "data for no burst");
		begin_case;
		arlen = 8'd1;
		ask;
		answer(1'b1);
		end_case(25'd8 << READ_SLAVE, "RLAST is early");
		begin_case;
		arlen = 8'd1;
		ask;
		answer(1'b0);
		answer(1'b0);
		end_case(25'd8 << READ_SLAVE, "RLAST is missing");
		begin_case;
		arlen = 8'd1;
		ask;
		arlen = 8'd0;
		ask;
		answer(1'b0);
		answer(1'b1);
		answer(1'b1);
		end_case(25'd0, "two read bursts");
		begin_case;
		ask;
		rresp = 2'b01;
		answer(1'b1);
		end_case(25'd16 << READ_SLAVE, "EXOKAY to a read");
		begin_case;
		ask;
		rid = 1'b1;
		answer(1'b1);
		end_case(25'd16 << READ_SLAVE, "RID of nobody");

		begin_case;
		address;
		address;
		end_case(25'd0, "as many write bursts as may be");
		awvalid = 1'b1;
		step;
		end_case(25'd64 << WRITE_MASTER, "one write burst more");
		begin_case;
		beat(1'b1);
		end_case(25'd128 << WRITE_MASTER, "data without an address");
		begin_case;
		awvalid = 1'b1;
		beat(1'b1);
		beat(1'b1);
		end_case(25'd128 << WRITE_MASTER, "data of the burst behind one whose address waits");
		begin_case;
		awvalid = 1'b1;
		beat(1'b1);
		address;
		address;
		beat(1'b1);
		{bvalid, bready} = 2'b11;
		step;
		step;
		end_case(25'd0, "data before its address is taken, and behind");
		begin_case;
		awlen = 8'd1;
		address;
		beat(1'b1);
		end_case(25'd256 << WRITE_MASTER, "WLAST is early");
		begin_case;
		awvalid = 1'b1;
		beat(1'b0);
		end_case(25'd256 << WRITE_MASTER, "WLAST is missing");
		begin_case;
		awlen = 8'd1;
		address;
		beat(1'b0);
		step;
		end_case(25'd512 << WRITE_MASTER, "a gap in a burst");
		begin_case;
		address;
		bvalid = 1'b1;
		step;
		end_case(25'd4 << WRITE_SLAVE, "an answer before the data");
		begin_case;
		awvalid = 1'b1;
		beat(1'b1);
		bvalid = 1'b1;
		step;
		end_case(25'd4 << WRITE_SLAVE, "an answer before the address is taken");
		begin_case;
		address;
		beat(1'b1);
		bresp = 2'b01;
		bvalid = 1'b1;
		step;
		end_case(25'd8 << WRITE_SLAVE, "EXOKAY to a write");
		begin_case;
		address;
		beat(1'b1);
		bid = 1'b1;
		bvalid = 1'b1;
		step;
		end_case(25'd8 << WRITE_SLAVE, "BID of nobody");
		$display("1..%0d", count);
		$finish;
	end
endmodule
