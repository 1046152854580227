`default_nettype none
// burst_splitter: the bursts are the runs, in order, without gap or overlap; none is longer than BURST or crosses 4 KiB; none is held back.
// files: burst_splitter.v run_tracker.v
module burst_splitter_proof #(
	parameter BURST = 3
) (
	input wire        clk,
	input wire        pick,
	input wire        run_valid,
	input wire [10:0] run_address,
	input wire [8:0]  run_beats,
	input wire        take
);
	reg rst = 1'b1;
	always @(posedge clk)
		rst <= 1'b0;
	wire run_take, burst_valid, burst_tag, bad;
	wire [10:0] burst_address;
	wire [8:0] burst_beats, inside;
	burst_splitter #(.ADDRESS_BITS(13), .BYTES(4), .BURST(BURST), .BEATS_BITS(9)) dut (.clk(clk), .rst(rst),
		.run_valid(run_valid), .run_take(run_take), .run_address(run_address), .run_beats(run_beats), .run_tag(1'b0),
		.burst_valid(burst_valid), .burst_take(take & burst_valid), .burst_address(burst_address), .burst_beats(burst_beats), .burst_tag(burst_tag));
	run_tracker #(.COUNT_BITS(9)) tracker (.clk(clk), .rst(rst), .pick(pick), .run(run_take), .run_address(run_address), .run_beats(run_beats),
		.burst(take & burst_valid), .burst_address(burst_address), .burst_beats(burst_beats), .inside(inside), .bad(bad));
	wire [10:0] burst_last = {1'b0, burst_address[9:0]} + burst_beats - 1'b1;
	always @* begin
		assume (run_beats != 0 && run_beats < 256);
		if (!rst) begin
			assert (!bad);
			assert (burst_valid == (inside != 0));
			if (burst_valid) begin
				assert (burst_beats != 0 && burst_beats <= BURST);
				assert (!burst_last[10]);
			end
			if (run_valid && (!burst_valid || (take && burst_beats == inside)))
				assert (run_take);
		end
	end
endmodule
`default_nettype wire
