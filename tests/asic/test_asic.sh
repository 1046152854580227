#!/bin/sh
# make asic: its messages, a small configuration from end to end on OSU018, and that planted faults are found. TAP.
. tests/tap_status.sh
build=${BITLET_BUILD:-$(pwd)/build}
osu=/usr/share/qflow/tech/osu018/osu018_stdcells.lib
export BITLET="${BITLET:-$build/bitlet}" TOGGLES="${TOGGLES:-$build/toggles}" BITLET_BUILD="$dir/build"
mkdir "$dir/build"

# number KEY: its first value in the summary
number() {
	sed -n "s/.*\"$1\": \([0-9.][0-9.]*\).*/\1/p" "$summary" | head -1
}

cat >"$dir/small.yaml" <<'END'
name: small
n: 2
pes: 1
precisions: [int8]
preprocess_rate: full
result_fifo: 1
END

ends 2 'no CONFIG' 'CONFIG is missing' asic/flow ''
ends 2 'unknown CONFIG' 'nowhere.yaml' asic/flow "$dir/nowhere.yaml"
ends 2 'unknown TOP' 'TOP=pe: expected bitlet_pe, bitlet_array or bitlet_top' asic/flow -t pe "$dir/small.yaml"
ends 2 'clock that is no number' 'CLOCK_MHZ=fast: expected a number' asic/flow -c fast "$dir/small.yaml"
ends 2 'clock that stands still' 'CLOCK_MHZ=0.0: expected a number above 0' asic/flow -c 0.0 "$dir/small.yaml"
ends 2 'unknown step' 'expected gates, power or equivalence' asic/flow -s layout "$dir/small.yaml"
ends 2 'missing Liberty' 'Liberty file /nowhere.lib: cannot be read' env LIB=/nowhere.lib asic/flow "$dir/small.yaml"
ends 2 'missing memory macro' 'Liberty file /nowhere.lib of a memory macro: cannot be read' asic/flow -t bitlet_top -r /nowhere.lib "$dir/small.yaml"
ends 2 'Liberty without memory macro' 'no memory macro in it' asic/flow -t bitlet_top -r $osu "$dir/small.yaml"
mkdir "$dir/bin"
for tool in sh dirname basename awk sed grep yosys sta; do
	ln -s "$(command -v $tool)" "$dir/bin/$tool"
done
ends 2 'missing iverilog' 'iverilog is not installed; Debian' env PATH="$dir/bin" asic/flow "$dir/small.yaml"

# a network of the user's: files that are wrong are found before the synthesis
digits=sim/networks/digits
ends 2 'no such network' '/nowhere.onnx: cannot be read; expected a network' asic/flow -n /nowhere.onnx -i $digits/images.npy "$dir/small.yaml"
ends 2 'no such input' '/nowhere.npy: cannot be read; expected the network' asic/flow -n $digits/digits_int8.onnx -i image=/nowhere.npy "$dir/small.yaml"
ends 2 'a network without its input' 'digits_int8.onnx without its input; expected' asic/flow -n $digits/digits_int8.onnx "$dir/small.yaml"
ends 2 'an input without a network' 'without a network; expected' asic/flow -i $digits/images.npy "$dir/small.yaml"
ends 2 'a network that is none' 'README.md: damaged' asic/flow -n README.md -i $digits/images.npy "$dir/small.yaml"
ends 2 'an input that is not the network'\''s' 'labels.npy: type uint8; expected float32' asic/flow -n $digits/digits_int8.onnx -i image=$digits/labels.npy "$dir/small.yaml"
ends 2 'no such layer' "layer: '6'; expected numbers from 1 to 5" asic/flow -l 6 "$dir/small.yaml"
ends 2 'a layer without power' '-n, -i and -l go with the step power' asic/flow -s gates -l 1 "$dir/small.yaml"
ends 2 'a layer of bitlet_top' '-n, -i and -l go with the step power' asic/flow -t bitlet_top -l 1 "$dir/small.yaml"
sed 's/name: small/name: layer/; s/\[int8\]/[int4, int8]/' "$dir/small.yaml" >"$dir/layer.yaml"
asic/flow -s power -n $digits/digits_int8.onnx -i $digits/images.npy -l conv2 "$dir/layer.yaml" >"$dir/out" 2>"$dir/err"
report $? 'power on a layer of another network'
summary=$dir/build/layer/asic/summary.json
cp "$summary" "$dir/out"
holds 'its power, of the precision it can have' "$(number power_mw) > 5"
grep -q '"precision": "int4", "power_mw": null, "reason": ".*do not fit into int4' "$summary" &&
	grep -q '"precision": "int8", "power_mw": [0-9.]*, .*"network": "digits_int8.onnx", "layer": "conv2 QLinearConv 32x144"' "$summary"
report $? 'the layer, its network and its precision are named; a precision that cannot be says why'

