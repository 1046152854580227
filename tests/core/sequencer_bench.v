`default_nettype none
// fetch, sequencer and perf_counters as bitlet_top wires them, for sequencer_bench.cpp.
module sequencer_bench #(
	parameter ADDRESS_BITS = 40,
	parameter BUS_BYTES = 8
) (
	input  wire                    clk,
	input  wire                    rst,
	input  wire                    start,
	input  wire                    abort_run,
	input  wire                    soft_reset,
	input  wire [63:0]             program_address,
	input  wire [31:0]             program_bytes,
	input  wire                    run_ready,
	input  wire                    beat_valid,
	input  wire [8*BUS_BYTES-1:0]  beat_data,
	input  wire                    tile_ready,
	input  wire                    tiles_empty,
	input  wire                    act_idle,
	input  wire                    wgt_idle,
	input  wire                    out_idle,
	input  wire                    act_fail,
	input  wire [1:0]              act_code,
	input  wire [63:0]             act_address,
	input  wire                    wgt_fail,
	input  wire [1:0]              wgt_code,
	input  wire                    wgt_tag,
	input  wire [63:0]             wgt_address,
	input  wire                    out_fail,
	input  wire [1:0]              out_code,
	input  wire [63:0]             out_address,
	input  wire [2:0]              parity_bad,
	input  wire [20:0]             event_now,
	input  wire [4:0]              event_many,
	output wire                    run_valid,
	output wire [ADDRESS_BITS-1:0] run_address,
	output wire                    beat_ready,
	output wire                    tile_take,
	output wire [2047:0]           record,
	output wire                    idle,
	output wire                    stop,
	output wire                    clear,
	output wire                    done,
	output wire                    failed,
	output wire [3:0]              error_code,
	output wire [2:0]              error_channel,
	output wire [63:0]             error_address,
	output wire [31:0]             position,
	output wire [21*48-1:0]        counters
);
	wire record_valid, finished;
	wire [3:0] fault;
	wire [63:0] fault_address;
	fetch #(.ADDRESS_BITS(ADDRESS_BITS), .BUS_BYTES(BUS_BYTES)) u_fetch (
		.clk(clk), .rst(rst | clear), .start(start), .program_address(program_address), .program_bytes(program_bytes), .run_valid(run_valid),
		.run_ready(run_ready), .run_address(run_address), .beat_valid(beat_valid), .beat_ready(beat_ready), .beat_data(beat_data),
		.record_valid(record_valid), .record_take(tile_take), .record(record), .finished(finished), .fault(fault), .fault_address(fault_address)
	);
	sequencer u_sequencer (
		.clk(clk), .rst(rst), .start(start), .abort(abort_run), .soft_reset(soft_reset), .idle(idle), .done(done), .failed(failed),
		.error_code(error_code), .error_channel(error_channel), .error_address(error_address), .position(position),
		.record_valid(record_valid), .record(record), .finished(finished), .fetch_fault(fault),
		.fetch_address(fault_address), .tile_take(tile_take), .tile_ready(tile_ready), .tiles_empty(tiles_empty), .stop(stop), .clear(clear),
		.act_idle(act_idle), .wgt_idle(wgt_idle), .out_idle(out_idle), .act_fail(act_fail), .act_fail_code(act_code),
		.act_fail_address(act_address), .wgt_fail(wgt_fail), .wgt_fail_code(wgt_code), .wgt_fail_tag(wgt_tag), .wgt_fail_address(wgt_address),
		.out_fail(out_fail), .out_fail_code(out_code), .out_fail_address(out_address), .parity_bad(parity_bad)
	);
	perf_counters #(.MANY_BITS(5)) u_counters (
		.clk(clk), .rst(rst), .start(start), .clear(clear), .soft_reset(soft_reset), .event_now(event_now), .event_many(event_many),
		.counters(counters)
	);
endmodule
`default_nettype wire
