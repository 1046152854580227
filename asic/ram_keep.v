// Keeps a word that a macro shows in the cycle after a read only.
module ram_keep #(
	parameter BITS = 64
) (
	input  wire            clk,
	input  wire            read,
	input  wire [BITS-1:0] shown,
	output wire [BITS-1:0] q
);
	reg fresh_q;
	reg [BITS-1:0] kept_q;
	always @(posedge clk) begin
		fresh_q <= read;
		if (fresh_q)
			kept_q <= shown;
	end
	assign q = fresh_q ? shown : kept_q;
endmodule
