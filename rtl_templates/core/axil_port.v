`default_nettype none
// AXI4-Lite slave without registers: holds one write and one read and shows each of them for one cycle to what it serves.
// Throughput: a write and a read every two cycles. Latency: the later of AW and W is taken in cycle t, `write` is high in t + 1, bvalid in t + 2; AR taken in t,
// `read` in t + 1, rvalid in t + 2. Back-pressure: while an answer is not taken one more request is held. All outputs are registers or functions of registers.
module axil_port #(
	parameter ADDRESS_BITS = 12 // byte address
) (
	input  wire                    clk,
	input  wire                    rst,
	//AXI4-Lite
	input  wire [ADDRESS_BITS-1:0] s_axil_awaddr,
	input  wire                    s_axil_awvalid,
	output wire                    s_axil_awready,
	input  wire [31:0]             s_axil_wdata,
	input  wire [3:0]              s_axil_wstrb,
	input  wire                    s_axil_wvalid,
	output wire                    s_axil_wready,
	output wire [1:0]              s_axil_bresp,
	output wire                    s_axil_bvalid,
	input  wire                    s_axil_bready,
	input  wire [ADDRESS_BITS-1:0] s_axil_araddr,
	input  wire                    s_axil_arvalid,
	output wire                    s_axil_arready,
	output wire [31:0]             s_axil_rdata,
	output wire [1:0]              s_axil_rresp,
	output wire                    s_axil_rvalid,
	input  wire                    s_axil_rready,
	//Registers
	output wire                    write,      // one cycle
	output wire [ADDRESS_BITS-3:0] write_word, // address / 4
	output wire [31:0]             write_data,
	output wire [31:0]             write_mask, // 1: the bit's byte is strobed
	input  wire                    write_bad,  // in the cycle of write: answer SLVERR
	output wire                    read,       // one cycle
	output wire [ADDRESS_BITS-3:0] read_word,
	input  wire [31:0]             read_data,  // in the cycle of read
	input  wire                    read_bad
);
	localparam [1:0] OKAY = 2'b00, SLVERR = 2'b10;

	// write: address and data are held from their handshakes to `write`
	reg aw_q, w_q, bvalid_q, bad_q;
	reg [ADDRESS_BITS-3:0] waddr_q;
	reg [31:0] wdata_q;
	reg [3:0] wstrb_q;
	assign s_axil_awready = ~aw_q;
	assign s_axil_wready = ~w_q;
	assign s_axil_bvalid = bvalid_q;
	assign s_axil_bresp = bad_q ? SLVERR : OKAY;
	assign write = aw_q & w_q & ~bvalid_q;
	assign write_word = waddr_q;
	assign write_data = wdata_q;
	assign write_mask = {{8{wstrb_q[3]}}, {8{wstrb_q[2]}}, {8{wstrb_q[1]}}, {8{wstrb_q[0]}}};
	always @(posedge clk)
		if (rst) begin
			aw_q <= 1'b0;
			w_q <= 1'b0;
			bvalid_q <= 1'b0;
		end else begin
			aw_q <= aw_q ? ~write : s_axil_awvalid;
			w_q <= w_q ? ~write : s_axil_wvalid;
			bvalid_q <= bvalid_q ? ~s_axil_bready : write;
		end
	always @(posedge clk) begin
		if (~aw_q)
			waddr_q <= s_axil_awaddr[ADDRESS_BITS-1:2];
		if (~w_q) begin
			wdata_q <= s_axil_wdata;
			wstrb_q <= s_axil_wstrb;
		end
		if (write)
			bad_q <= write_bad;
	end

	// read
	reg ar_q, rvalid_q, rbad_q;
	reg [ADDRESS_BITS-3:0] raddr_q;
	reg [31:0] rdata_q;
	assign s_axil_arready = ~ar_q;
	assign s_axil_rvalid = rvalid_q;
	assign s_axil_rdata = rdata_q;
	assign s_axil_rresp = rbad_q ? SLVERR : OKAY;
	assign read = ar_q & ~rvalid_q;
	assign read_word = raddr_q;
	always @(posedge clk)
		if (rst) begin
			ar_q <= 1'b0;
			rvalid_q <= 1'b0;
		end else begin
			ar_q <= ar_q ? ~read : s_axil_arvalid;
			rvalid_q <= rvalid_q ? ~s_axil_rready : read;
		end
	always @(posedge clk) begin
		if (~ar_q)
			raddr_q <= s_axil_araddr[ADDRESS_BITS-1:2];
		if (read) begin
			rdata_q <= read_bad ? 32'd0 : read_data;
			rbad_q <= read_bad;
		end
	end

	// registers are words: the low address bits are not looked at
	// verilator lint_off UNUSED
	wire unused = &{s_axil_awaddr[1:0], s_axil_araddr[1:0]};
	// verilator lint_on UNUSED
endmodule
`default_nettype wire
