// Self-checking bench for any bitlet_array or bitlet_pe, in Icarus Verilog. `bitlet check --sim iverilog` writes what it reads:
//   bench_size.vh     macros: BENCH_DUT, BENCH_PES, bits of the ports, and with BENCH_WATCH the lanes' selects
//   control.hex       {rst, act_valid, act_last, act_mode, act_zero, wgt_valid, out_ready}, one line a cycle
//   act.hex, wgt.hex  the words on the ports
//   expect.hex        {act_ready, wgt_ready, out_valid, out_result, out_flags, busy, blocked} as the lane model says; results count where out_valid
// With BENCH_DUMP, +dump=FILE gets the changes of all nets of the design (VCD).
// It compares all ports in every cycle and prints "PASS cycles", or "FAIL" with cycle, port, PE and both values at the first difference.
`include "bench_size.vh"
`default_nettype none
`timescale 1ns / 1ps
module bench;
	localparam PES = `BENCH_PES;
	localparam MODE = `BENCH_MODE_BITS;
	localparam ZERO = `BENCH_ZERO_BITS;
	localparam OUT = `BENCH_OUT_BITS;
	localparam CONTROL = 3 + MODE + ZERO + 2 * PES;
	localparam EXPECT = 1 + 4 * PES + PES * (OUT + 4);

	reg clk;
	reg rst, act_valid, act_last;
	reg [MODE-1:0] act_mode;
	reg [ZERO-1:0] act_zero;
	reg [PES-1:0] wgt_valid, out_ready;
	reg [`BENCH_ACT_BITS-1:0] act;
	reg [`BENCH_WGT_BITS-1:0] wgt;
	wire act_ready;
	wire [PES-1:0] wgt_ready, out_valid, busy, blocked;
	wire [PES*OUT-1:0] out_result;
	wire [PES*4-1:0] out_flags;
	`BENCH_DUT dut (
		.clk(clk), .rst(rst), .act_valid(act_valid), .act_ready(act_ready), .act(act), .act_last(act_last), .act_mode(act_mode),
		.act_zero(act_zero), .wgt_valid(wgt_valid), .wgt_ready(wgt_ready), .wgt(wgt), .out_valid(out_valid), .out_ready(out_ready),
		.out_result(out_result), .out_flags(out_flags), .busy(busy), .blocked(blocked)
	);

	// what the model expects of this cycle
	reg want_act_ready;
	reg [PES-1:0] want_wgt_ready, want_out_valid, want_busy, want_blocked;
	reg [PES*OUT-1:0] want_result;
	reg [PES*4-1:0] want_flags;
	reg [CONTROL-1:0] control;
	reg [EXPECT-1:0] want;

	integer control_file, act_file, wgt_file, expect_file, got, cycle, p;
	reg failed;

	// --break rtl: bit +break_bit of output +break_output of PE +break_pe is flipped (flags lie behind the result's bits)
	integer break_output, break_pe, break_bit;
	reg has_break;
	integer outputs [0:PES-1];    // taken so far
	reg [OUT-1:0] result;
	reg [3:0] flags;
`ifdef BENCH_WATCH
	wire [`BENCH_SELECT_BITS-1:0] select;
	assign select = `BENCH_SELECT;
	integer select_file;
`endif

	// values are one port's bits of one PE
	task differ(input [8*12:1] port, input integer pe, input [OUT-1:0] rtl, input [OUT-1:0] model);
		if (!failed) begin
			$display("FAIL cycle %0d %0s pe %0d rtl %h model %h", cycle, port, pe, rtl, model);
			failed = 1'b1;
		end
	endtask

	task compare;
		begin
			if (act_ready !== want_act_ready)
				differ("act_ready", 0, {{(OUT-1){1'b0}}, act_ready}, {{(OUT-1){1'b0}}, want_act_ready});
			for (p = 0; p < PES; p = p + 1) begin
				if (wgt_ready[p] !== want_wgt_ready[p])
					differ("wgt_ready", p, {{(OUT-1){1'b0}}, wgt_ready[p]}, {{(OUT-1){1'b0}}, want_wgt_ready[p]});
				if (out_valid[p] !== want_out_valid[p])
					differ("out_valid", p, {{(OUT-1){1'b0}}, out_valid[p]}, {{(OUT-1){1'b0}}, want_out_valid[p]});
				if (busy[p] !== want_busy[p])
					differ("busy", p, {{(OUT-1){1'b0}}, busy[p]}, {{(OUT-1){1'b0}}, want_busy[p]});
				if (blocked[p] !== want_blocked[p])
					differ("blocked", p, {{(OUT-1){1'b0}}, blocked[p]}, {{(OUT-1){1'b0}}, want_blocked[p]});
				if (want_out_valid[p]) begin
					{flags, result} = {out_flags[p*4 +: 4], out_result[p*OUT +: OUT]};
					if (has_break && p == break_pe && outputs[p] == break_output)
						{flags, result} = {flags, result} ^ ({{(OUT+3){1'b0}}, 1'b1} << break_bit);
					if (result !== want_result[p*OUT +: OUT])
						differ("value", p, result, want_result[p*OUT +: OUT]);
					if (flags !== want_flags[p*4 +: 4])
						differ("flags", p, {{(OUT-4){1'b0}}, flags}, {{(OUT-4){1'b0}}, want_flags[p*4 +: 4]});
					if (out_ready[p])
						outputs[p] = outputs[p] + 1;
				end
			end
		end
	endtask

	// the next line of every file; got becomes 0 at the end
	task read_cycle;
		begin
			got = $fscanf(control_file, "%h", control) == 1;
			got = got && $fscanf(act_file, "%h", act) == 1 && $fscanf(wgt_file, "%h", wgt) == 1;
			got = got && $fscanf(expect_file, "%h", want) == 1;
			{rst, act_valid, act_last, act_mode, act_zero, wgt_valid, out_ready} = control;
			{want_act_ready, want_wgt_ready, want_out_valid, want_result, want_flags, want_busy, want_blocked} = want;
		end
	endtask

`ifdef BENCH_DUMP
	reg [8*1024:1] dump_name;
	initial
		if ($value$plusargs("dump=%s", dump_name)) begin
			$dumpfile(dump_name);
			$dumpvars(0, dut);
		end
`endif

	initial begin
		clk = 1'b0;
		failed = 1'b0;
		cycle = 0;
		has_break = $value$plusargs("break_output=%d", break_output) != 0;
		has_break = has_break && $value$plusargs("break_pe=%d", break_pe) != 0;
		has_break = has_break && $value$plusargs("break_bit=%d", break_bit) != 0;
		for (p = 0; p < PES; p = p + 1)
			outputs[p] = 0;
		control_file = $fopen("control.hex", "r");
		act_file = $fopen("act.hex", "r");
		wgt_file = $fopen("wgt.hex", "r");
		expect_file = $fopen("expect.hex", "r");
`ifdef BENCH_WATCH
		select_file = $fopen("select.hex", "w");
`endif
		read_cycle;
		while (got && !failed) begin
			#4 if (!rst)
				compare;
`ifdef BENCH_WATCH
			if (!rst)
				$fdisplay(select_file, "%h", select);
`endif
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
