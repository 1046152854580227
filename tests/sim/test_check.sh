#!/bin/sh
# bitlet check: RTL and model agree in both simulators; a broken bit is found in either, explained, and reproduced by the printed line; bad
# usage is refused.
cd "$(dirname "$0")/../.." || exit 2
odd=tests/rtl/odd
. tests/tap_log.sh

# run STATUS ARGUMENT...: bitlet check exits with that status
run() { exits check "$@"; }

# --- agreement
for config in tiny $odd/one-lane.yaml $odd/halves-3.yaml $odd/window-9.yaml $odd/activation-5.yaml $odd/fifo.yaml $odd/packed-floats.yaml \
	$odd/narrow-result.yaml $odd/bare.yaml $odd/words-24.yaml $odd/dense.yaml $odd/dense-fp32.yaml \
	$odd/dense-floats.yaml $odd/dense-deep.yaml; do
	run 0 "$config" --sim iverilog --groups 120 && has 'RTL and model agree'
	report "$config agrees in iverilog"
done
for config in tiny $odd/packed.yaml $odd/fifo.yaml $odd/packed-floats.yaml $odd/activation-5.yaml $odd/dense.yaml $odd/dense-fixed.yaml; do
	run 0 "$config" --groups 4000 && has 'RTL and model agree'
	report "$config agrees in verilator"
done
run 0 tiny --dut pe --sim iverilog --groups 100 && has '^tiny, bitlet_pe, N = 4, 1 PEs'
report "a single PE agrees"
run 0 tiny --precision int8 --stall none --groups 4000 && has '^int8 .* 1\.0000 *1999 '
report "every interval is that of the law"

# --- the report as JSON
run 0 tiny --groups 200 --json "$out/report.json" && python3 - "$out/report.json" >"$out/log" 2>&1 <<'EOF'
import json, sys
r = json.load(open(sys.argv[1]))
assert r["agree"] is True and r["config"] == "tiny" and r["sim"] == "verilator"
assert [row["precision"] for row in r["rows"]] == ["fp32", "int8", "int4", "mixed"]
assert [run["stall"] for run in r["rows"][0]["runs"]] == ["none", "in", "out", "both"]
assert r["rows"][0]["runs"][0]["groups"] == 200 and r["rows"][0]["runs"][0]["value_mismatches"] == 0
EOF
report "the JSON report is valid"

# --- a netlist in place of the RTL
"$bitlet" gen $odd/dense-deep.yaml -o "$out/gen" >"$out/log" 2>&1 &&
	yosys -q -p "read_verilog $out/gen/rtl/*.v; hierarchy -top bitlet_pe; proc; flatten; opt -fast; techmap; opt -fast; splitnets; write_verilog -noattr $out/netlist.v" >"$out/log" 2>&1
report "yosys writes a netlist"
run 0 $odd/dense-deep.yaml --dut pe --sim iverilog --netlist "$out/netlist.v" --dump "$out/nets.vcd" --stall none --groups 60 && has 'RTL and model agree' &&
	grep -q '^\$var ' "$out/nets.vcd"
report "the netlist agrees, and its nets are written down"
run 1 $odd/dense-deep.yaml --dut pe --sim iverilog --netlist "$out/netlist.v" --groups 60 --break rtl && has 'lanes of the RTL could not be seen'
report "a wrong bit of a netlist is found"
run 2 tiny --netlist "$out/netlist.v" && has 'goes with --sim iverilog'
report "--netlist is for iverilog"
run 2 tiny --sim iverilog --netlist "$out/none.v" && has "none.v'; expected a file that can be read"
report "a netlist that is not there"
run 2 tiny --sim iverilog --dump "$out/nets.vcd" && has 'goes with --netlist'
report "--dump is for netlists"

# --- faults
for sim in verilator iverilog; do
	for side in rtl model; do
		for seed in 3 8; do
			run 1 tiny --precision int8 --groups 60 --sim $sim --break $side --seed $seed && has '^first mismatch: .* PE [0-9]*, output [0-9]*, group.* cycle [0-9]*$' &&
				has '^  RTL    0x' && has '^  model  0x' && has '^  lane   none: all lanes agree' && has '^reproduce: '
			report "$sim: a broken $side bit is found (seed $seed)"
			grep '^first mismatch' -A 4 "$out/log" >"$out/first"
			line=$(sed -n 's/^reproduce: build\/bitlet check //p' "$out/log")
			# shellcheck disable=SC2086
			run 1 $line && grep '^first mismatch' -A 4 "$out/log" | cmp -s - "$out/first"
			report "$sim: the printed line reproduces it (seed $seed)"
		done
	done
done
run 1 tiny --groups 40 --break model --json "$out/report.json"
python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); assert r["agree"] is False and r["mismatch"]["what"] in ("value", "flags")' "$out/report.json" \
	>"$out/log" 2>&1
report "the JSON report names the mismatch"

