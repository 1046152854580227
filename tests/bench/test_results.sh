#!/bin/sh
# make results: what it refuses, and what its page computes from rows that were worked out by hand. TAP.
. tests/tap_status.sh
program=${BITLET_BUILD:-build}/bitlet

# no_page NAME MESSAGE VARIABLE=VALUE...: exit status 2, the message, no page
no_page() {
	name=$1 message=$2
	shift 2
	env BUILD="$dir/build" "$@" tests/bench/results "$dir/page" int8-lean >"$dir/out" 2>"$dir/err"
	[ $? -eq 2 ] && grep -qF -- "$message" "$dir/err" && [ ! -e "$dir/page" ]
	report $? "$name"
}

# shows TEXT
shows() {
	grep -qF -- "$1" "$dir/out"
	report $? "$1"
}

mkdir -p "$dir/build/bench/results/slow" "$dir/build/bench/results/quick"
ln -s "$(realpath "$program")" "$dir/build/bitlet"
no_page 'MODEL alone' 'without INPUT; expected INPUT=FILE' MODEL=README.md
no_page 'MODEL missing' '/none.onnx cannot be read' MODEL=/none.onnx INPUT=README.md
no_page 'INPUT missing' '/none.npy cannot be read' MODEL=README.md INPUT=/none.npy
no_page 'LIB missing' 'LIB=/none.lib: cannot be read; expected a Liberty file' LIB=/none.lib

for name in slow quick; do
	echo '{"kge": 10, "area_um2": 7980}' >"$dir/build/bench/results/$name/summary.json"
done
# name engine precision N kGE kGE MHz path mW MHz MAC/cycle network layer operator MACs MAC/cycle busy zeros PEs
row() {
	echo "$*" | tr ' ' '\t' >>"$dir/rows"
}
row slow classic int8 4 4 5 1000 a_q 2 1000 1.0 net.onnx 2 Conv 1000000 2 0.9 0.25 1
row quick dense int8 8 10 20 1100 b_q 4 1000 8.0 net.onnx 2 Conv 1000000 8 1 0.25 8
BUILD=$dir/build tests/bench/results_page "$dir/rows" some.lib '' '' 7 >"$dir/out" 2>"$dir/err"
report $? 'the page is printed'
shows 'int8, net.onnx layer 2. Area at equal clock: dense wins, 0.8 to 0.5 MAC/cycle/kGE (quick, slow), by 1.60 times.'
shows 'At own clock: dense wins, 0.44 to 0.4 GMAC/s/kGE (quick, slow), by 1.10 times.'
shows 'Energy: dense wins, 0.5 to 2 pJ/MAC (quick, slow), by 4.00 times.'
shows 'So the best dense PE beats the best classic one in all 3 comparisons, by 1.10 to 4.00 times.'
shows '| net.onnx | 2 Conv, 1.00 MMAC, int8 | 25% | slow | classic | 90% | 2.00 | 0.5000 | 2.00 | 0.400 |'
shows '- slow: 1000 MHz, 17% short; `a_q`'
shows '| quick | dense | int8 | 8 | 8 | 10.00 | 20.00 | 1100 | `b_q` |'
shows '| net.onnx | 2 Conv, int8 | quick | dense | 4.000 | 1000 | 8.00 | 0.500 | 4000 |'
row better classic int8 4 1 1 1000 a_q 2 1000 1.0 net.onnx 2 Conv 1000000 2 0.9 0.25 1
mkdir "$dir/build/bench/results/better" && cp "$dir/build/bench/results/slow/summary.json" "$dir/build/bench/results/better"
BUILD=$dir/build tests/bench/results_page "$dir/rows" some.lib '' '' 7 >"$dir/out" 2>"$dir/err"
shows 'So the best dense PE wins 1 of 3 comparisons, by 4.00 times, and the best classic one 2, by 2.50 to 4.55 times.'
printf '1..%s\n' $count
