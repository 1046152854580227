// Bench of a whole core (top_bench: bitlet_top with the protocol checkers) in Icarus Verilog. sim/icarus_top.c writes what it reads:
//   icarus_size.vh   macros: widths, the ports' declarations, and the vectors as concatenations of ports
//   vectors.hex      one line a cycle: what the core gets, what the model showed, and which bits of that count
// It compares all outputs in every cycle and prints "PASS cycles", or at the first difference "FAIL cycle" with the three vectors, or "RULE cycle" when a
// checker sees a rule of AXI broken. +break_beat=N: bit 0 of the first strobed byte of write beat N is taken as wrong, to see that it is found.
`include "icarus_size.vh"
`default_nettype none
`timescale 1ns / 1ps
module top_icarus;
	localparam IN = `BENCH_IN_BITS;
	localparam OUT = `BENCH_OUT_BITS;

	reg clk;
	`BENCH_DECLARE
	wire [127:0] violation;
	top_bench bench (.clk(clk), .violation(violation), `BENCH_CONNECT);

	reg [IN-1:0] given;
	reg [OUT-1:0] got, want, mask;
	reg more, failed, has_break;
	integer file, cycle, beats, break_beat, lane;

	task read_cycle;
		begin
			more = $fscanf(file, "%h %h %h", given, want, mask) == 3;
			if (more)
				`BENCH_IN = given;
		end
	endtask

	// the fault on purpose
	task break_output;
		begin
			lane = 0;
			while (lane < `BENCH_LANES && out_wstrb[lane] !== 1'b1)
				lane = lane + 1;
			if (lane < `BENCH_LANES)
				got[`BENCH_WDATA_LOW + 8 * lane] = !got[`BENCH_WDATA_LOW + 8 * lane];
		end
	endtask

	task compare;
		begin
			got = `BENCH_OUT;
			if (has_break && beats == break_beat && out_wvalid === 1'b1)
				break_output;
			if (((got ^ want) & mask) !== {OUT{1'b0}}) begin
				$display("FAIL cycle %0d rtl %h want %h mask %h", cycle, got, want, mask);
				failed = 1'b1;
			end else if (violation !== 128'd0) begin
				$display("RULE cycle %0d violation %h", cycle, violation);
				failed = 1'b1;
			end
			if (out_wvalid === 1'b1 && out_wready)
				beats = beats + 1;
		end
	endtask

	initial begin
		clk = 1'b0;
		failed = 1'b0;
		cycle = 0;
		beats = 0;
		has_break = $value$plusargs("break_beat=%d", break_beat) != 0;
		file = $fopen("vectors.hex", "r");
		read_cycle;
		while (more && !failed) begin
			#4 if (!rst)
				compare;
			#1 clk = 1'b1;
			#5 clk = 1'b0;
			if (!rst)
				cycle = cycle + 1;
			read_cycle;
		end
		if (!failed)
			$display("PASS %0d cycles", cycle);
		$finish;
	end
endmodule
`default_nettype wire
