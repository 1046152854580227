#!/bin/sh
# bitlet report --area: what it computes from summaries and runs, what it says of bad files. TAP.
. tests/tap_status.sh
bitlet=${BITLET:-${BITLET_BUILD:-build}/bitlet}

# area ARGUMENT...: runs it
area() {
	"$bitlet" report --area "$@" >"$dir/out" 2>"$dir/err"
	status=$?
}

# refuses NAME MESSAGE ARGUMENT...: exit status 2 and the message, no table
refuses() {
	name=$1 message=$2
	shift 2
	area "$@"
	[ $status -eq 2 ] && grep -qF -- "$message" "$dir/err" && [ ! -s "$dir/out" ]
	report $? "$name"
}

# shows NAME REGEXP: a line of what it printed
shows() {
	[ $status -eq 0 ] && grep -Eq -- "$2" "$dir/out"
	report $? "$1"
}

# damaged NAME SED MESSAGE: the summary, changed
damaged() {
	sed "$2" "$dir/one/asic/summary.json" >"$dir/bad.json"
	refuses "$1" "$dir/bad.json: $3" "$dir/bad.json"
}

mkdir -p "$dir/one/asic"
cat >"$dir/one/asic/summary.json" <<'END'
{
  "top": "bitlet_pe", "library": "nangate45_typ.lib.gz", "nand2_um2": 0.798,
  "area_um2": 7980.00, "kge": 10.000, "fmax_mhz": 1000.0,
  "power_mw": 4.0, "power_clock_mhz": 1000, "power_mac_per_cycle": 2.0,
  "categories": {
    "preprocessing": {"kge": 2, "share": 0.2}, "orchestrator_decoder": {"kge": 4, "share": 0.4}, "check_window": {"kge": 1, "share": 0.1},
    "adder_tree": {"kge": 1.5, "share": 0.15}, "postprocessing": {"kge": 1, "share": 0.1}, "other": {"kge": 0.5, "share": 0.05}
  },
  "modules": [{"name": "rr_reg", "category": "check_window", "instances": 8, "kge": 1}]
}
END
sed 's/rr_reg/product_sum/; s/"kge": 10.000/"kge": 20.000/; s/^{/{"config": "plain",/; s/nangate45_typ/mine/; /power/d' "$dir/one/asic/summary.json" >"$dir/two.json"
cat >"$dir/run.json" <<'END'
{"model": "nets/a.onnx", "config": "one", "pes": 2, "layers": [
  {"name": "add", "op": "Add", "where": "host", "seconds": 1},
  {"name": "conv", "op": "Conv", "where": "core", "number": 1, "macs": 1000, "precision": "int8", "cycles": 300, "source": "modelled", "units": 3, "units_run": 3,
   "counters": {"cycles": 300, "busy": 250}},
  {"name": "guess", "op": "Conv", "where": "core", "number": 2, "macs": 1000, "precision": "int8", "cycles": 300, "source": "estimated", "units": 3, "units_run": 0}]}
END

area "$dir/one/asic/summary.json" "$dir/two.json" --run "$dir/run.json" --json "$dir/json"
shows 'named after its folder, shares of the categories' '^one +synthesised +20\.0% +40\.0% +10\.0% +15\.0% +10\.0% +5\.0%$'
shows 'a name of its own' '^plain +synthesised'
shows "table 9 as printed and as its areas say" '^table 9, TSMC 28 nm, of its mm2 +reported +35\.9% +37\.0% +8\.5% +15\.8% +2\.9% '
shows 'area of 32 PEs, scaled' '^one +10\.000 +7980\.0 +0\.157 +0\.461 '
shows 'the model and its factors' 'Model of area: kGE x .* 0\.49 um2 at 28 nm and 1\.44 um2'
shows 'MAC a cycle and PE, by area, at its clock' '^one +classic +conv +int8 +modelled +2\.000 +10\.00 +0\.2000 +1000 +4\.00$'
shows 'without a run' '^plain +dense +- +- +- +- +20\.00 +- +1000 +-$'
# 2 pJ/MAC is 1000 GOP/s/W; 28/45 (0.9/1.1)^2 = 0.4165, 65/45 (1/1.1)^2 = 1.1938
shows 'energy, and scaled' '^one +4\.0000 +1000 +2\.000 +2\.000 +1000 +2401 +838$'
shows 'no power' '^plain +- +- +- +- +- +- +-$'
! grep -q guess "$dir/out"
report $? 'estimated layers are left out'
grep -q '"mac_per_cycle_per_kge":.*0\.2' "$dir/json" && grep -q '"cycles_source":.*"modelled"' "$dir/json" && grep -q '"source":.*"reported"' "$dir/json" &&
	grep -q '"energy_factor":.*0\.41652' "$dir/json"
report $? 'JSON'
area "$dir/one/asic/summary.json" --nand2 0.98,2.88 --pes 16
shows 'NAND and PEs of the user' '^one +10\.000 +7980\.0 +0\.157 +0\.461 '

refuses 'no summary' 'no summary given; expected build/CONFIG/asic/summary.json'
refuses 'missing file' "$dir/none: No such file or directory; expected the summary.json of make asic" "$dir/none"
refuses 'no JSON' "$dir/text: not a JSON object; expected the summary.json" "$(echo hello >"$dir/text" && echo "$dir/text")"
refuses 'a run is no summary' "$dir/run.json: \"kge\" is missing; expected the summary.json" "$dir/run.json"
refuses 'a summary is no run' "\"config\" is missing; expected the report of bitlet run" "$dir/two.json" --run "$dir/one/asic/summary.json"
damaged 'area of zero' 's/7980.00/0/' '"area_um2" is no number above 0'
damaged 'clock that is text' 's/1000\.0/"fast"/' '"fmax_mhz" is no number above 0'
damaged 'shares above 1' 's/0\.4}/0.9}/' 'shares of "categories" sum to 1.5000; expected 1'
damaged 'a category missing' 's/"check_window": {[^}]*},//' '"categories" has no share of "check_window"'
damaged 'modules no list' 's/"modules": .*/"modules": 3/' '"modules" is no list'
damaged 'cut off' '$d' 'not a JSON object'
sed 's/"units_run": 3/"units_run": 1/' "$dir/run.json" >"$dir/sampled.json"
refuses 'a sampled run' "$dir/sampled.json: a layer ran 1 of its 3 units; expected a run without --sample" "$dir/two.json" --run "$dir/sampled.json"
sed '/counters/d; s/"units_run": 3,/"units_run": 3}, /' "$dir/run.json" >"$dir/estimated.json"
refuses 'an estimated run' "$dir/estimated.json: no layer has counters; expected the report of bitlet run MODEL --cycles" "$dir/two.json" --run "$dir/estimated.json"
refuses 'bad NAND' "--nand2 '0.5'; expected two areas" "$dir/two.json" --nand2 0.5
refuses 'bad PEs' "--pes '0'; expected a number" "$dir/two.json" --pes 0
printf '1..%s\n' $count
