`default_nettype none
`include "bitlet_params.vh"
// Both loaders side by side with ports of the same widths for every configuration, for loader_bench.cpp to drive.
module loader_bench (
	input  wire          clk,
	input  wire          rst,
	//act_loader
	input  wire          act_tile_take,
	input  wire [2047:0] act_record,
	output wire          act_tile_ready,
	output wire          act_tiles_empty,
	output wire          act_run_valid,
	input  wire          act_run_ready,
	output wire [63:0]   act_run_address,
	output wire [23:0]   act_run_bytes,
	output wire          act_run_tag,
	input  wire          act_beat_valid,
	output wire          act_beat_ready,
	input  wire [511:0]  act_beat_data,
	output wire          line_valid,
	input  wire          line_ready,
	output wire [511:0]  line_data,
	output wire [15:0]   line_index,
	output wire          line_group_end,
	//wgt_loader
	input  wire          wgt_tile_take,
	input  wire [2047:0] wgt_record,
	output wire          wgt_tile_ready,
	output wire          wgt_tiles_empty,
	output wire          wgt_run_valid,
	input  wire          wgt_run_ready,
	output wire [63:0]   wgt_run_address,
	output wire [23:0]   wgt_run_bytes,
	input  wire          wgt_beat_valid,
	output wire          wgt_beat_ready,
	input  wire [511:0]  wgt_beat_data,
	input  wire [1:0]    half_full,
	output wire [1:0]    half_set,
	output wire          wgt_write,
	output wire [7:0]    wgt_write_pe,
	output wire          wgt_write_half,
	output wire [15:0]   wgt_write_group,
	output wire [15:0]   wgt_write_index,
	output wire [511:0]  wgt_write_data,
	output wire          param_write,
	output wire [1:0]    param_write_set,
	output wire [7:0]    param_write_pe,
	output wire [15:0]   param_write_index,
	output wire [511:0]  param_write_data,
	output wire          param_last
);
	localparam A = `BITLET_AXI_ADDRESS_BITS;
	localparam DATA = `BITLET_AXI_BITS;
	localparam A_INDEX = `BITLET_A_LINES > 1 ? $clog2(`BITLET_A_LINES) : 1;
	localparam W_INDEX = `BITLET_W_LINES > 1 ? $clog2(`BITLET_W_LINES) : 1;
	localparam P_INDEX = DATA < 64 ? 2 : 1;
	localparam PE = `BITLET_PES > 1 ? $clog2(`BITLET_PES) : 1;
	localparam GROUP = $clog2(`BITLET_WGT_BUFFER / 2);

	wire [A-1:0] act_address, wgt_address;
	wire [DATA-1:0] line, weights, params;
	wire [A_INDEX-1:0] index;
	wire [W_INDEX-1:0] weight_index;
	wire [P_INDEX-1:0] param_index;
	wire [PE-1:0] weight_pe, param_pe;
	wire [GROUP-1:0] group;
	// verilator lint_off WIDTH
	assign act_run_address = act_address;
	assign wgt_run_address = wgt_address;
	assign line_data = line;
	assign line_index = index;
	assign wgt_write_data = weights;
	assign wgt_write_index = weight_index;
	assign wgt_write_pe = weight_pe;
	assign wgt_write_group = group;
	assign param_write_data = params;
	assign param_write_index = param_index;
	assign param_write_pe = param_pe;
	// verilator lint_on WIDTH

	act_loader act (.clk(clk), .rst(rst), .tile_take(act_tile_take), .tile_ready(act_tile_ready), .tiles_empty(act_tiles_empty), .record(act_record),
		.run_valid(act_run_valid), .run_ready(act_run_ready), .run_address(act_address), .run_bytes(act_run_bytes), .run_tag(act_run_tag),
		.beat_valid(act_beat_valid), .beat_ready(act_beat_ready), .beat_data(act_beat_data[DATA-1:0]),
		.line_valid(line_valid), .line_ready(line_ready), .line_data(line), .line_index(index), .line_group_end(line_group_end));
	wgt_loader wgt (.clk(clk), .rst(rst), .tile_take(wgt_tile_take), .tile_ready(wgt_tile_ready), .tiles_empty(wgt_tiles_empty), .record(wgt_record),
		.run_valid(wgt_run_valid), .run_ready(wgt_run_ready), .run_address(wgt_address), .run_bytes(wgt_run_bytes),
		.beat_valid(wgt_beat_valid), .beat_ready(wgt_beat_ready), .beat_data(wgt_beat_data[DATA-1:0]),
		.half_full(half_full), .half_set(half_set), .wgt_write(wgt_write), .wgt_write_pe(weight_pe), .wgt_write_half(wgt_write_half),
		.wgt_write_group(group), .wgt_write_index(weight_index), .wgt_write_data(weights),
		.param_write(param_write), .param_write_set(param_write_set), .param_write_pe(param_pe), .param_write_index(param_index),
		.param_write_data(params), .param_last(param_last));
	// verilator lint_off UNUSED
	wire unused = ^{act_beat_data, wgt_beat_data};
	// verilator lint_on UNUSED
endmodule
`default_nettype wire
