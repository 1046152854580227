`default_nettype none
// Runs a program: hands the fetched record to all units at once when all have room, ends the run when everything is finished and written, or stops the masters
// after an error and then clears all blocks (docs/core.md section 4). Every output is a register or a decoded state. A record goes out no sooner than the
// cycle after it became valid, one every two cycles at most.
module sequencer (
	input  wire        clk,
	input  wire        rst,
	//Host
	input  wire        start,
	// verilator lint_off SYMRSVDWORD
	input  wire        abort,
	// verilator lint_on SYMRSVDWORD
	input  wire        soft_reset,
	output wire        idle,
	output wire        done,          // pulses, in the cycle of clear
	output wire        failed,
	output wire [3:0]  error_code,    // with failed
	output wire [2:0]  error_channel,
	output wire [63:0] error_address,
	output wire [31:0] position,      // of the record handed out last
	//Fetch
	input  wire        record_valid,
	// verilator lint_off UNUSED
	input  wire [2047:0] record,
	// verilator lint_on UNUSED
	input  wire        finished,      // no record is left
	input  wire [3:0]  fetch_fault,
	input  wire [63:0] fetch_address,
	//Units
	output wire        tile_take,     // pulse; the record is on the tile bus
	input  wire        tile_ready,    // of all
	input  wire        tiles_empty,   // of all
	output wire        stop,          // the masters are to come to rest
	output wire        clear,         // resets all blocks, one cycle at the end of every run
	//Masters; fails are sticky
	input  wire        act_idle,
	input  wire        wgt_idle,
	input  wire        out_idle,
	input  wire        act_fail,
	input  wire [1:0]  act_fail_code,
	input  wire [63:0] act_fail_address,
	input  wire        wgt_fail,
	input  wire [1:0]  wgt_fail_code,
	input  wire        wgt_fail_tag,  // 1: program
	input  wire [63:0] wgt_fail_address,
	input  wire        out_fail,
	input  wire [1:0]  out_fail_code,
	input  wire [63:0] out_fail_address,
	input  wire [2:0]  parity_bad     // 0 act, 1 wgt, 2 psum or out; sticky
);
	localparam [1:0] IDLE = 2'd0, RUN = 2'd1, STOP = 2'd2, END = 2'd3;
	localparam [2:0] ACT = 3'd1, WGT = 3'd2, OUT = 3'd3, PROGRAM = 3'd4;
	localparam [3:0] SLVERR = 4'd@{fault.SLVERR}, DECERR = 4'd@{fault.DECERR}, PARITY = 4'd@{fault.PARITY}, ABORTED = 4'd@{fault.ABORTED};

	reg [1:0] state_q;
	reg take_q, quiet_q;
	reg [31:0] position_q;
	reg [3:0] code_q, code;
	reg [2:0] channel_q, channel;
	reg [63:0] address_q, address;

	// the first of what is wrong in this cycle
	always @* begin
		channel = 3'd0;
		address = 64'd0;
		if (fetch_fault != 4'd0) begin
			code = fetch_fault;
			address = fetch_address;
		end else if (act_fail) begin
			code = &act_fail_code ? DECERR : SLVERR;
			channel = ACT;
			address = act_fail_address;
		end else if (wgt_fail) begin
			code = &wgt_fail_code ? DECERR : SLVERR;
			channel = wgt_fail_tag ? PROGRAM : WGT;
			address = wgt_fail_address;
		end else if (out_fail) begin
			code = &out_fail_code ? DECERR : SLVERR;
			channel = OUT;
			address = out_fail_address;
		end else if (|parity_bad) begin
			code = PARITY;
			channel = parity_bad[0] ? ACT : parity_bad[1] ? WGT : OUT;
		end else
			code = abort ? ABORTED : 4'd0;
	end

	wire run = state_q == RUN;
	wire stopping = code != 4'd0 | soft_reset;
	wire drained = tiles_empty & out_idle;
	wire ending = finished & drained;
	always @(posedge clk)
		if (rst)
			state_q <= IDLE;
		else
			case (state_q)
			IDLE: if (start) state_q <= RUN;
			RUN:  state_q <= stopping ? STOP : ending ? END : RUN;
			STOP: if (act_idle & wgt_idle & out_idle) state_q <= END;
			END:  state_q <= IDLE;
			endcase

	always @(posedge clk)
		if (rst) begin
			take_q <= 1'b0;
			quiet_q <= 1'b0;
		end else begin
			take_q <= run & ~stopping & record_valid & ~take_q & tile_ready & (drained | ~record[@{tile.wait}]);
			quiet_q <= soft_reset | (quiet_q & ~run);
		end

	always @(posedge clk)
		if (rst | soft_reset)
			position_q <= 32'd0;
		else if (take_q)
			position_q <= {record[@{tile.tile}], record[@{tile.layer}]};

	always @(posedge clk)
		if (run) begin
			code_q <= code;
			channel_q <= channel;
			address_q <= address;
		end

	assign idle = state_q == IDLE;
	assign stop = state_q == STOP;
	assign clear = state_q == END;
	assign done = clear & ~quiet_q & (code_q == 4'd0);
	assign failed = clear & ~quiet_q & (code_q != 4'd0);
	assign error_code = code_q;
	assign error_channel = channel_q;
	assign error_address = address_q;
	assign position = position_q;
	assign tile_take = take_q;
endmodule
`default_nettype wire
