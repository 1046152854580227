`default_nettype none
// Two clients, program fetch and weight loader, on one axi_read: fetch's runs go first (tag 1), the weight loader's (tag 0) when there are none.
// Throughput: a run and a beat a cycle. Latency: a fetch run 1 cycle, a weight run 2, a beat 1. Back-pressure: runs and beats wait in queues of two. Beats keep the
// order of their runs: while a client does not take its beat, the other one's beats behind it wait too. All outputs are functions of registers.
module read_arbiter #(
	parameter ADDRESS_BITS = 32,
	parameter BYTES = 8          // of a beat
) (
	input  wire                    clk,
	input  wire                    rst,
	//Program fetch
	input  wire                    fetch_run_valid,
	output wire                    fetch_run_ready,
	input  wire [ADDRESS_BITS-1:0] fetch_run_address,
	input  wire [23:0]             fetch_run_bytes,
	output wire                    fetch_beat_valid,
	input  wire                    fetch_beat_ready,
	output wire [8*BYTES-1:0]      fetch_beat_data,
	//Weight loader
	input  wire                    wgt_run_valid,
	output wire                    wgt_run_ready,
	input  wire [ADDRESS_BITS-1:0] wgt_run_address,
	input  wire [23:0]             wgt_run_bytes,
	output wire                    wgt_beat_valid,
	input  wire                    wgt_beat_ready,
	output wire [8*BYTES-1:0]      wgt_beat_data,
	//To axi_read
	output wire                    run_valid,
	input  wire                    run_ready,
	output wire [ADDRESS_BITS-1:0] run_address,
	output wire [23:0]             run_bytes,
	output wire                    run_tag,
	//From axi_read
	input  wire                    beat_valid,
	output wire                    beat_ready,
	input  wire [8*BYTES-1:0]      beat_data,
	input  wire                    beat_tag
);
	localparam RUN_BITS = ADDRESS_BITS + 24;

	//Runs: those of fetch go straight into the queue to axi_read, so the other ones have a queue of their own to wait in
	wire free, wgt_waits;
	wire [RUN_BITS-1:0] wgt_run;
	stream_fifo #(.WIDTH(RUN_BITS), .DEPTH(2)) wgt_runs (.clk(clk), .rst(rst),
		.in_valid(wgt_run_valid), .in_ready(wgt_run_ready), .in({wgt_run_bytes, wgt_run_address}),
		.out_valid(wgt_waits), .out_ready(free & ~fetch_run_valid), .out(wgt_run));
	stream_fifo #(.WIDTH(RUN_BITS + 1), .DEPTH(2)) runs (.clk(clk), .rst(rst),
		.in_valid(fetch_run_valid | wgt_waits), .in_ready(free), .in(fetch_run_valid ? {1'b1, fetch_run_bytes, fetch_run_address} : {1'b0, wgt_run}),
		.out_valid(run_valid), .out_ready(run_ready), .out({run_tag, run_bytes, run_address}));
	assign fetch_run_ready = free;

	//Beats
	wire held, tag;
	wire [8*BYTES-1:0] data;
	stream_fifo #(.WIDTH(8 * BYTES + 1), .DEPTH(2)) beats (.clk(clk), .rst(rst),
		.in_valid(beat_valid), .in_ready(beat_ready), .in({beat_tag, beat_data}),
		.out_valid(held), .out_ready(tag ? fetch_beat_ready : wgt_beat_ready), .out({tag, data}));
	assign fetch_beat_valid = held & tag;
	assign wgt_beat_valid = held & ~tag;
	assign fetch_beat_data = data;
	assign wgt_beat_data = data;
endmodule
`default_nettype wire
