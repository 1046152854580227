`default_nettype none
// The core of @{name}: engine, buffers, DMA, output stage, sequencer and registers (docs/core.md). One clock, synchronous reset, active high.
//
//   s_axil_*      registers (docs/registers.md)
//   m_axi_act_*   reads activations
//   m_axi_wgt_*   reads program, weights and parameters
//   m_axi_out_*   writes results
//
// Outputs are registers or decodes of registers: no path leads from an input to an output.
module bitlet_top (
	input  wire clk,
	input  wire rst,
	//Host
	input  wire [11:0] s_axil_awaddr,
	input  wire [2:0] s_axil_awprot,
	input  wire s_axil_awvalid,
	output wire s_axil_awready,
	input  wire [31:0] s_axil_wdata,
	input  wire [3:0] s_axil_wstrb,
	input  wire s_axil_wvalid,
	output wire s_axil_wready,
	output wire [1:0] s_axil_bresp,
	output wire s_axil_bvalid,
	input  wire s_axil_bready,
	input  wire [11:0] s_axil_araddr,
	input  wire [2:0] s_axil_arprot,
	input  wire s_axil_arvalid,
	output wire s_axil_arready,
	output wire [31:0] s_axil_rdata,
	output wire [1:0] s_axil_rresp,
	output wire s_axil_rvalid,
	input  wire s_axil_rready,
	output wire irq,
//@ for side in act wgt
	//Memory, reading: @{side}
	output wire m_axi_@{side}_arid,
	output wire [@{axi_address_bits-1}:0] m_axi_@{side}_araddr,
	output wire [7:0] m_axi_@{side}_arlen,
	output wire [2:0] m_axi_@{side}_arsize,
	output wire [1:0] m_axi_@{side}_arburst,
	output wire m_axi_@{side}_arlock,
	output wire [3:0] m_axi_@{side}_arcache,
	output wire [2:0] m_axi_@{side}_arprot,
	output wire [3:0] m_axi_@{side}_arqos,
	output wire m_axi_@{side}_arvalid,
	input  wire m_axi_@{side}_arready,
	input  wire m_axi_@{side}_rid,
	input  wire [@{8*bus_bytes-1}:0] m_axi_@{side}_rdata,
	input  wire [1:0] m_axi_@{side}_rresp,
	input  wire m_axi_@{side}_rlast,
	input  wire m_axi_@{side}_rvalid,
	output wire m_axi_@{side}_rready,
//@ end
	//Memory, writing
	output wire m_axi_out_awid,
	output wire [@{axi_address_bits-1}:0] m_axi_out_awaddr,
	output wire [7:0] m_axi_out_awlen,
	output wire [2:0] m_axi_out_awsize,
	output wire [1:0] m_axi_out_awburst,
	output wire m_axi_out_awlock,
	output wire [3:0] m_axi_out_awcache,
	output wire [2:0] m_axi_out_awprot,
	output wire [3:0] m_axi_out_awqos,
	output wire m_axi_out_awvalid,
	input  wire m_axi_out_awready,
	output wire [@{8*bus_bytes-1}:0] m_axi_out_wdata,
	output wire [@{bus_bytes-1}:0] m_axi_out_wstrb,
	output wire m_axi_out_wlast,
	output wire m_axi_out_wvalid,
	input  wire m_axi_out_wready,
	input  wire m_axi_out_bid,
	input  wire [1:0] m_axi_out_bresp,
	input  wire m_axi_out_bvalid,
	output wire m_axi_out_bready
);
	localparam ADDRESS_BITS = @{axi_address_bits};
	localparam BYTES = @{bus_bytes};                              // of a beat, and of a line of a buffer
	localparam BURST = @{axi_burst}, OUTSTANDING = @{axi_outstanding};
	localparam PARITY = @{parity};
	localparam PES = @{pes};
	localparam PE_BITS = @{max(1, clog2(pes))};
	localparam A_LINES = @{a_lines}, W_LINES = @{w_lines};                   // of the longest group
	localparam A_INDEX_BITS = @{max(1, clog2(a_lines))}, W_INDEX_BITS = @{max(1, clog2(w_lines))};
	localparam PARAM_INDEX_BITS = @{bus_bytes < 8 ? 2 : 1};
	localparam WGT_BUFFER = @{wgt_buffer};                        // groups a PE
	localparam GROUP_BITS = @{clog2(wgt_buffer / 2)};
	localparam READERS = @{array_fifo > 0 ? pes : 1};                           // of the weight buffer
	localparam COUNTERS = @{counters}, COUNTER_BITS = @{counter_bits};

	// registers and sequencer
	wire start, run_abort, soft_reset, idle, done, failed, stop, clear;
	wire [63:0] program_address, error_address;
	wire [31:0] program_bytes, position;
	wire [2:0] parity_test, error_channel;
	wire [3:0] error_code, flags_set;
	wire [COUNTERS*COUNTER_BITS-1:0] counters;
	csr u_csr (
		.clk(clk), .rst(rst), .s_axil_awaddr(s_axil_awaddr), .s_axil_awprot(s_axil_awprot), .s_axil_awvalid(s_axil_awvalid),
		.s_axil_awready(s_axil_awready), .s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid),
		.s_axil_wready(s_axil_wready), .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready),
		.s_axil_araddr(s_axil_araddr), .s_axil_arprot(s_axil_arprot), .s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready),
		.s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp), .s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready),
		.irq(irq), .start(start), .abort(run_abort), .soft_reset(soft_reset), .program_address(program_address),
		.program_bytes(program_bytes), .parity_test(parity_test), .idle(idle), .done(done), .failed(failed), .error_code(error_code),
		.error_channel(error_channel), .error_address(error_address), .flags_set(flags_set), .position(position), .counters(counters)
	);

	// of all blocks
	wire block_rst = rst | clear;
	wire tile_take, record_valid, finished;
	wire [2047:0] record;
	wire [3:0] fetch_fault;
	wire [63:0] fetch_address;
	wire act_tile_ready, wgt_tile_ready, act_read_tile_ready, wgt_read_tile_ready, out_tile_ready;
	wire act_empty, wgt_empty, act_read_empty, wgt_read_empty, out_empty;
	wire act_parity_bad, wgt_parity_bad, psum_parity_bad, out_parity_bad;
//@ for side in act wgt out
	wire @{side}_idle, @{side}_fail;
	wire [1:0] @{side}_fail_code;
	wire [63:0] @{side}_fail_address;
//@ if axi_address_bits < 64
	assign @{side}_fail_address[63:@{axi_address_bits}] = @{64-axi_address_bits}'d0;
//@ end
//@ end
	wire wgt_fail_tag;
	sequencer u_sequencer (
		.clk(clk), .rst(rst), .start(start), .abort(run_abort), .soft_reset(soft_reset), .idle(idle), .done(done), .failed(failed),
		.error_code(error_code), .error_channel(error_channel), .error_address(error_address), .position(position),
		.record_valid(record_valid), .record(record), .finished(finished), .fetch_fault(fetch_fault), .fetch_address(fetch_address),
		.tile_take(tile_take), .tile_ready(act_tile_ready & wgt_tile_ready & act_read_tile_ready & wgt_read_tile_ready & out_tile_ready),
		.tiles_empty(act_empty & wgt_empty & act_read_empty & wgt_read_empty & out_empty), .stop(stop), .clear(clear),
		.act_idle(act_idle), .wgt_idle(wgt_idle), .out_idle(out_idle), .act_fail(act_fail), .act_fail_code(act_fail_code),
		.act_fail_address(act_fail_address), .wgt_fail(wgt_fail), .wgt_fail_code(wgt_fail_code), .wgt_fail_tag(wgt_fail_tag),
		.wgt_fail_address(wgt_fail_address), .out_fail(out_fail), .out_fail_code(out_fail_code), .out_fail_address(out_fail_address),
		.parity_bad({psum_parity_bad | out_parity_bad, wgt_parity_bad, act_parity_bad})
	);

	// the readers
//@ for side in act wgt
	wire @{side}_run_valid, @{side}_run_ready, @{side}_run_tag, @{side}_beat_valid, @{side}_beat_ready, @{side}_beat_tag, @{side}_outstanding;
	wire [ADDRESS_BITS-1:0] @{side}_run_address;
	wire [23:0] @{side}_run_bytes;
	wire [8*BYTES-1:0] @{side}_beat_data;
	axi_read #(.ADDRESS_BITS(ADDRESS_BITS), .BYTES(BYTES), .BURST(BURST), .OUTSTANDING(OUTSTANDING)) u_@{side}_read (
		.clk(clk), .rst(block_rst), .run_valid(@{side}_run_valid), .run_ready(@{side}_run_ready), .run_address(@{side}_run_address),
		.run_bytes(@{side}_run_bytes), .run_tag(@{side}_run_tag), .beat_valid(@{side}_beat_valid), .beat_ready(@{side}_beat_ready),
		.beat_data(@{side}_beat_data), .beat_tag(@{side}_beat_tag), .stop(stop), .idle(@{side}_idle), .outstanding(@{side}_outstanding),
//@ if side == "wgt"
		.fail_tag(wgt_fail_tag),
//@ else
		.fail_tag(act_fail_tag),
//@ end
		.fail(@{side}_fail), .fail_code(@{side}_fail_code), .fail_address(@{side}_fail_address[ADDRESS_BITS-1:0]),
		.m_axi_arid(m_axi_@{side}_arid), .m_axi_araddr(m_axi_@{side}_araddr), .m_axi_arlen(m_axi_@{side}_arlen),
		.m_axi_arsize(m_axi_@{side}_arsize), .m_axi_arburst(m_axi_@{side}_arburst), .m_axi_arlock(m_axi_@{side}_arlock),
		.m_axi_arcache(m_axi_@{side}_arcache), .m_axi_arprot(m_axi_@{side}_arprot), .m_axi_arvalid(m_axi_@{side}_arvalid),
		.m_axi_arready(m_axi_@{side}_arready), .m_axi_rid(m_axi_@{side}_rid), .m_axi_rdata(m_axi_@{side}_rdata),
		.m_axi_rresp(m_axi_@{side}_rresp), .m_axi_rlast(m_axi_@{side}_rlast), .m_axi_rvalid(m_axi_@{side}_rvalid),
		.m_axi_rready(m_axi_@{side}_rready)
	);
	assign m_axi_@{side}_arqos = 4'd0;
//@ end
	wire act_fail_tag;
	// verilator lint_off UNUSED
	wire unused = &{act_fail_tag, act_beat_tag}; // one client
	// verilator lint_on UNUSED

	wire fetch_run_valid, fetch_run_ready, fetch_beat_valid, fetch_beat_ready;
	wire [ADDRESS_BITS-1:0] fetch_run_address;
	wire [8*BYTES-1:0] fetch_beat_data;
	wire load_run_valid, load_run_ready, load_beat_valid, load_beat_ready;
	wire [ADDRESS_BITS-1:0] load_run_address;
	wire [23:0] load_run_bytes;
	wire [8*BYTES-1:0] load_beat_data;
	read_arbiter #(.ADDRESS_BITS(ADDRESS_BITS), .BYTES(BYTES)) u_arbiter (
		.clk(clk), .rst(block_rst), .fetch_run_valid(fetch_run_valid), .fetch_run_ready(fetch_run_ready),
		.fetch_run_address(fetch_run_address), .fetch_run_bytes(24'd256), .fetch_beat_valid(fetch_beat_valid),
		.fetch_beat_ready(fetch_beat_ready), .fetch_beat_data(fetch_beat_data), .wgt_run_valid(load_run_valid),
		.wgt_run_ready(load_run_ready), .wgt_run_address(load_run_address), .wgt_run_bytes(load_run_bytes),
		.wgt_beat_valid(load_beat_valid), .wgt_beat_ready(load_beat_ready), .wgt_beat_data(load_beat_data), .run_valid(wgt_run_valid),
		.run_ready(wgt_run_ready), .run_address(wgt_run_address), .run_bytes(wgt_run_bytes), .run_tag(wgt_run_tag),
		.beat_valid(wgt_beat_valid), .beat_ready(wgt_beat_ready), .beat_data(wgt_beat_data), .beat_tag(wgt_beat_tag)
	);
	fetch #(.ADDRESS_BITS(ADDRESS_BITS), .BUS_BYTES(BYTES)) u_fetch (
		.clk(clk), .rst(block_rst), .start(start), .program_address(program_address), .program_bytes(program_bytes),
		.run_valid(fetch_run_valid), .run_ready(fetch_run_ready), .run_address(fetch_run_address), .beat_valid(fetch_beat_valid),
		.beat_ready(fetch_beat_ready), .beat_data(fetch_beat_data), .record_valid(record_valid), .record_take(tile_take), .record(record),
		.finished(finished), .fault(fetch_fault), .fault_address(fetch_address)
	);

	// activations
	wire line_valid, line_ready, line_group_end, group_valid, group_take;
	wire [8*BYTES-1:0] line_data;
	wire [A_INDEX_BITS-1:0] line_index;
	wire [A_LINES*8*BYTES-1:0] group_data;
	wire act_valid, act_ready, act_last;
	wire [@{n*a_slot_bits-1}:0] act;
	wire [@{mode_bits-1}:0] act_mode;
	wire [@{zero_bits-1}:0] act_zero;
	act_loader u_act_loader (
		.clk(clk), .rst(block_rst), .tile_take(tile_take), .tile_ready(act_tile_ready), .tiles_empty(act_empty), .record(record),
		.run_valid(act_run_valid), .run_ready(act_run_ready), .run_address(act_run_address), .run_bytes(act_run_bytes), .run_tag(act_run_tag),
		.beat_valid(act_beat_valid), .beat_ready(act_beat_ready), .beat_data(act_beat_data), .line_valid(line_valid),
		.line_ready(line_ready), .line_data(line_data), .line_index(line_index), .line_group_end(line_group_end)
	);
	act_buffer #(.GROUPS(@{act_buffer}), .LINES(A_LINES), .BYTES(BYTES), .PARITY(PARITY)) u_act_buffer (
		.clk(clk), .rst(block_rst), .line_valid(line_valid), .line_ready(line_ready), .line_data(line_data), .line_index(line_index),
		.line_group_end(line_group_end), .group_valid(group_valid), .group_take(group_take), .group_data(group_data),
		.parity_test(parity_test[0]), .parity_bad(act_parity_bad)
	);
	act_reader u_act_reader (
		.clk(clk), .rst(block_rst), .tile_take(tile_take), .tile_ready(act_read_tile_ready), .tiles_empty(act_read_empty), .record(record),
		.group_valid(group_valid), .group_take(group_take), .group_data(group_data), .act_valid(act_valid), .act_ready(act_ready), .act(act),
		.act_last(act_last), .act_mode(act_mode), .act_zero(act_zero)
	);

	// weights
	wire [1:0] half_full, half_set, half_clear;
	wire wgt_write, wgt_write_half, param_write, param_last;
	wire [PE_BITS-1:0] wgt_write_pe, param_write_pe;
	wire [GROUP_BITS-1:0] wgt_write_group;
	wire [W_INDEX_BITS-1:0] wgt_write_index;
	wire [8*BYTES-1:0] wgt_write_data, param_write_data;
	wire [1:0] param_write_set;
	wire [PARAM_INDEX_BITS-1:0] param_write_index;
	wire [PES-1:0] wgt_read, wgt_valid, wgt_ready;
	wire [READERS*(GROUP_BITS+1)-1:0] wgt_read_address;
	wire [PES*W_LINES*8*BYTES-1:0] wgt_data;
	wire [@{pes*n*w_slot_bits-1}:0] wgt;
	wgt_loader u_wgt_loader (
		.clk(clk), .rst(block_rst), .tile_take(tile_take), .tile_ready(wgt_tile_ready), .tiles_empty(wgt_empty), .record(record),
		.run_valid(load_run_valid), .run_ready(load_run_ready), .run_address(load_run_address), .run_bytes(load_run_bytes),
		.beat_valid(load_beat_valid), .beat_ready(load_beat_ready), .beat_data(load_beat_data), .half_full(half_full), .half_set(half_set),
		.wgt_write(wgt_write), .wgt_write_pe(wgt_write_pe), .wgt_write_half(wgt_write_half), .wgt_write_group(wgt_write_group),
		.wgt_write_index(wgt_write_index), .wgt_write_data(wgt_write_data), .param_write(param_write), .param_write_set(param_write_set),
		.param_write_pe(param_write_pe), .param_write_index(param_write_index), .param_write_data(param_write_data), .param_last(param_last)
	);
	wgt_buffer #(.PES(PES), .READERS(READERS), .LINES(W_LINES), .BYTES(BYTES), .DEPTH(WGT_BUFFER), .PARITY(PARITY)) u_wgt_buffer (
		.clk(clk), .rst(block_rst), .wgt_write(wgt_write), .wgt_write_pe(wgt_write_pe), .wgt_write_half(wgt_write_half),
		.wgt_write_group(wgt_write_group), .wgt_write_index(wgt_write_index), .wgt_write_data(wgt_write_data), .half_set(half_set),
		.half_clear(half_clear), .half_full(half_full), .read(wgt_read), .read_address(wgt_read_address), .data(wgt_data),
		.parity_test(parity_test[1]), .parity_bad(wgt_parity_bad)
	);
	wgt_reader u_wgt_reader (
		.clk(clk), .rst(block_rst), .tile_take(tile_take), .tile_ready(wgt_read_tile_ready), .tiles_empty(wgt_read_empty), .record(record),
		.half_full(half_full), .half_clear(half_clear), .read(wgt_read), .read_address(wgt_read_address), .data(wgt_data),
		.wgt_valid(wgt_valid), .wgt_ready(wgt_ready), .wgt(wgt)
	);

	// engine and outputs
	wire [PES-1:0] out_valid, out_ready, busy, blocked;
	wire [PES*@{out_bits}-1:0] out_result;
	wire [PES*4-1:0] out_flags;
	wire wrun_valid, wrun_ready, wbeat_valid, wbeat_ready;
	wire [ADDRESS_BITS-1:0] wrun_address;
	wire [8:0] wrun_beats;
	wire [8*BYTES-1:0] wbeat_data;
	wire [BYTES-1:0] wbeat_strobe;
	wire [4:0] result_take_count;
	bitlet_array u_array (
		.clk(clk), .rst(block_rst), .act_valid(act_valid), .act_ready(act_ready), .act(act), .act_last(act_last), .act_mode(act_mode),
		.act_zero(act_zero), .wgt_valid(wgt_valid), .wgt_ready(wgt_ready), .wgt(wgt), .out_valid(out_valid), .out_ready(out_ready),
		.out_result(out_result), .out_flags(out_flags), .busy(busy), .blocked(blocked)
	);
	output_path u_output (
		.clk(clk), .rst(block_rst), .tile_take(tile_take), .tile_ready(out_tile_ready), .tiles_empty(out_empty), .record(record),
		.out_valid(out_valid), .out_ready(out_ready), .out_result(out_result), .out_flags(out_flags), .param_write(param_write),
		.param_write_set(param_write_set), .param_write_pe(param_write_pe), .param_write_index(param_write_index),
		.param_write_data(param_write_data), .param_last(param_last), .wrun_valid(wrun_valid), .wrun_ready(wrun_ready),
		.wrun_address(wrun_address), .wrun_beats(wrun_beats), .wbeat_valid(wbeat_valid), .wbeat_ready(wbeat_ready), .wbeat_data(wbeat_data),
		.wbeat_strobe(wbeat_strobe), .flags_set(flags_set), .result_take_count(result_take_count), .parity_test(parity_test[2]),
		.parity_bad(psum_parity_bad)
	);
	axi_write #(
		.ADDRESS_BITS(ADDRESS_BITS), .BYTES(BYTES), .BURST(BURST), .OUTSTANDING(OUTSTANDING), .BUFFER(@{out_buffer}), .PARITY(PARITY)
	) u_write (
		.clk(clk), .rst(block_rst), .wrun_valid(wrun_valid), .wrun_ready(wrun_ready), .wrun_address(wrun_address), .wrun_beats(wrun_beats),
		.wbeat_valid(wbeat_valid), .wbeat_ready(wbeat_ready), .wbeat_data(wbeat_data), .wbeat_strobe(wbeat_strobe), .stop(stop),
		.idle(out_idle), .fail(out_fail), .fail_code(out_fail_code), .fail_address(out_fail_address[ADDRESS_BITS-1:0]),
		.parity_test(parity_test[2]), .parity_bad(out_parity_bad), .m_axi_awid(m_axi_out_awid), .m_axi_awaddr(m_axi_out_awaddr),
		.m_axi_awlen(m_axi_out_awlen), .m_axi_awsize(m_axi_out_awsize), .m_axi_awburst(m_axi_out_awburst), .m_axi_awlock(m_axi_out_awlock),
		.m_axi_awcache(m_axi_out_awcache), .m_axi_awprot(m_axi_out_awprot), .m_axi_awvalid(m_axi_out_awvalid),
		.m_axi_awready(m_axi_out_awready), .m_axi_wdata(m_axi_out_wdata), .m_axi_wstrb(m_axi_out_wstrb), .m_axi_wlast(m_axi_out_wlast),
		.m_axi_wvalid(m_axi_out_wvalid), .m_axi_wready(m_axi_out_wready), .m_axi_bid(m_axi_out_bid), .m_axi_bresp(m_axi_out_bresp),
		.m_axi_bvalid(m_axi_out_bvalid), .m_axi_bready(m_axi_out_bready)
	);
	assign m_axi_out_awqos = 4'd0;

	// counters
	wire [COUNTERS-1:0] event_now;
	core_events #(.PES(PES)) u_events (
		.clear(clear), .busy(busy), .blocked(blocked), .act_valid(act_valid), .act_ready(act_ready), .wgt_valid(wgt_valid), .no_tile(act_read_empty),
		.tile_take(tile_take), .act_arvalid(m_axi_act_arvalid), .act_arready(m_axi_act_arready), .act_rvalid(m_axi_act_rvalid),
		.act_rready(m_axi_act_rready), .act_outstanding(act_outstanding), .wgt_arvalid(m_axi_wgt_arvalid),
		.wgt_arready(m_axi_wgt_arready), .wgt_rvalid(m_axi_wgt_rvalid), .wgt_rready(m_axi_wgt_rready), .wgt_outstanding(wgt_outstanding),
		.out_awvalid(m_axi_out_awvalid), .out_awready(m_axi_out_awready), .out_wvalid(m_axi_out_wvalid), .out_wready(m_axi_out_wready),
		.event_now(event_now)
	);
	perf_counters #(.COUNTERS(COUNTERS), .BITS(COUNTER_BITS), .MANY(@{counter.outputs}), .MANY_BITS(5)) u_counters (
		.clk(clk), .rst(rst), .start(start), .clear(clear), .soft_reset(soft_reset), .event_now(event_now), .event_many(result_take_count),
		.counters(counters)
	);
endmodule
`default_nettype wire
