`default_nettype none
// A group's bytes as the engine's slots, by mode: a multiplexer over the layouts that the modes have, each of which is there once; all zero while off.
// Combinational.
module group_words #(
	parameter N = 16,          // slots
	parameter SLOT_BITS = 32,  // of a slot's word
	parameter DATA_BITS = 512, // of the longest group, up to whole lines
	parameter MODES = 2,
	parameter MODE_BITS = 1,
	// of mode m at 24 * m: {pairs a slot, bits of a field, bytes of an element}, 8 bits each
	parameter [24*MODES-1:0] LAYOUTS = {8'd1, 8'd16, 8'd2, 8'd1, 8'd8, 8'd1}
) (
	input  wire                   on,
	// verilator lint_off UNUSED
	input  wire [MODE_BITS-1:0]   mode,
	input  wire [DATA_BITS-1:0]   data,
	// verilator lint_on UNUSED
	output wire [N*SLOT_BITS-1:0] words
);
	// first mode that has mode m's layout
	function integer first_alike;
		input integer m;
		integer k;
		begin
			first_alike = m;
			for (k = m - 1; k >= 0; k = k - 1)
				if (LAYOUTS[24*k +: 24] == LAYOUTS[24*m +: 24])
					first_alike = k;
		end
	endfunction

	// layouts before mode m's
	function integer rank;
		input integer m;
		integer k;
		begin
			rank = 0;
			for (k = 0; k < m; k = k + 1)
				if (first_alike(k) == k)
					rank = rank + 1;
		end
	endfunction
	localparam WORDS = N * SLOT_BITS;
	localparam COUNT = rank(MODES); // of layouts

	wire [COUNT*WORDS-1:0] layouts; // each zero unless its mode is on
	genvar m, k;
	generate
		for (m = 0; m < MODES; m = m + 1) begin : g_mode
			if (first_alike(m) == m) begin : g_layout
				localparam PACK = {24'd0, LAYOUTS[24*m+16 +: 8]};
				localparam FIELD = {24'd0, LAYOUTS[24*m+8 +: 8]};
				localparam BYTES = {24'd0, LAYOUTS[24*m +: 8]};
				wire [MODES-1:0] alike; // the mode is one with this layout
				for (k = 0; k < MODES; k = k + 1) begin : g_alike
					localparam [31:0] MODE = k;
					assign alike[k] = COUNT == 1 || (first_alike(k) == m && mode == MODE[MODE_BITS-1:0]);
				end
				wire [WORDS-1:0] layout;
				slot_words #(.N(N), .SLOT_BITS(SLOT_BITS), .PACK(PACK), .FIELD(FIELD), .BYTES(BYTES)) slots (
					.data(data[N*PACK*BYTES*8-1:0]), .words(layout)
				);
				assign layouts[rank(m)*WORDS +: WORDS] = layout & {WORDS{on & (|alike)}};
			end
		end
	endgenerate
	reg [WORDS-1:0] either;
	integer i;
	always @* begin
		either = {WORDS{1'b0}};
		for (i = 0; i < COUNT; i = i + 1)
			either = either | layouts[i*WORDS +: WORDS];
	end
	assign words = either;
endmodule
`default_nettype wire
