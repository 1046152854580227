#!/bin/sh
# bitlet check --layers: random layers through the whole core, RTL against model in every cycle; a broken bit is found, and the printed line
# finds it again; bad usage is refused.
cd "$(dirname "$0")/../.." || exit 2
. tests/tap_log.sh

# run STATUS ARGUMENT...: bitlet check exits with that status
run() { exits check "$@"; }

# --- agreement: every op, all formats, memory from fast to stubborn
for config in tiny tests/sim/core/narrow-int.yaml tests/sim/core/wide-float.yaml; do
	run 0 "$config" --layers 60 --seed 1 && has ': RTL and model agree, results are right: 60 runs' && has '^conv ' && has '^conv_transpose ' &&
		has '^dense ' && has '^matmul '
	report "60 layers on $config"
done

run 0 tiny --layers 5 --first 3 --seed 9 --json "$out/report.json" && python3 - "$out/report.json" >"$out/log" 2>&1 <<'PYTHON'
import json, sys
r = json.load(open(sys.argv[1]))
assert r["agree"] is True and r["config"] == "tiny" and r["runs"] == 5 and sum(row["runs"] for row in r["rows"]) == 5
for row in r["rows"]:
    assert row["cycles"] == row["busy"] + row["wait_out"] + row["wait_act"] + row["wait_wgt"] + row["idle"]
PYTHON
report "the JSON report is valid"

# --- a network's layers: the host's codes from tiny's core, which cuts K in chunks
digits=sim/networks/digits
run 0 tiny --dut core --precision int8 --network $digits/digits_int8.onnx --images $digits/images.npy --json "$out/report.json" &&
	[ "$(grep -c ' equal$' "$out/log")" -eq 5 ] && ! has 'NOT EQUAL' && has ' frames/s at 200 MHz' && python3 - "$out/report.json" >"$out/log" 2>&1 <<'PYTHON'
import json, sys
r = json.load(open(sys.argv[1]))
assert len(r) == 1 and r[0]["precision"] == "int8" and len(r[0]["layers"]) == 5
total = r[0]["total"]
assert total["macs"] == sum(l["macs"] for l in r[0]["layers"]) and total["frames_per_second"] > 0
assert total["counters"]["cycles"] == sum(l["counters"]["cycles"] for l in r[0]["layers"])
PYTHON
report "the quantised network's layers through the core, equal to the host's"

# --- faults put in by purpose
for side in rtl model; do
	run 1 tiny --layers 4 --seed 5 --break $side && has ': MISMATCH: ' && has '^layer 0: ' && has '^  m_axi_out_wdata, byte lane' &&
		has '^  RTL    0x' && has '^  model  0x' && has '^  cycle [0-9]* of the run'
	report "a broken bit of the $side is found"
	sed -n '/^layer/,$p' "$out/log" >"$out/first"
	line=$(sed -n 's/^reproduce: build\/bitlet check //p' "$out/log")
	# shellcheck disable=SC2086
	[ -n "$line" ] && run 1 $line && sed -n '/^layer/,$p' "$out/log" | cmp -s - "$out/first"
	report "the printed line finds it again ($side)"
done

# --- usage
# refuse TEXT ARGUMENT...
refuse() {
	text=$1
	shift
	run 2 "$@" && has "$text"
	report "refused: bitlet check $*"
}
refuse "expected a number from 1" tiny --layers 0
refuse "belong to --layers" tiny --faults
refuse "belong to --layers" tiny --first 3
refuse "goes with --first" tiny --layers 3 --precision int8
refuse "goes with --first" tiny --layers 3 --groups 100
refuse "goes with --first" tiny --layers 3 --dut pe
refuse "verilator only" tiny --layers 3 --faults --sim iverilog
refuse "goes with --first" tiny --layers 3 --stall none
refuse "goes with --first" tiny --layers 3 --exhaustive
refuse "goes with --images" tiny --dut core --network $digits/digits_int8.onnx --images $digits/images.npy --groups 100
refuse "goes with --images" tiny --dut core --network $digits/digits_int8.onnx --images $digits/images.npy --break rtl
refuse "is quantised; expected a float network" tiny --dut core --network $digits/digits_int8.onnx --images $digits/images.npy --precision fp32
refuse "has 450 rows; expected at least 1000" tiny --dut core --network $digits/digits_int8.onnx --images $digits/images.npy --image-count 1000

echo "1..$count"
[ $bad -eq 0 ]
