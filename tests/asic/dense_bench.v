// Feeds the lines of a file (valid, first, w, a, expected sum; hexadecimal) to a dense MAC, one a cycle, and compares every sum.
// vvp BENCH +file=FILE; prints the first differences and "checked N wrong M".
module dense_bench;
	parameter FLOAT = 0;
	parameter WIDTH = 8;
	parameter ACC = 32;
	localparam LATENCY = FLOAT ? 3 : 2;
	reg clk, valid, first;
	reg [31:0] w, a;
	wire [ACC-1:0] acc;
	generate
		if (FLOAT) begin : g_float
			dense_mac_fp32 dut (.clk(clk), .valid(valid), .first(first), .w(w), .a(a), .acc(acc));
		end else begin : g_fixed
			dense_mac #(.WIDTH(WIDTH), .ACC(ACC)) dut (.clk(clk), .valid(valid), .first(first), .w(w[WIDTH-1:0]), .a(a[WIDTH-1:0]), .acc(acc));
		end
	endgenerate

	reg [63:0] expected;
	reg [64*LATENCY-1:0] due;     // expected sums of the last lines, newest in the low bits
	reg [8*200-1:0] name;
	integer file, line, wrong;
	initial begin
		clk = 1'b0;
		line = 0;
		wrong = 0;
		if (!$value$plusargs("file=%s", name))
			$finish;
		file = $fopen(name, "r");
		while ($fscanf(file, "%h %h %h %h %h\n", valid, first, w, a, expected) == 5) begin
			#1 clk = 1'b1;
			#1 clk = 1'b0;
			line = line + 1;
			due = {due, expected};
			if (line >= LATENCY && acc !== due[64*(LATENCY-1) +: ACC]) begin
				wrong = wrong + 1;
				if (wrong <= 5)
					$display("line %0d: sum %h, expected %h", line - LATENCY + 1, acc, due[64*(LATENCY-1) +: ACC]);
			end
		end
		$display("checked %0d wrong %0d", line - LATENCY + 1, wrong);
		$finish;
	end
endmodule
