//@ only if engine_classic
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
	output wire [SLOTS*N-1:0] first,  // each slot's lowest bit, one hot or 0
	output wire [SLOTS-1:0]   grant,  // one hot or 0: the slot whose `first` is issued
	output wire [SLOTS-1:0]   empty   // after this cycle nothing remains in the slot, if it is the head's
);
	reg [SLOTS*N-1:0] bits_q;
	wire [SLOTS*N-1:0] rest, next;
	wire [SLOTS-1:0] any;

	genvar k;
	generate
		for (k = 0; k < SLOTS; k = k + 1) begin : g_slot
			wire hold = ~load[k] & ~rst; // no load during reset: cleared without a gate more per bit
			assign next[k*N +: N] = ({N{load[k]}} & lane) | ({N{hold}} & rest[k*N +: N]);
			assign rest[k*N +: N] = bits_q[k*N +: N] & ~(first[k*N +: N] & {N{grant[k]}});
			assign any[k] = |bits_q[k*N +: N];
			always @(posedge clk)
				bits_q[k*N +: N] <= next[k*N +: N];
			if (WINDOW != 0) begin : g_window
				check_window #(.N(N)) window (.clk(clk), .load(load[k]), .lane(bits_q[k*N +: N]), .first(first[k*N +: N]));
				assign empty[k] = rest[k*N +: N] == {N{1'b0}};
			end else begin : g_full
				first_one #(.WIDTH(N)) find (.in(bits_q[k*N +: N]), .first(first[k*N +: N]));
				// the head's slot always issues: found a cycle ahead, off the path to the next load
				wire few;
				reg few_q;
				at_most_one #(.WIDTH(N)) count (.in(next[k*N +: N]), .few(few));
				always @(posedge clk)
					few_q <= few;
				assign empty[k] = few_q;
			end
		end
	endgenerate

	// rotating priority: from the head slot upwards in ring order
	generate
		if (SLOTS == 1) begin : g_single
			assign grant = 1'b1; // an empty slot has no first bit
			// verilator lint_off UNUSED
			wire unused = ^{any, head};
			// verilator lint_on UNUSED
		end else begin : g_ring
			reg [SLOTS-1:0] granted;
			reg older;
			integer h, d;
			always @* begin
				granted = {SLOTS{1'b0}};
				for (h = 0; h < SLOTS; h = h + 1) begin
					older = 1'b0;
					for (d = 0; d < SLOTS; d = d + 1) begin
						granted[(h+d)%SLOTS] = granted[(h+d)%SLOTS] | (head[h] & any[(h+d)%SLOTS] & ~older);
						older = older | any[(h+d)%SLOTS];
					end
				end
			end
			assign grant = granted;
		end
	endgenerate
endmodule
`default_nettype wire
