`default_nettype none
// ram.v alone: what is written comes back, q holds, every single flipped bit of a word shows when PARITY is on, parity_test makes every word wrong.
// Prints PASS or FAIL.
module ram_bench;
	parameter WIDTH = 37;
	parameter DEPTH = 5;
	parameter PARITY = 1;
	localparam STORED = PARITY != 0 ? WIDTH + (WIDTH + 7) / 8 : WIDTH;
	localparam ADDRESS = $clog2(DEPTH);
	reg clk, rst, write, read, parity_test;
	reg [ADDRESS-1:0] write_address, read_address;
	reg [WIDTH-1:0] write_data;
	wire [WIDTH-1:0] q;
	wire bad;
	ram #(.WIDTH(WIDTH), .DEPTH(DEPTH), .PARITY(PARITY)) dut (
		.clk(clk), .rst(rst), .write(write), .write_address(write_address), .write_data(write_data), .read(read), .read_address(read_address), .q(q),
		.bad(bad), .parity_test(parity_test)
	);

	reg [WIDTH-1:0] copy [0:DEPTH-1];
	integer i, b, errors;
	task edge_of_clock;
		begin
			#1 clk = 1'b1;
			#1 clk = 1'b0;
		end
	endtask
	task expect_word(input [WIDTH-1:0] word, input wrong);
		if (q !== word || bad !== (wrong && PARITY != 0)) begin
			errors = errors + 1;
			$display("# q %h want %h, bad %b want %b", q, word, bad, wrong && PARITY != 0);
		end
	endtask
	task put(input [ADDRESS-1:0] address);
		begin
			for (b = 0; b < WIDTH; b = b + 1)
				write_data[b] = $random;
			write_address = address;
			copy[address] = write_data;
			write = 1'b1;
			edge_of_clock;
			write = 1'b0;
		end
	endtask
	task get(input [ADDRESS-1:0] address);
		begin
			read_address = address;
			read = 1'b1;
			edge_of_clock;
			read = 1'b0;
			read_address = 0;
		end
	endtask

	initial begin
		{clk, rst, write, read, parity_test, errors} = 0;
		{write_address, read_address, write_data} = 0;
		rst = 1'b1;
		edge_of_clock;
		rst = 1'b0;
		if (bad !== 1'b0)
			errors = errors + 1; // nothing was read yet
		for (i = 0; i < DEPTH; i = i + 1)
			put(i);
		for (i = 0; i < DEPTH; i = i + 1) begin
			get(i);
			expect_word(copy[i], 1'b0);
			if (DEPTH > 1)
				put((i + 1) % DEPTH);      // q holds
			edge_of_clock;
			expect_word(copy[i], 1'b0);
		end
		for (i = 0; i < STORED; i = i + 1) begin // one flipped bit
			dut.memory[DEPTH-1][i] = ~dut.memory[DEPTH-1][i];
			get(DEPTH - 1);
			expect_word(i < WIDTH ? copy[DEPTH-1] ^ ({{(WIDTH-1){1'b0}}, 1'b1} << i) : copy[DEPTH-1], 1'b1);
			dut.memory[DEPTH-1][i] = ~dut.memory[DEPTH-1][i];
		end
		parity_test = 1'b1;
		put(1);
		parity_test = 1'b0;
		get(1);
		expect_word(copy[1], 1'b1);
		rst = 1'b1;
		edge_of_clock;
		rst = 1'b0;
		expect_word(copy[1], 1'b0);
		$display("%0s", errors == 0 ? "PASS" : "FAIL");
		$finish;
	end
endmodule
`default_nettype wire
