`default_nettype none
// PE array of @{name}: @{pes} PEs, activations broadcast, weights and results one stream a PE (paper section 4.2).
// Ports and cycles: docs/engine.md sections 9 and 10.
module bitlet_array (
	input  wire                       clk,
	input  wire                       rst,
	input  wire                       act_valid,
	output wire                       act_ready,
	input  wire [@{n*a_slot_bits-1}:0] act,
	input  wire                       act_last,
	input  wire [@{mode_bits-1}:0] act_mode,
	input  wire [@{zero_bits-1}:0] act_zero,
	input  wire [@{pes-1}:0] wgt_valid,
	output wire [@{pes-1}:0] wgt_ready,
	input  wire [@{pes*n*w_slot_bits-1}:0] wgt,
	output wire [@{pes-1}:0] out_valid,
	input  wire [@{pes-1}:0] out_ready,
	output wire [@{pes*out_bits-1}:0] out_result,
	output wire [@{pes*4-1}:0] out_flags,
	output wire [@{pes-1}:0] busy,
	output wire [@{pes-1}:0] blocked
);
//@ if array_fifo == 0
	pe_group #(.PES(@{pes})) pes (
		.clk(clk), .rst(rst), .act_valid(act_valid), .act_ready(act_ready), .act(act), .act_last(act_last), .act_mode(act_mode),
		.act_zero(act_zero), .wgt_valid(wgt_valid), .wgt_ready(wgt_ready), .wgt(wgt), .out_valid(out_valid), .out_ready(out_ready),
		.out_result(out_result), .out_flags(out_flags), .busy(busy), .blocked(blocked)
	);
//@ else
	// each PE behind its own FIFO of broadcast beats: none waits for the others until a FIFO is full
	localparam PES = @{pes};
	localparam BEAT = @{n*a_slot_bits + 1 + mode_bits + zero_bits};
	wire [PES-1:0] full;
	assign act_ready = ~(|full);
	genvar p;
	generate
		for (p = 0; p < PES; p = p + 1) begin : g_pe
			wire beat_valid, beat_ready, beat_last;
			wire [@{n*a_slot_bits-1}:0] beat_act;
			wire [@{mode_bits-1}:0] beat_mode;
			wire [@{zero_bits-1}:0] beat_zero;
			beat_fifo #(.DEPTH(@{array_fifo}), .WIDTH(BEAT)) fifo (
				.clk(clk), .rst(rst), .push(act_valid & act_ready), .full(full[p]), .in({act_zero, act_mode, act_last, act}),
				.out_valid(beat_valid), .out_ready(beat_ready), .out({beat_zero, beat_mode, beat_last, beat_act})
			);
			pe_group #(.PES(1)) pe (
				.clk(clk), .rst(rst), .act_valid(beat_valid), .act_ready(beat_ready), .act(beat_act), .act_last(beat_last),
				.act_mode(beat_mode), .act_zero(beat_zero), .wgt_valid(wgt_valid[p]), .wgt_ready(wgt_ready[p]),
				.wgt(wgt[p*@{n*w_slot_bits} +: @{n*w_slot_bits}]), .out_valid(out_valid[p]), .out_ready(out_ready[p]),
				.out_result(out_result[p*@{out_bits} +: @{out_bits}]), .out_flags(out_flags[p*4 +: 4]),
				.busy(busy[p]), .blocked(blocked[p])
			);
		end
	endgenerate
//@ end
endmodule
`default_nettype wire
