`default_nettype none
// RR-reg of one lane (paper section 4.1): holds the lane's bits of SLOTS groups and distils one essential bit a cycle, from the oldest
// held group that still has one. A bit that was issued is cleared; an empty lane issues nothing ("fill 0").
module rr_reg #(
	parameter N = 16,     // bits of a group's lane
	parameter SLOTS = 1,  // groups held: run_ahead + 1, 1 to 4
	parameter WINDOW = 0  // 1: through the 8-bit check window (SLOTS = 1 only)
) (
	input  wire               clk,
	input  wire               rst,
	input  wire [SLOTS-1:0]   load,   // one hot: this slot takes `lane`; 0 during reset
	input  wire [SLOTS-1:0]   head,   // one hot: the slot of the oldest group
	input  wire [N-1:0]       lane,
	output wire [SLOTS*N-1:0] select, // one hot over all slots, or 0
	output wire [SLOTS-1:0]   empty   // after this cycle nothing remains in the slot
);
	reg [SLOTS*N-1:0] bits_q;
	wire [SLOTS*N-1:0] first;   // each slot's lowest bit
	wire [SLOTS*N-1:0] rest = bits_q & ~select;
	wire [SLOTS-1:0] any;
	reg [SLOTS-1:0] grant;

	genvar k;
	generate
		for (k = 0; k < SLOTS; k = k + 1) begin : g_slot
			if (WINDOW != 0) begin : g_window
				check_window #(.N(N)) window (.clk(clk), .load(load[k]), .lane(bits_q[k*N +: N]), .first(first[k*N +: N]));
			end else begin : g_full
				first_one #(.WIDTH(N)) find (.in(bits_q[k*N +: N]), .first(first[k*N +: N]));
			end
			assign any[k] = |bits_q[k*N +: N];
			assign empty[k] = rest[k*N +: N] == {N{1'b0}};
			assign select[k*N +: N] = SLOTS == 1 ? first[k*N +: N] : first[k*N +: N] & {N{grant[k]}};
			wire hold = ~load[k] & ~rst; // no load during reset: cleared without a gate more per bit
			always @(posedge clk)
				bits_q[k*N +: N] <= ({N{load[k]}} & lane) | ({N{hold}} & rest[k*N +: N]);
		end
	endgenerate

	// rotating priority: from the head slot upwards in ring order
	integer h, d;
	reg older;
	always @* begin
		grant = {SLOTS{1'b0}};
		for (h = 0; h < SLOTS; h = h + 1) begin
			older = 1'b0;
			for (d = 0; d < SLOTS; d = d + 1) begin
				grant[(h+d)%SLOTS] = grant[(h+d)%SLOTS] | (head[h] & any[(h+d)%SLOTS] & ~older);
				older = older | any[(h+d)%SLOTS];
			end
		end
	end
	// verilator lint_off UNUSED
	wire unused = SLOTS == 1 && ^{grant, head};
	// verilator lint_on UNUSED
endmodule
`default_nettype wire
