#!/bin/sh
# The benches: cycle_bench gives the RTL's own cycles, configurations are put together as listed, the page computes what it says. TAP.
. tests/tap_status.sh
build=${BITLET_BUILD:-build}

refuses 'cycle_bench without arguments' 'usage: cycle_bench' "$build/cycle_bench"
refuses 'unknown stimulus' 'usage: cycle_bench' "$build/cycle_bench" tiny fp32 noise
refuses 'unknown precision' 'tiny has no precision int24' "$build/cycle_bench" tiny int24 gauss
refuses 'rtl_bench without arguments' 'usage: rtl_bench' "$build/rtl_bench"

# two PEs: 120 groups are 60 beats
"$build/cycle_bench" tiny int8 gauss 120 5 >"$dir/out" && modelled=$(cut -f 9 "$dir/out") &&
	"$build/bitlet" check tiny --sim iverilog --precision int8 --stimulus gauss --stall none --groups 120 --seed 5 --json "$dir/json" >"$dir/out" &&
	awk -v m="$modelled" '/"load_cycles"/ { gsub(/[^0-9]/, ""); d = $0 / 59 - m; exit !(m > 1 && d < 0.001 && d > -0.001) }' "$dir/json"
report $? 'cycle_bench counts the very cycles that the RTL takes'

program=$build/bitlet
BUILD=$dir/build
. tests/bench/common.sh
write_config paper-1
[ "$(key paper-1 pes)" = 1 ] && [ "$(key paper-1 n)" = 64 ] && [ "$(key paper-1 name)" = paper-1 ]
report $? 'a configuration takes over its preset, with one PE'
write_config int8-ahead
[ "$(key int8-ahead run_ahead)" = 2 ] && [ "$(key int8-ahead precisions)" = '[int8]' ]
report $? 'a configuration takes its keys from the list'
for name in $(bench_names cestov); do
	write_config "$name"
	"$program" gen "$out/config/$name.yaml" -o "$dir/gen" || echo "$name"
done >"$dir/out" 2>"$dir/err"
[ ! -s "$dir/out" ] && [ "$(bench_names cestov | wc -l)" -gt 40 ]
report $? 'every configuration of the list can be generated'

BUILD=$dir/build tests/bench/page >"$dir/out"
[ "$(grep -c '^|' "$dir/out")" -eq 0 ] && grep -q '^# Measured figures' "$dir/out"
report $? 'a page without measurements has no tables'
printf 'int8-only\tint8\tgauss\t16\t1\t1\t2000\t10\t8\t10.000\t1.600\t2.6\t10.000\n' >"$out/cycles/int8-only"
printf '{\n  "area_um2": 6384.00, "kge": 8.000,\n  "fmax_mhz": 1250.0\n}\n' >"$out/area/int8-only.json"
printf '{\n  "area_um2": 798.00, "kge": 1.000\n}\n' >"$out/area/dense-int8.json"
BUILD=$dir/build tests/bench/page >"$dir/out"
# 1.6 / 8 = 0.2; published 1.25 / 136.4 = 0.00916
grep -qF '| int8-only | int8 gauss | 10 | 10.000 | 10.000 | 1.600 | 8.00 | 0.2000 | 21.8 | 0.200 |' "$dir/out"
report $? 'the page divides by area, by the published PE and by a dense unit'
printf '1..%s\n' $count
