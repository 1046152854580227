`default_nettype none
// One lane's factors for the multiplier, and what the product's exponent and kind will be. Requantisation: value (shifted left and saturated for TFLite) times
// multiplier. Scale: value or fp32 mantissa times the scale's mantissa; value = product * 2^(room - SUM_BITS + 26), see final_packager. One a cycle; latency 1.
module output_operand #(
	parameter HAS_FLOAT = 0,
	parameter HAS_FIXED = 0,
	parameter SUM_BITS = 56,   // of the packager
	parameter X_BITS = 32,     // signed
	parameter M_BITS = 31
) (
	input  wire              clk,
	//Data in
	input  wire [31:0]       value,       // int32 or fp32
	input  wire [31:0]       multiplier,  // or scale
	// verilator lint_off UNUSED
	input  wire [5:0]        shift,
	input  wire              is_float,    // value is an fp32
	input  wire              is_scale,    // multiplier is an fp32; always for an fp32 value
	input  wire              is_tflite,
	// verilator lint_on UNUSED
	//Data out
	output wire [X_BITS-1:0] x,
	output wire [M_BITS-1:0] m,
	output wire [5:0]        amount,      // right shift of the product
	output wire [9:0]        room,
	output wire              sign,
	output wire [2:0]        kind         // nan, infinity, invalid
);
	localparam [31:0] ROOM_FIXED = SUM_BITS - 26;
	localparam [31:0] ROOM_FLOAT = SUM_BITS - 176;
	wire float = HAS_FLOAT != 0 && (HAS_FIXED == 0 || is_float);

	// scale
	wire s_full = &multiplier[30:23];
	wire s_nan = s_full & (|multiplier[22:0]);
	wire s_infinity = s_full & ~(|multiplier[22:0]);
	wire s_zero = ~(|multiplier[30:0]);
	wire [7:0] s_exp = {multiplier[30:24], multiplier[23] | ~(|multiplier[30:23])};
	wire [23:0] s_man = {|multiplier[30:23], multiplier[22:0]};

	// value; NaN is canonical
	wire v_full = float & (&value[30:23]);
	wire v_nan = v_full & value[22];
	wire v_infinity = v_full & ~value[22];
	wire v_zero = ~(|value[30:0]) & (float | ~value[31]);
	wire [7:0] v_exp = {value[30:24], value[23] | ~(|value[30:23])};
	wire [23:0] v_man = {|value[30:23], value[22:0]};
	wire clash = (v_infinity & s_zero) | (v_zero & s_infinity);
	wire nan = v_nan | s_nan | clash;

	reg [9:0] room_q;
	reg sign_q;
	reg [2:0] kind_q;
	always @(posedge clk) begin
		room_q <= (float ? ROOM_FLOAT[9:0] + {2'b0, v_exp} : ROOM_FIXED[9:0]) + {2'b0, s_exp};
		sign_q <= value[31] ^ multiplier[31];
		kind_q <= {nan, (v_infinity | s_infinity) & ~nan, clash | (s_nan & ~multiplier[22])};
	end
	assign room = room_q;
	assign sign = sign_q;
	assign kind = kind_q;

	generate
		if (HAS_FIXED != 0) begin : g_fixed
			// left shift of TFLite: what leaves must be copies of the sign, and so must what becomes the sign
			wire [4:0] left = shift[4:0] & {5{is_tflite & ~shift[5] & ~is_scale}};
			wire [63:0] shifted = {{32{value[31]}}, value} << left;
			wire clipped = shifted[63:31] != {33{value[31]}};
			wire [31:0] limited = clipped ? {value[31], {31{~value[31]}}} : shifted[31:0];
			reg [31:0] x_q;
			reg [30:0] m_q;
			reg [5:0] amount_q;
			always @(posedge clk) begin
				x_q <= float ? {8'd0, v_man} : limited;
				m_q <= is_scale ? {7'd0, s_man} : multiplier[30:0];
				amount_q <= !is_tflite ? shift : shift[5] ? 6'd32 + {1'b0, ~shift[4:0]} : 6'd31; // 31 - shift, negative shift
			end
			assign x = x_q;
			assign m = m_q;
			assign amount = amount_q;
		end else begin : g_float_only
			reg [23:0] x_q, m_q;
			always @(posedge clk) begin
				x_q <= v_man;
				m_q <= s_man;
			end
			assign x = {1'b0, x_q};
			assign m = m_q;
			assign amount = 6'd0;
		end
	endgenerate
endmodule
`default_nettype wire
