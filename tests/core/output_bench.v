`default_nettype none
`include "bitlet_params.vh"
// output_path with ports of the same widths for every configuration, for output_bench.cpp to drive.
module output_bench (
	input  wire          clk,
	input  wire          rst,
	input  wire          tile_take,
	output wire          tile_ready,
	output wire          tiles_empty,
	input  wire [2047:0] record,
	input  wire [63:0]   out_valid,
	output wire [63:0]   out_ready,
	input  wire [4095:0] out_result,      // 64 bits each
	input  wire [255:0]  out_flags,
	input  wire          param_write,
	input  wire [1:0]    param_write_set,
	input  wire [7:0]    param_write_pe,
	input  wire [7:0]    param_write_index,
	input  wire [511:0]  param_write_data,
	input  wire          param_last,
	output wire          wrun_valid,
	input  wire          wrun_ready,
	output wire [63:0]   wrun_address,
	output wire [15:0]   wrun_beats,
	output wire          wbeat_valid,
	input  wire          wbeat_ready,
	output wire [511:0]  wbeat_data,
	output wire [63:0]   wbeat_strobe,
	output wire [3:0]    flags_set,
	output wire [7:0]    result_take_count,
	input  wire          parity_test,
	output wire          parity_bad
);
	localparam PES = `BITLET_PES;
	localparam BYTES = `BITLET_BUS_BYTES;
	localparam OUT = `BITLET_OUT_BITS;
	localparam ADDRESS = `BITLET_AXI_ADDRESS_BITS;
	localparam PE = PES > 1 ? $clog2(PES) : 1;
	localparam INDEX = BYTES < 8 ? 2 : 1;

	wire [PES*OUT-1:0] results;
	wire [PES-1:0] ready;
	wire [ADDRESS-1:0] address;
	wire [8:0] beats;
	wire [8*BYTES-1:0] data;
	wire [BYTES-1:0] strobe;
	wire [4:0] count;
	genvar p;
	generate
		for (p = 0; p < PES; p = p + 1) begin : g_pe
			assign results[p*OUT +: OUT] = out_result[p*64 +: OUT];
		end
	endgenerate
	output_path path (
		.clk(clk), .rst(rst), .tile_take(tile_take), .tile_ready(tile_ready), .tiles_empty(tiles_empty), .record(record),
		.out_valid(out_valid[PES-1:0]), .out_ready(ready), .out_result(results), .out_flags(out_flags[PES*4-1:0]), .param_write(param_write),
		.param_write_set(param_write_set), .param_write_pe(param_write_pe[PE-1:0]), .param_write_index(param_write_index[INDEX-1:0]),
		.param_write_data(param_write_data[8*BYTES-1:0]), .param_last(param_last), .wrun_valid(wrun_valid), .wrun_ready(wrun_ready),
		.wrun_address(address), .wrun_beats(beats), .wbeat_valid(wbeat_valid), .wbeat_ready(wbeat_ready), .wbeat_data(data),
		.wbeat_strobe(strobe), .flags_set(flags_set), .result_take_count(count), .parity_test(parity_test), .parity_bad(parity_bad));
	// verilator lint_off WIDTH
	assign out_ready = ready;
	assign wrun_address = address;
	assign wrun_beats = beats;
	assign wbeat_data = data;
	assign wbeat_strobe = strobe;
	assign result_take_count = count;
	// verilator lint_on WIDTH
	// verilator lint_off UNUSED
	wire unused = &{out_valid, out_result, out_flags, param_write_pe, param_write_index, param_write_data};
	// verilator lint_on UNUSED
endmodule
`default_nettype wire
