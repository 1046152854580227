`default_nettype none
// A group's bytes as the engine's slots, in one layout: field j of slot i is element i * PACK + j, its low FIELD bits. Wires only.
module slot_words #(
	parameter N = 16,          // slots
	parameter SLOT_BITS = 32,  // of a slot's word; the rest above PACK fields is 0
	parameter PACK = 1,
	parameter FIELD = 8,       // bits
	parameter BYTES = 1        // of an element
) (
	// verilator lint_off UNUSED
	input  wire [N*PACK*BYTES*8-1:0] data,
	// verilator lint_on UNUSED
	output wire [N*SLOT_BITS-1:0]    words
);
	genvar i, j;
	generate
		if (PACK == 1 && FIELD == SLOT_BITS && FIELD == 8 * BYTES) begin : g_same
			assign words = data;
		end else begin : g_fields
			for (i = 0; i < N; i = i + 1) begin : g_slot
				for (j = 0; j < PACK; j = j + 1) begin : g_field
					assign words[i*SLOT_BITS+j*FIELD +: FIELD] = data[(i*PACK+j)*8*BYTES +: FIELD];
				end
				if (PACK * FIELD < SLOT_BITS) begin : g_rest
					assign words[i*SLOT_BITS+PACK*FIELD +: SLOT_BITS-PACK*FIELD] = {(SLOT_BITS-PACK*FIELD){1'b0}};
				end
			end
		end
	endgenerate
endmodule
`default_nettype wire
