`default_nettype none
// The core's registers behind an AXI4-Lite slave, from gen/registers.def (docs/registers.md). Throughput and latency: axil_port.v; a register changes at the edge at
// which bvalid rises. start, abort and soft_reset are high for the one cycle behind that edge. Unknown addresses, and writes to registers without a
// field that takes them, are answered with SLVERR and do nothing else.
module csr (
	input  wire        clk,
	input  wire        rst,
	//AXI4-Lite
	input  wire [11:0] s_axil_awaddr,
	input  wire [2:0]  s_axil_awprot,
	input  wire        s_axil_awvalid,
	output wire        s_axil_awready,
	input  wire [31:0] s_axil_wdata,
	input  wire [3:0]  s_axil_wstrb,
	input  wire        s_axil_wvalid,
	output wire        s_axil_wready,
	output wire [1:0]  s_axil_bresp,
	output wire        s_axil_bvalid,
	input  wire        s_axil_bready,
	input  wire [11:0] s_axil_araddr,
	input  wire [2:0]  s_axil_arprot,
	input  wire        s_axil_arvalid,
	output wire        s_axil_arready,
	output wire [31:0] s_axil_rdata,
	output wire [1:0]  s_axil_rresp,
	output wire        s_axil_rvalid,
	input  wire        s_axil_rready,
	output wire        irq,
	//To the sequencer
	output wire        start,           // pulse, only while idle
	// verilator lint_off SYMRSVDWORD
	output wire        abort,           // pulse; without meaning should the run end in the same cycle
	// verilator lint_on SYMRSVDWORD
	output wire        soft_reset,      // pulse, at any time: ends a run; position and counters become 0
	output wire [63:0] program_address,
	output wire [31:0] program_bytes,
	output wire [2:0]  parity_test,     // 0 act, 1 wgt, 2 psum and out
	//From the sequencer
	input  wire        idle,
	input  wire        done,            // pulses, in the cycle before idle is seen again; not looked at after soft_reset
	input  wire        failed,
	input  wire [3:0]  error_code,      // with failed
	input  wire [2:0]  error_channel,
	input  wire [63:0] error_address,
	input  wire [3:0]  flags_set,       // 3 invalid, 2 overflow, 1 underflow, 0 inexact
	input  wire [31:0] position,        // tile, layer
	input  wire [@{counters*counter_bits-1}:0] counters // in the order of counters.def
);
	wire write, read;
	wire [9:0] write_word, read_word;
	wire [31:0] write_data, write_mask;
	wire write_bad;
	reg read_bad;
	reg [31:0] read_data;
	axil_port #(.ADDRESS_BITS(12)) bus (
		.clk(clk), .rst(rst), .s_axil_awaddr(s_axil_awaddr), .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
		.s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid), .s_axil_wready(s_axil_wready),
		.s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid), .s_axil_bready(s_axil_bready), .s_axil_araddr(s_axil_araddr),
		.s_axil_arvalid(s_axil_arvalid), .s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp),
		.s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .write(write), .write_word(write_word), .write_data(write_data),
		.write_mask(write_mask), .write_bad(write_bad), .read(read), .read_word(read_word), .read_data(read_data), .read_bad(read_bad)
	);
	// verilator lint_off UNUSED
	wire unused = &{s_axil_awprot, s_axil_arprot};
	// verilator lint_on UNUSED

	// registers that can be written
	wire [@{registers-1}:0] taken;
	assign write_bad = ~|taken;
//@ for r in 0..registers-1
//@ if register[r].writable
	assign taken[@{r}] = write_word == 10'd@{register[r].offset / 4};
	wire write_@{register[r].id} = write & taken[@{r}];
//@ else
	assign taken[@{r}] = 1'b0; // @{register[r].name}
//@ end
//@ end
	wire [31:0] ones = write_data & write_mask;

	// commands
//@ for r in 0..registers-1
//@ for f in register[r].first..register[r].last
//@ if field[f].pulse
	wire @{field[f].id} = write_@{register[r].id} & ones[@{field[f].lsb}];
//@ end
//@ end
//@ end
	wire reset_all = rst | control_reset; // all registers
	reg start_q, abort_q, reset_q, quiet_q;
	wire start_d = control_start & idle & ~control_reset;
	always @(posedge clk)
		if (rst) begin
			start_q <= 1'b0;
			abort_q <= 1'b0;
			reset_q <= 1'b0;
			quiet_q <= 1'b0;
		end else begin
			start_q <= start_d;
			abort_q <= control_abort & ~idle & ~control_reset;
			reset_q <= control_reset;
			quiet_q <= (quiet_q | control_reset) & ~idle;
		end
	assign start = start_q;
	assign abort = abort_q;
	assign soft_reset = reset_q;

	// events; what a run still reports after a soft reset is not seen
	wire event_done = done & ~quiet_q;
	wire event_error = failed & ~quiet_q;
	wire [3:0] event_flags = flags_set & ~{4{quiet_q}};
	wire set_status_start_ignored = control_start & ~idle;
	wire set_irq_status_done = event_done;
	wire set_irq_status_error = event_error;
	wire set_flags_inexact = event_flags[0];
	wire set_flags_underflow = event_flags[1];
	wire set_flags_overflow = event_flags[2];
	wire set_flags_invalid = event_flags[3];

	// the last run
	reg status_done_q, status_error_q;
	reg [3:0] status_code_q;
	reg [2:0] status_channel_q;
	reg [63:0] error_address_q;
	always @(posedge clk)
		if (reset_all | start_d) begin
			status_done_q <= 1'b0;
			status_error_q <= 1'b0;
			status_code_q <= 4'd0;
			status_channel_q <= 3'd0;
			error_address_q <= 64'd0;
		end else begin
			if (event_done)
				status_done_q <= 1'b1;
			if (event_error) begin
				status_error_q <= 1'b1;
				status_code_q <= error_code;
				status_channel_q <= error_channel;
				error_address_q <= error_address;
			end
		end

	// settings and sticky bits
//@ for r in 0..registers-1
//@ for f in register[r].first..register[r].last
//@ if field[f].setting
	reg [@{field[f].width-1}:0] @{field[f].id}_q;
	always @(posedge clk)
		if (reset_all)
			@{field[f].id}_q <= @{field[f].width}'d@{field[f].reset};
		else if (write_@{register[r].id})
			@{field[f].id}_q <= (@{field[f].id}_q & ~write_mask[@{field[f].msb}:@{field[f].lsb}]) | ones[@{field[f].msb}:@{field[f].lsb}];
//@ elif field[f].sticky
	reg @{field[f].id}_q;
	always @(posedge clk)
		if (reset_all)
			@{field[f].id}_q <= 1'd@{field[f].reset};
		else
			@{field[f].id}_q <= set_@{field[f].id} | (@{field[f].id}_q & ~(write_@{register[r].id} & ones[@{field[f].lsb}]));
//@ end
//@ end
//@ end
	assign program_address = {program_high_address_q, program_low_address_q};
	assign program_bytes = program_bytes_bytes_q;
	assign parity_test = {parity_test_out_q, parity_test_wgt_q, parity_test_act_q};

	reg irq_q;
	always @(posedge clk)
		if (reset_all)
			irq_q <= 1'b0;
		else
			irq_q <= |({irq_status_error_q, irq_status_done_q} & {irq_enable_error_q, irq_enable_done_q});
	assign irq = irq_q;

	// what can be read; the upper bits of a counter are kept from the read of its lower ones
	wire status_idle_q = idle & ~start_q;
	wire [31:0] error_address_low_address_q = error_address_q[31:0];
	wire [31:0] error_address_high_address_q = error_address_q[63:32];
	wire [15:0] position_layer_q = position[15:0];
	wire [15:0] position_tile_q = position[31:16];
	reg keep;
	reg [15:0] high_q, high;
	always @(posedge clk)
		if (reset_all)
			high_q <= 16'd0;
		else if (read & keep)
			high_q <= high;
	always @* begin
		read_bad = 1'b0;
		read_data = 32'd0;
		keep = 1'b0;
		high = 16'd0;
		case (read_word)
//@ for r in 0..registers-1
		10'd@{register[r].offset / 4}: begin // @{register[r].name}
//@ if register[r].counter >= 0 && register[r].high
			read_data[15:0] = high_q;
//@ elif register[r].counter >= 0
			read_data = counters[@{register[r].counter * counter_bits} +: 32];
			high = counters[@{register[r].counter * counter_bits + 32} +: 16];
			keep = 1'b1;
//@ else
//@ for f in register[r].first..register[r].last
//@ if field[f].constant
			read_data[@{field[f].msb}:@{field[f].lsb}] = @{field[f].width}'d@{field[f].reset};
//@ elif !field[f].pulse
			read_data[@{field[f].msb}:@{field[f].lsb}] = @{field[f].id}_q;
//@ end
//@ end
//@ end
		end
//@ end
		default: read_bad = 1'b1;
		endcase
	end
endmodule
`default_nettype wire
