#!/bin/sh
# asic/synth: its messages, and small syntheses whose areas are known. TAP.
. tests/tap_status.sh
synth=asic/synth
osu=/usr/share/qflow/tech/osu018/osu018_stdcells.lib

# number KEY: its value in $dir/out, the first one
number() {
	sed -n "s/.*\"$1\": \([0-9.]*\).*/\1/p" "$dir/out" | head -1
}

mkdir "$dir/rtl" "$dir/empty"
cat >"$dir/rtl/pair.v" <<'END'
`default_nettype none
module pair (input wire clk, input wire [3:0] a, input wire [3:0] b, output reg [4:0] sum_q, output wire none);
	wire [3:0] x, y;
	assign none = 1'b0;
	cell_reg #(.WIDTH(4)) left (.clk(clk), .d(a), .q(x));
	cell_reg #(.WIDTH(4)) right (.clk(clk), .d(b), .q(y));
	always @(posedge clk) sum_q <= x + y;
endmodule
module cell_reg #(parameter WIDTH = 1) (input wire clk, input wire [WIDTH-1:0] d, output reg [WIDTH-1:0] q);
	always @(posedge clk) q <= d;
endmodule
module nand_gate (input wire a, input wire b, output wire y);
	assign y = ~(a & b);
endmodule
`default_nettype wire
END
sed 's/x + y/x + undeclared/' "$dir/rtl/pair.v" >"$dir/empty.v"

refuses 'missing Liberty' 'Liberty file /nowhere.lib: cannot be read' env LIB=/nowhere.lib $synth -t pair "$dir/rtl"
head -c 100000 $osu >"$dir/short.lib"
refuses 'Liberty cut short' 'damaged, its braces do not match' env LIB="$dir/short.lib" $synth -t pair "$dir/rtl"
echo 'a shopping list' >"$dir/list.lib"
refuses 'no Liberty at all' 'damaged, it holds no `library' env LIB="$dir/list.lib" $synth -t pair "$dir/rtl"
printf 'library (empty) {\n}\n' >"$dir/void.lib"
refuses 'Liberty without cells' 'no 2-input NAND' env LIB="$dir/void.lib" $synth -t pair "$dir/rtl"
gzip -c $osu | head -c 5000 >"$dir/short.lib.gz"
refuses 'damaged gzip' 'gzip cannot unpack it' env LIB="$dir/short.lib.gz" $synth -t pair "$dir/rtl"
refuses 'unknown top' 'no module nothing; it has: cell_reg nand_gate pair' $synth -t nothing "$dir/rtl"
refuses 'unknown directory' 'no such directory' $synth -t pair "$dir/none"
refuses 'directory without Verilog' 'no *.v in it' $synth -t pair "$dir/empty"
refuses 'unknown mapping' 'expected area, modules, timing, all or rams' $synth -m speed "$dir/rtl"
refuses 'bad period' 'expected a number of picoseconds' $synth -c 1ns "$dir/rtl"
refuses 'bad parameter' 'expected NAME=NUMBER' $synth -p WIDTH "$dir/rtl"
refuses 'no directory given' 'usage:' $synth -t pair

# a PATH with everything but the tool
mkdir "$dir/bin"
for tool in sh dirname basename awk sed grep sort tr cat mktemp rm mkdir gzip tee yosys; do
	ln -s "$(command -v $tool)" "$dir/bin/$tool"
done
refuses 'missing sta' 'sta is not installed; Debian' env PATH="$dir/bin" $synth -t pair "$dir/rtl"
rm "$dir/bin/yosys"
refuses 'missing yosys' 'yosys is not installed; Debian' env PATH="$dir/bin" $synth -t pair "$dir/rtl"

mkdir "$dir/broken"
mv "$dir/empty.v" "$dir/broken/pair.v"
$synth -t pair "$dir/broken" >"$dir/out" 2>"$dir/err"
[ $? -eq 1 ] && grep -q 'yosys failed on pair' "$dir/err" && grep -q undeclared "$dir/err"
report $? 'Verilog that yosys rejects'

$synth -t nand_gate -m area "$dir/rtl" >"$dir/out" 2>"$dir/err"
holds 'one NAND is one gate equivalent' "$(number area_um2) == 24 && $(number kge) == 0.001"

$synth -t cell_reg -p WIDTH=5 -m area "$dir/rtl" >"$dir/out" 2>"$dir/err"
holds 'a parameter is set: 5 flip-flops of 96 um2' "$(number area_um2) == 480"

$synth -t pair -o "$dir/out" -w "$dir/work" "$dir/rtl" >"$dir/err" 2>&1
report $? 'area, modules and timing'
holds 'flat area is that of 13 flip-flops and an adder' "$(number area_um2) > 13 * 96 && $(number area_um2) < 13 * 96 + 1500"
holds 'clock is plausible for 180 nm' "$(number fmax_mhz) > 300 && $(number fmax_mhz) < 3000"
grep -q '"critical_path": {"ns": [0-9.]*, "start": "\(left\|right\).q\[[0-3]\]", "end": "sum_q\[[0-4]\]"}' "$dir/out"
report $? 'critical path runs from an operand to the sum, by name'
grep -q '"name": "cell_reg", "category": "other", "instances": 2, "area_um2": 768.00, "kge": 0.032' "$dir/out"
report $? 'a module counts as often as it is instantiated'
iverilog -g2005 -t null -s pair "$dir/work/timing.v" $(dirname $osu)/osu018_stdcells.v >"$dir/err" 2>&1
report $? 'the netlist is Verilog that Icarus reads'

if command -v python3 >/dev/null 2>&1; then
	python3 -m json.tool <"$dir/out" >/dev/null 2>"$dir/err"
	report $? 'the summary is JSON'
fi

gzip -c $osu >"$dir/osu.lib.gz"
LIB="$dir/osu.lib.gz" $synth -t nand_gate -m timing "$dir/rtl" >"$dir/out" 2>"$dir/err" && grep -q '"start": "[ab]", "end": "y"' "$dir/out"
report $? 'compressed Liberty; a module without clock'

printf '1..%s\n' $count
