`default_nettype none
// Checks of a program's block (docs/core.md section 4), the first that fails in their order: fault is right when the record has stood still for two cycles.
module program_check (
	input  wire          clk,
	input  wire          header,        // the block is the header
	// verilator lint_off UNUSED
	input  wire [2047:0] record,        // not all fields can be wrong
	// verilator lint_on UNUSED
	input  wire [31:0]   program_bytes,
	input  wire          crc_good,
	output wire [3:0]    fault          // 0: good
);
	// header
	wire good_magic = record[@{header.magic}] == 32'd@{program.magic};
	wire good_version = record[@{header.version}] == 32'd@{program.version};
	wire good_hash = record[@{header.hash_low}] == 32'd@{hash_low} && record[@{header.hash_high}] == 32'd@{hash_high};
	wire [31:0] tiles = record[@{header.tiles}];
	wire [31:0] bytes = record[@{header.bytes}];
	wire good_bytes = program_bytes == bytes && {1'b0, tiles} + 33'd1 == {9'd0, bytes[31:8]} && bytes[7:0] == 8'd0;
	wire [3:0] header_fault = !good_magic ? 4'd@{fault.MAGIC} : !good_version ? 4'd@{fault.VERSION} : !good_hash ? 4'd@{fault.HASH} :
		!good_bytes ? 4'd@{fault.TRUNCATED} : 4'd0;

	// record: what a group is in its mode
	wire [3:0] mode = record[@{tile.mode}];
	reg is_float;
	reg [31:0] act_group, wgt_group; // bytes
	always @*
		case (mode)
//@ for m in 1..modes-1
		4'd@{m}: begin // @{mode[m].name}
			is_float = 1'b@{mode[m].is_float};
			act_group = 32'd@{mode[m].a_group_bytes};
			wgt_group = 32'd@{mode[m].w_group_bytes};
		end
//@ end
		default: begin // @{mode[0].name}
			is_float = 1'b@{mode[0].is_float};
			act_group = 32'd@{mode[0].a_group_bytes};
			wgt_group = 32'd@{mode[0].w_group_bytes};
		end
		endcase

	// a vector ends in its last group: vector_bytes - group_bytes < whole groups before it <= ... , all in a register
	wire [31:0] groups = record[@{tile.groups}];
	wire [31:0] act_bytes = record[@{tile.act_vector_bytes}];
	wire [31:0] wgt_bytes = record[@{tile.wgt_vector_bytes}];
	localparam GROUP_BITS = @{clog2(tile_groups + 1)}; // of a good number of groups
	reg [31:0] act_full_q, wgt_full_q; // groups * group_bytes
	always @(posedge clk) begin
		act_full_q <= {{32-GROUP_BITS{1'b0}}, groups[GROUP_BITS-1:0]} * act_group;
		wgt_full_q <= {{32-GROUP_BITS{1'b0}}, groups[GROUP_BITS-1:0]} * wgt_group;
	end
	wire good_vectors = act_bytes <= act_full_q && act_bytes > act_full_q - act_group && wgt_bytes <= wgt_full_q && wgt_bytes > wgt_full_q - wgt_group;
	wire [31:0] pixels = record[@{tile.pixels}];
	wire good_counts = groups != 32'd0 && groups <= 32'd@{tile_groups} && pixels != 32'd0;
	wire good_runs = record[@{tile.act_run_bytes}] != 24'd0 && record[@{tile.wgt_run_bytes}] != 24'd0 && record[@{tile.out_run_bytes}] != 16'd0;
	wire psum = record[@{tile.psum_in}] | record[@{tile.psum_out}];
	wire good_output = (record[@{tile.format}] == 2'd3 || !is_float) && record[@{tile.rounding}] != 2'd3 && !(psum && pixels > 32'd@{psum_buffer});
	wire good_array = record[@{tile.opcode}] == 8'd@{program.opcode} && {1'b0, mode} < 5'd@{modes} && record[@{tile.pes_less_1}] < 8'd@{pes};
	wire good_record = good_array && good_counts && good_vectors && good_runs && good_output;

	assign fault = !crc_good ? 4'd@{fault.CRC} : header ? header_fault : good_record ? 4'd0 : 4'd@{fault.RECORD};
endmodule
`default_nettype wire
