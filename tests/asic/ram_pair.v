`default_nettype none
// Two memories side by side, ram.v's and one of macros under the name macro_ram (with -DNETLIST a netlist, module macros), with random accesses: both at one edge for the most part, never of one word, and
// with HALVES never in one half. Outputs must be equal in every cycle once a word was read. Prints PASS, or FAIL and the first difference.
module ram_pair;
	parameter WIDTH = 8;
	parameter DEPTH = 8;
	parameter PARITY = 0;
	parameter HALVES = 0;
	parameter CYCLES = 3000;
	localparam ADDRESS = $clog2(DEPTH);
	reg clk, rst, write, read, parity_test, seen;
	reg [ADDRESS-1:0] write_address, read_address;
	reg [WIDTH-1:0] write_data;
	wire [WIDTH-1:0] q, macro_q;
	wire bad, macro_bad;
	ram #(.WIDTH(WIDTH), .DEPTH(DEPTH), .PARITY(PARITY), .HALVES(HALVES)) plain (
		.clk(clk), .rst(rst), .write(write), .write_address(write_address), .write_data(write_data), .read(read), .read_address(read_address), .q(q),
		.bad(bad), .parity_test(parity_test));
`ifdef NETLIST
	macros macros (
`else
	macro_ram #(.WIDTH(WIDTH), .DEPTH(DEPTH), .PARITY(PARITY), .HALVES(HALVES)) macros (
`endif
		.clk(clk), .rst(rst), .write(write), .write_address(write_address), .write_data(write_data), .read(read), .read_address(read_address), .q(macro_q),
		.bad(macro_bad), .parity_test(parity_test));

	integer cycle, b, both;
	reg failed;
	task draw;
		begin
			for (b = 0; b < WIDTH; b = b + 1)
				write_data[b] = $random;
			write_address = cycle < DEPTH ? cycle : {$random} % DEPTH;
			read_address = {$random} % DEPTH;
			write = cycle < DEPTH || {$random} % 4 != 0;
			read = cycle >= DEPTH && {$random} % 4 != 0;
			parity_test = {$random} % 16 == 0;
			if (read && write && (read_address == write_address || (HALVES != 0 && read_address[ADDRESS-1] == write_address[ADDRESS-1])))
				read = 1'b0;
			if (read && write)
				both = both + 1;
		end
	endtask

	initial begin
		{clk, write, read, parity_test, seen, failed} = 0;
		rst = 1'b1;
		both = 0;
		for (cycle = 0; cycle < CYCLES && !failed; cycle = cycle + 1) begin
			draw;
			#1 clk = 1'b1;
			#1 clk = 1'b0;
			rst = 1'b0;
			seen = seen | read;
			#1 if (seen && (macro_q !== q || macro_bad !== bad)) begin
				$display("FAIL cycle %0d: macros show %h %b, ram %h %b", cycle, macro_q, macro_bad, q, bad);
				failed = 1'b1;
			end
		end
		if (!failed)
			$display("PASS with %0d reads beside writes", both);
		$finish;
	end
endmodule
`default_nettype wire
