#!/bin/sh
# bitlet check --layers --faults: bus errors on every channel, aborts, resets, a second start, damaged programs, parity: each gives its status on RTL
# and model alike, and the next program runs as if nothing had been.
cd "$(dirname "$0")/../.." || exit 2
. tests/tap_log.sh

# row NAME LEAST: the table has a row of at least so many runs
row() { [ "$(sed -n "s/^$1 *\([0-9]*\) .*/\1/p" "$out/log")" -ge "$2" ]; }

for config in tiny tests/sim/core/narrow-int.yaml; do # with parity, and without
	"$bitlet" check "$config" --layers 4 --seed 3 --faults >"$out/log" 2>&1 && grep -q ': RTL and model agree, results are right: ' "$out/log" &&
		row 'bus error' 64 && row abort 16 && row 'soft reset' 16 && row 'second start' 8 && row 'bad program' 90 && row parity 12
	report "faults in four layers on $config"
done

echo "1..$count"
[ $bad -eq 0 ]
