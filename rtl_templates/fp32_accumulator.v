//@ only if has_float && !accumulation_wide && pipeline.accumulator < max(1, pipeline.packager)
`default_nettype none
// Adds the packed groups of one output in order (accumulation: fp32). A group is taken at most every CUTS + 1 cycles; its sum stands in
// the register CUTS + 1 cycles later, and with the output's last group `out_valid` says so. No back-pressure.
module fp32_accumulator #(
	parameter CUTS = 1 // 0 to 3, cuts of the adder
) (
	input  wire        clk,
	input  wire        rst,
	//Data in
	input  wire        in_valid,
	input  wire [31:0] value,
	input  wire [3:0]  in_flags, // invalid, overflow, underflow, inexact
	input  wire        last,
	//Data out
	output wire        out_valid,
	output wire [31:0] out,
	output wire [3:0]  flags     // or-ed over the output
);
	reg [31:0] sum_q;
	reg [3:0] flags_q;
	reg first_q;
	wire [31:0] total;
	wire [3:0] add_flags;
	wire done;

	// minus zero plus x is x, bit for bit
	fp32_adder #(.CUTS(CUTS)) adder (
		.clk(clk), .a({sum_q[31] | first_q, sum_q[30:0] & {31{~first_q}}}), .b(value), .sum(total), .flags(add_flags));
	delay #(.WIDTH(1), .CYCLES(CUTS), .RESET(1)) valid (.clk(clk), .rst(rst), .in(in_valid), .out(done));
	delay #(.WIDTH(1), .CYCLES(CUTS + 1), .RESET(1)) ends (.clk(clk), .rst(rst), .in(in_valid & last), .out(out_valid));

	always @(posedge clk) begin
		if (rst)
			first_q <= 1'b1;
		else if (in_valid)
			first_q <= last;
		if (done)
			sum_q <= total;
		flags_q <= (flags_q & {4{~(in_valid & first_q)}}) | (in_flags & {4{in_valid}}) | (add_flags & {4{done}});
	end

	assign out = sum_q;
	assign flags = flags_q;
endmodule
`default_nettype wire
