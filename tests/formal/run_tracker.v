`default_nettype none
// Follows one arbitrary run (`pick` is free) through an AXI master, for proofs: behind the beats of the runs before it, its bursts must begin where it does, go on
// without a gap, and end where it does. Addresses are in beats.
module run_tracker #(
	parameter ADDRESS_BITS = 11,
	parameter COUNT_BITS = 8     // the count of beats inside must not wrap
) (
	input  wire                    clk,
	input  wire                    rst,
	input  wire                    pick,
	input  wire                    run,           // a run enters
	input  wire [ADDRESS_BITS-1:0] run_address,
	input  wire [COUNT_BITS-1:0]   run_beats,
	input  wire                    burst,         // a burst leaves
	input  wire [ADDRESS_BITS-1:0] burst_address,
	input  wire [COUNT_BITS-1:0]   burst_beats,
	output wire [COUNT_BITS-1:0]   inside,        // beats of runs that have not left
	output wire                    bad
);
	reg [COUNT_BITS-1:0] inside_q, ahead_q, left_q;
	reg [ADDRESS_BITS-1:0] next_q;
	reg picked_q;
	wire [COUNT_BITS-1:0] gone = burst ? burst_beats : {COUNT_BITS{1'b0}};
	wire mine = picked_q & burst & ahead_q == 0;
	always @(posedge clk)
		if (rst) begin
			inside_q <= 0;
			picked_q <= 1'b0;
		end else begin
			inside_q <= inside_q + (run ? run_beats : {COUNT_BITS{1'b0}}) - gone;
			if (run & pick & ~picked_q) begin
				picked_q <= 1'b1;
				ahead_q <= inside_q - gone;
				left_q <= run_beats;
				next_q <= run_address;
			end else if (mine) begin
				left_q <= left_q - gone;
				next_q <= next_q + gone;
				picked_q <= left_q != gone;
			end else if (picked_q)
				ahead_q <= ahead_q - gone;
		end
	assign inside = inside_q;
	assign bad = ~rst & burst & (inside_q < gone | (mine & (burst_address != next_q | left_q < gone)) | (picked_q & ahead_q != 0 & ahead_q < gone));
endmodule
`default_nettype wire
