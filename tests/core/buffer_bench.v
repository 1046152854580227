`default_nettype none
`include "bitlet_params.vh"
// Buffers and readers as in bitlet_top, with ports of the same widths for every configuration but for the words, for buffer_bench.cpp to drive.
module buffer_bench (
	input  wire          clk,
	input  wire          rst,
	input  wire [1:0]    parity_test, // act, wgt
	output wire [1:0]    parity_bad,
	//Tiles
	input  wire          act_tile_take,
	input  wire          wgt_tile_take,
	input  wire [2047:0] record,
	output wire [1:0]    tile_ready,  // act, wgt
	output wire [1:0]    tiles_empty,
	//Lines
	input  wire          line_valid,
	output wire          line_ready,
	input  wire [511:0]  line_data,
	input  wire [15:0]   line_index,
	input  wire          line_group_end,
	input  wire          wgt_write,
	input  wire [7:0]    wgt_write_pe,
	input  wire          wgt_write_half,
	input  wire [15:0]   wgt_write_group,
	input  wire [15:0]   wgt_write_index,
	input  wire [511:0]  wgt_write_data,
	input  wire [1:0]    half_set,
	output wire [1:0]    half_clear,
	output wire [1:0]    half_full,
	//Beats
	output wire          act_valid,
	input  wire          act_ready,
	output wire [`BITLET_N*`BITLET_A_SLOT_BITS-1:0] act,
	output wire          act_last,
	output wire [3:0]    act_mode,
	output wire [31:0]   act_zero,
	output wire [63:0]   wgt_valid,
	input  wire [63:0]   wgt_ready,
	output wire [`BITLET_PES*`BITLET_N*`BITLET_W_SLOT_BITS-1:0] wgt
);
	localparam PES = `BITLET_PES;
	localparam READERS = `BITLET_ARRAY_FIFO > 0 ? PES : 1;
	localparam BYTES = `BITLET_BUS_BYTES;
	localparam A_INDEX = `BITLET_A_LINES > 1 ? $clog2(`BITLET_A_LINES) : 1;
	localparam W_INDEX = `BITLET_W_LINES > 1 ? $clog2(`BITLET_W_LINES) : 1;
	localparam PE = PES > 1 ? $clog2(PES) : 1;
	localparam GROUP = $clog2(`BITLET_WGT_BUFFER / 2);

	wire group_valid, group_take;
	wire [`BITLET_A_LINES*8*BYTES-1:0] group_data;
	act_buffer #(.GROUPS(`BITLET_ACT_BUFFER), .LINES(`BITLET_A_LINES), .BYTES(BYTES), .PARITY(`BITLET_PARITY)) act_buffer (
		.clk(clk), .rst(rst), .line_valid(line_valid), .line_ready(line_ready), .line_data(line_data[8*BYTES-1:0]),
		.line_index(line_index[A_INDEX-1:0]), .line_group_end(line_group_end), .group_valid(group_valid), .group_take(group_take),
		.group_data(group_data), .parity_test(parity_test[0]), .parity_bad(parity_bad[0])
	);
	wire [`BITLET_MODE_BITS-1:0] mode;
	wire [`BITLET_ZERO_BITS-1:0] zero;
	act_reader act_reader (
		.clk(clk), .rst(rst), .tile_take(act_tile_take), .tile_ready(tile_ready[0]), .tiles_empty(tiles_empty[0]), .record(record),
		.group_valid(group_valid), .group_take(group_take), .group_data(group_data), .act_valid(act_valid), .act_ready(act_ready), .act(act),
		.act_last(act_last), .act_mode(mode), .act_zero(zero)
	);
	wire [PES-1:0] read, valid;
	wire [READERS*(GROUP+1)-1:0] read_address;
	wire [PES*`BITLET_W_LINES*8*BYTES-1:0] data;
	wgt_buffer #(
		.PES(PES), .READERS(READERS), .LINES(`BITLET_W_LINES), .BYTES(BYTES), .DEPTH(`BITLET_WGT_BUFFER), .PARITY(`BITLET_PARITY)
	) wgt_buffer (
		.clk(clk), .rst(rst), .wgt_write(wgt_write), .wgt_write_pe(wgt_write_pe[PE-1:0]), .wgt_write_half(wgt_write_half),
		.wgt_write_group(wgt_write_group[GROUP-1:0]), .wgt_write_index(wgt_write_index[W_INDEX-1:0]),
		.wgt_write_data(wgt_write_data[8*BYTES-1:0]), .half_set(half_set), .half_clear(half_clear), .half_full(half_full), .read(read),
		.read_address(read_address), .data(data), .parity_test(parity_test[1]), .parity_bad(parity_bad[1])
	);
	wgt_reader wgt_reader (
		.clk(clk), .rst(rst), .tile_take(wgt_tile_take), .tile_ready(tile_ready[1]), .tiles_empty(tiles_empty[1]), .record(record),
		.half_full(half_full), .half_clear(half_clear), .read(read), .read_address(read_address), .data(data), .wgt_valid(valid),
		.wgt_ready(wgt_ready[PES-1:0]), .wgt(wgt)
	);
	// verilator lint_off WIDTH
	assign act_mode = mode;
	assign act_zero = zero;
	assign wgt_valid = valid;
	// verilator lint_on WIDTH
	// verilator lint_off UNUSED
	wire unused = ^{line_data, line_index, wgt_write_pe, wgt_write_group, wgt_write_index, wgt_write_data, wgt_ready};
	// verilator lint_on UNUSED
endmodule
`default_nettype wire
