//@ only if has_float
`default_nettype none
// Right shift of the smaller addend's significand, what is shifted out or-ed into the lowest bit. Combinational.
module fp32_aligner (
	input  wire [24:0] in,    // 24 bits and one below
	input  wire [5:0]  shift, // bit 5: everything goes
	output wire [26:0] out    // 24 bits, guard, round, sticky
);
	wire [25:0] s0 = shift[0] ? {1'b0, in} : {in, 1'b0};
	wire [25:0] s1 = shift[1] ? {2'b0, s0[25:2]} : s0;
	wire [25:0] s2 = shift[2] ? {4'b0, s1[25:4]} : s1;
	wire [25:0] s3 = shift[3] ? {8'b0, s2[25:8]} : s2;
	wire [25:0] s4 = shift[4] ? {16'b0, s3[25:16]} : s3;
	wire far = shift[5];
	wire lost = (shift[1] & (|s0[1:0])) | (shift[2] & (|s1[3:0])) | (shift[3] & (|s2[7:0])) | (shift[4] & (|s3[15:0])) | (far & (|s4));
	assign out = {s4 & {26{~far}}, lost};
endmodule
`default_nettype wire