ends 1 'a clock that cannot be met' 'the clock of 5000 MHz cannot be met: bitlet_pe reaches' asic/flow -c 5000 -s 'gates power' "$dir/small.yaml"
summary=$dir/build/small/asic/summary.json
cp "$summary" "$dir/out"
grep -q '"clock": {"asked_mhz": 5000, "met": false}' "$summary"
report $? 'the summary is written all the same'
holds 'area of a PE of two pairs' "$(number kge) > 1 && $(number kge) < 3 && $(number area_um2) > 24000"
holds 'clock in 180 nm' "$(number fmax_mhz) > 250 && $(number fmax_mhz) < 800"
grep -q '"agree": true' "$summary"
report $? 'the netlist agrees with the model'
holds 'groups played to the netlist' "$(number groups) >= 200"
holds 'power in 180 nm' "$(number power_mw) > 5 && $(number power_mw) < 80"
grep -q '"layer": "conv2' "$summary" && grep -q '"check_window": {"power_mw": [0-9.]*, "share": 0\.[0-9]*[1-9]' "$summary"
report $? 'power of the layers of the shipped network, and of the categories'
if command -v python3 >/dev/null 2>&1; then
	python3 -c 'import json, sys
s = json.load(open(sys.argv[1]))
missing = {"kge", "area_um2", "fmax_mhz", "power_mw", "modules"} - set(s)
parts = [v["share"] for v in s["power"][0]["categories"].values() if isinstance(v, dict)]
assert not missing, missing
assert abs(sum(parts) - 1) < 0.001, parts
layers = s["power"][0]["layers"]
mean = sum(l["power_mw"] * l["cycles"] for l in layers) / sum(l["cycles"] for l in layers)
assert abs(mean / s["power_mw"] - 1) < 0.001, mean' "$summary" >"$dir/out" 2>"$dir/err"
	report $? 'the summary is JSON with the keys of the interface; shares add up to one, layers to the whole'
fi

# an inverter more in the netlist
work=$dir/build/small/asic/bitlet_pe
sed '0,/\.D(\(.*\))/s//.D(!\1)/' "$work/timing.v" >"$dir/faulty.v"
cmp -s "$work/timing.v" "$dir/faulty.v" && echo 'nothing was planted' >"$dir/err"
"$BITLET" check "$dir/small.yaml" --dut pe --sim iverilog --netlist "$dir/faulty.v" --netlist "$work/cells.v" --groups 200 --stall none >"$dir/out" 2>&1
[ $? -eq 1 ] && grep -q 'MISMATCH' "$dir/out"
report $? 'a faulty netlist differs from the model'

# Toggles, by hand: a rises twice and falls once, b goes from x to 1, c of another scope rises in both dumps.
cat >"$dir/one.vcd" <<'END'
$timescale 1ps $end
$scope module top $end $var wire 1 ! clk $end $var wire 2 " v [1:0] $end
$scope module \u.[0] $end $var wire 1 # a $end $var wire 1 $ b $end $upscope $end
$scope module w $end $var wire 1 % c $end $upscope $end
$upscope $end
$enddefinitions $end
#0 $dumpvars 0! b0x " 0# x$ 0% $end
#5 1! 1# 1$ b11 "
#10 0! 0#
#15 1! 1# 1%
END
cat "$dir/one.vcd" "$dir/one.vcd" | "$TOGGLES" clk >"$dir/out" 2>"$dir/err"
printf '%s\n' 'cycles 0 2' 'pin 0 u.[0] a 3' 'pin 0 w c 1' 'cycles 1 2' 'pin 1 u.[0] a 3' 'pin 1 w c 1' | cmp -s - "$dir/out"
report $? 'toggles are counted, dump by dump'
ends 1 'a dump without the clock' 'no such clock' sh -c "\"$TOGGLES\" clock <\"$dir/one.vcd\""
printf "\$timescale 1ps \$end \$scope module top" >"$dir/cut.vcd"
ends 1 'a dump cut short' 'cut short' sh -c "\"$TOGGLES\" clk <\"$dir/cut.vcd\""
ends 1 'no dump at all' 'this is no VCD' "$TOGGLES" clk </dev/null

printf '%s\n' 'first_one WIDTH=5' 'credit_counter DEPTH=2' 'product_block X_BITS=3' >"$dir/list"
rtl=$dir/build/small/asic/gen/rtl
asic/equal -l "$dir/list" "$rtl" >"$dir/out" 2>"$dir/err"
report $? 'netlists equal to the RTL'
grep -q '"blocks": 2, "equal": true' "$dir/out" && grep -q '"proof": "cec", "equal": true' "$dir/out" && grep -q '"proof": "dsec", "equal": true' "$dir/out"
report $? 'one by cec, one by dsec; what the configuration lacks is left out'
mkdir "$dir/faulty"
cp "$rtl/credit_counter.v" "$rtl/first_one.v" "$dir/faulty"
sed -i 's/~/ /' "$dir/faulty/first_one.v"
sed -i 's/take != give/take/' "$dir/faulty/credit_counter.v"
ends 1 'a fault planted in gates is found' 'netlist and RTL of first_one WIDTH=5 differ' asic/equal -l "$dir/list" -g "$dir/faulty" "$rtl"
grep -qF 'netlist and RTL of credit_counter DEPTH=2 differ' "$dir/err"
report $? 'a fault planted before a register is found'
ends 2 'no block of the list' 'none of the blocks' asic/equal -l "$dir/list" asic

printf '1..%s\n' $count
