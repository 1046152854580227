`default_nettype none
// read_arbiter: each client's runs leave in order with the client's tag; beats come out in order at the client of their tag; a waiting run of fetch is overtaken by no
// more than what the queue to axi_read held (2); valids stay. Clients and axi_read are assumed to keep what they offer.
// files: read_arbiter.v stream_fifo.v order_checker.v stable_checker.v
module read_arbiter_proof (
	input wire        clk,
	input wire [4:0]  pick,
	input wire        fetch_run_valid,
	input wire [1:0]  fetch_run,
	input wire        fetch_beat_ready,
	input wire        wgt_run_valid,
	input wire [1:0]  wgt_run,
	input wire        wgt_beat_ready,
	input wire        run_ready,
	input wire        beat_valid,
	input wire [1:0]  beat,
	input wire        beat_tag
);
	reg rst = 1'b1;
	always @(posedge clk)
		rst <= 1'b0;
	wire fetch_run_ready, fetch_beat_valid, wgt_run_ready, wgt_beat_valid, run_valid, run_tag, beat_ready;
	wire [31:0] fetch_data, wgt_data, address;
	wire [23:0] bytes;
	// runs and beats differ in two bits, at places apart
	read_arbiter #(.ADDRESS_BITS(32), .BYTES(4)) arbiter (.clk(clk), .rst(rst),
		.fetch_run_valid(fetch_run_valid), .fetch_run_ready(fetch_run_ready), .fetch_run_address({31'd0, fetch_run[0]}), .fetch_run_bytes({fetch_run[1], 23'd0}),
		.fetch_beat_valid(fetch_beat_valid), .fetch_beat_ready(fetch_beat_ready), .fetch_beat_data(fetch_data),
		.wgt_run_valid(wgt_run_valid), .wgt_run_ready(wgt_run_ready), .wgt_run_address({31'd0, wgt_run[0]}), .wgt_run_bytes({wgt_run[1], 23'd0}),
		.wgt_beat_valid(wgt_beat_valid), .wgt_beat_ready(wgt_beat_ready), .wgt_beat_data(wgt_data),
		.run_valid(run_valid), .run_ready(run_ready), .run_address(address), .run_bytes(bytes), .run_tag(run_tag),
		.beat_valid(beat_valid), .beat_ready(beat_ready), .beat_data({beat[1], 30'd0, beat[0]}), .beat_tag(beat_tag));
	wire [1:0] run = {bytes[23], address[0]};

	wire [3:0] bad;
	wire [2:0] kept;
	wire [3:0] fetch_inside, wgt_inside, fetch_beats, wgt_beats;
	order_checker #(.WIDTH(2)) fetch_runs (.clk(clk), .rst(rst), .pick(pick[0]), .push(fetch_run_valid & fetch_run_ready), .in(fetch_run),
		.pop(run_valid & run_ready & run_tag), .out(run), .count(fetch_inside), .bad(bad[0]));
	order_checker #(.WIDTH(2)) wgt_runs (.clk(clk), .rst(rst), .pick(pick[1]), .push(wgt_run_valid & wgt_run_ready), .in(wgt_run),
		.pop(run_valid & run_ready & ~run_tag), .out(run), .count(wgt_inside), .bad(bad[1]));
	order_checker #(.WIDTH(2)) fetch_order (.clk(clk), .rst(rst), .pick(pick[2]), .push(beat_valid & beat_ready & beat_tag), .in(beat),
		.pop(fetch_beat_valid & fetch_beat_ready), .out({fetch_data[31], fetch_data[0]}), .count(fetch_beats), .bad(bad[2]));
	order_checker #(.WIDTH(2)) wgt_order (.clk(clk), .rst(rst), .pick(pick[3]), .push(beat_valid & beat_ready & ~beat_tag), .in(beat),
		.pop(wgt_beat_valid & wgt_beat_ready), .out({wgt_data[31], wgt_data[0]}), .count(wgt_beats), .bad(bad[3]));
	stable_checker #(.WIDTH(57)) run_stable (.clk(clk), .rst(rst), .valid(run_valid), .ready(run_ready), .data({run_tag, address, bytes}), .kept(kept[0]));
	stable_checker #(.WIDTH(32)) fetch_stable (.clk(clk), .rst(rst), .valid(fetch_beat_valid), .ready(fetch_beat_ready), .data(fetch_data), .kept(kept[1]));
	stable_checker #(.WIDTH(32)) wgt_stable (.clk(clk), .rst(rst), .valid(wgt_beat_valid), .ready(wgt_beat_ready), .data(wgt_data), .kept(kept[2]));
	wire [2:0] offers_kept;
	stable_checker #(.WIDTH(2)) fetch_offer (.clk(clk), .rst(rst), .valid(fetch_run_valid), .ready(fetch_run_ready), .data(fetch_run), .kept(offers_kept[0]));
	stable_checker #(.WIDTH(2)) wgt_offer (.clk(clk), .rst(rst), .valid(wgt_run_valid), .ready(wgt_run_ready), .data(wgt_run), .kept(offers_kept[1]));
	stable_checker #(.WIDTH(3)) beat_offer (.clk(clk), .rst(rst), .valid(beat_valid), .ready(beat_ready), .data({beat_tag, beat}), .kept(offers_kept[2]));

	// a run that fetch offers, all its runs before it gone: the weight runs that leave before it
	reg watched_q;
	reg [2:0] overtaken_q;
	wire starts = pick[4] & fetch_run_valid & fetch_inside == 0 & ~watched_q;
	wire leaves = run_valid & run_ready;
	always @(posedge clk)
		if (rst)
			watched_q <= 1'b0;
		else begin
			watched_q <= (watched_q | starts) & ~(leaves & run_tag);
			if (starts)
				overtaken_q <= leaves & ~run_tag;
			else if (leaves & ~run_tag & overtaken_q != 7)
				overtaken_q <= overtaken_q + 1'b1;
		end

	always @* begin
		assume (&offers_kept);
		if (!rst) begin
			assert (bad == 0);
			assert (&kept);
			assert (!watched_q || overtaken_q <= 2);
			assert (fetch_beat_valid + wgt_beat_valid == (fetch_beats + wgt_beats != 0)); // no beat is held back
			assert (run_valid || fetch_inside == 0); // no run of fetch is held back
		end
	end
endmodule
`default_nettype wire
