`default_nettype none
// What a cycle adds to the performance counters (docs/core.md section 8). Combinational.
module core_events #(
	parameter PES = 2,
	parameter COUNTERS = @{counters}
) (
	input  wire                clear,           // the array is in reset and takes nothing
	//Engine
	input  wire [PES-1:0]      busy,            // holds a group
	input  wire [PES-1:0]      blocked,         // has a result and no place for it
	input  wire                act_valid,
	input  wire                act_ready,
	input  wire [PES-1:0]      wgt_valid,
	input  wire                no_tile,         // in act_reader
	input  wire                tile_take,
	//Masters: handshakes of address and data, and bursts the memory owes
	input  wire                act_arvalid,
	input  wire                act_arready,
	input  wire                act_rvalid,
	input  wire                act_rready,
	input  wire                act_outstanding,
	input  wire                wgt_arvalid,
	input  wire                wgt_arready,
	input  wire                wgt_rvalid,
	input  wire                wgt_rready,
	input  wire                wgt_outstanding,
	input  wire                out_awvalid,
	input  wire                out_awready,
	input  wire                out_wvalid,
	input  wire                out_wready,
	output wire [COUNTERS-1:0] event_now        // in the order of counters.def; outputs are counted elsewhere
);
	// exactly one of five
	wire is_out = |blocked;
	wire is_busy = ~is_out & (|busy | (act_valid & (&wgt_valid)));
	wire rest = ~is_out & ~is_busy;
	assign event_now[@{counter.cycles}] = 1'b1;
	assign event_now[@{counter.wait_out}] = is_out;
	assign event_now[@{counter.busy}] = is_busy;
	assign event_now[@{counter.idle}] = rest & no_tile;
	assign event_now[@{counter.wait_act}] = rest & ~no_tile & ~act_valid;
	assign event_now[@{counter.wait_wgt}] = rest & ~no_tile & act_valid;
	assign event_now[@{counter.groups}] = act_valid & act_ready & ~clear;
	assign event_now[@{counter.outputs}] = 1'b0;
	assign event_now[@{counter.tiles}] = tile_take;
	assign event_now[@{counter.act_beats}] = act_rvalid & act_rready;
	assign event_now[@{counter.act_bursts}] = act_arvalid & act_arready;
	assign event_now[@{counter.act_stall_address}] = act_arvalid & ~act_arready;
	assign event_now[@{counter.act_stall_data}] = act_rready & ~act_rvalid & act_outstanding;
	assign event_now[@{counter.wgt_beats}] = wgt_rvalid & wgt_rready;
	assign event_now[@{counter.wgt_bursts}] = wgt_arvalid & wgt_arready;
	assign event_now[@{counter.wgt_stall_address}] = wgt_arvalid & ~wgt_arready;
	assign event_now[@{counter.wgt_stall_data}] = wgt_rready & ~wgt_rvalid & wgt_outstanding;
	assign event_now[@{counter.out_beats}] = out_wvalid & out_wready;
	assign event_now[@{counter.out_bursts}] = out_awvalid & out_awready;
	assign event_now[@{counter.out_stall_address}] = out_awvalid & ~out_awready;
	assign event_now[@{counter.out_stall_data}] = out_wvalid & ~out_wready;
endmodule
`default_nettype wire