# --- real layers, all operand pairs
digits=sim/networks/digits
run 0 $odd/packed-floats.yaml --precision bf16 --exhaustive --stall both && has '^bf16 *262144 '
report "every bf16 word times one"
int8="tiny --sim iverilog --groups 30 --network $digits/digits_int8.onnx --images $digits/images.npy"
# shellcheck disable=SC2086
run 0 $int8 --json "$out/report.json" && has 'each layer in its own precision' && has '^depthwise QLinearConv 32 of 1x9 int8 ' && has 'RTL and model agree' &&
	python3 - "$out/report.json" >"$out/log" 2>&1 <<'EOF'
import json, sys
r = json.load(open(sys.argv[1]))
assert r["network"].endswith("digits_int8.onnx") and [row["precision"] for row in r["rows"]] == ["int8"] * 5
groups = [row["runs"][0]["groups"] for row in r["rows"]]
assert all(15 <= g <= 60 for g in groups), groups
EOF
report "layers of a quantised network, dot products longer than max_groups among them"
rows() { grep '^conv2 \|^dense ' "$out/log" | tr -s ' '; }
# shellcheck disable=SC2086
run 0 $int8 --layer 'conv2,5' --stall in && ! has '^conv1 ' && rows >"$out/first" && [ "$(wc -l <"$out/first")" -eq 2 ] &&
	run 0 $int8 --layer '2,d*e' --stall in && has '^depthwise ' && rows | cmp -s - "$out/first" &&
	run 0 $int8 --layer 5,conv2 --stall in --seed 2 && ! rows | cmp -s - "$out/first"
report "only the layers asked for, the same groups for the same seed"
run 0 tiny --sim iverilog --groups 40 --dut pe --precision int4 --network $digits/digits_fp32.onnx --input $digits/images.npy --image-count 3 --layer conv1 &&
	has 'precision int4$' && has '^conv1 Conv 16x9 '
report "a float network in a fixed precision, in one PE"
printf 'name: no-zero\nn: 4\npes: 1\nprecisions: [int8]\nzero_point: no\n' >"$out/no-zero.yaml"
run 0 "$out/no-zero.yaml" --sim iverilog --groups 30 --network $digits/digits_int8.onnx --images $digits/images.npy --layer conv2 && has '^conv2 '
report "codes with a zero point, which is in the biases of a core without"
# shellcheck disable=SC2086
run 1 $int8 --layer 2 --break rtl && has '^first mismatch: value of conv2 ' && grep '^  ' "$out/log" >"$out/first" &&
	line=$(sed -n 's/^reproduce: build\/bitlet check //p' "$out/log" | tr -d "'") && run 1 $line && grep '^  ' "$out/log" | cmp -s - "$out/first"
report "a broken bit in a layer is found, and the printed line finds it again"

# --- usage
# refuse TEXT ARGUMENT...
refuse() {
	text=$1
	shift
	run 2 "$@" && has "$text"
	report "refused: bitlet check $*"
}
refuse "expected one CONFIG"
refuse "too many arguments" tiny paper
refuse "no-such-preset" no-such-preset
refuse "expected fp32, int8, int4, or mixed" tiny --precision int9
refuse "expected a number from 1" tiny --groups 0
refuse "expected a number from 1" tiny --groups -5
refuse "expected a number from 0" tiny --seed x
refuse "expected verilator or iverilog" tiny --sim modelsim
refuse "expected rtl or model" tiny --break both
refuse "expected array, pe or core" tiny --dut chip
refuse "goes with --network or --layers" tiny --dut core
refuse "expected none, in, out, both or all" tiny --stall never
refuse "expected a kind" tiny --stimulus zero
refuse "belong together" tiny --network $digits/digits_fp32.onnx
refuse "is quantised; expected a float network for fp32" $int8 --precision fp32
refuse "has 450 rows; expected at least 451" $int8 --image-count 451
refuse "all inputs have files already" $int8 --images $digits/labels.npy
refuse "labels.npy: type uint8; expected float32" tiny --sim iverilog --network $digits/digits_int8.onnx --images $digits/labels.npy
refuse "digits_int8.onnx: --layer: '6'; expected numbers from 1 to 5" $int8 --layer 6
refuse "\-\-layer: 'conv9' is no layer of the core; expected a name" $int8 --layer conv9
refuse "\-\-layer goes with --network" tiny --layer 1
refuse "\-\-layer goes with --network and --dut array or pe" tiny --dut core --network x --images y --layer 1
refuse "exclude each other" tiny --exhaustive --network x --images y
refuse "verilator only" tiny --exhaustive --sim iverilog
refuse "random vectors only" tiny --exhaustive --precision mixed
refuse "too many operands" tiny --exhaustive --precision fp32
refuse "no-such.onnx" tiny --network no-such.onnx --images y
refuse "unrecognized option" tiny --frobnicate

# --- anywhere: no build folder, no source tree
program=$(cd "$(dirname "$bitlet")" && pwd)/$(basename "$bitlet")
mkdir "$out/elsewhere" && (cd "$out/elsewhere" && env -u BITLET_BUILD TMPDIR="$out" "$program" check tiny --sim iverilog --groups 20 --precision int4 >"$out/log" 2>&1) &&
	has 'RTL and model agree' && [ -z "$(ls -d "$out"/bitlet-* 2>/dev/null)" ]
report "works without a build folder, leaves nothing behind"

echo "1..$count"
[ $bad -eq 0 ]
