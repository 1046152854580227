#!/bin/sh
# fetch.v, sequencer.v, perf_counters.v against their twins (sequencer_bench.cpp), on the narrowest and the widest bus. RUNS a kind of stall, SEED.
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BITLET_BUILD:-$root/build}
bitlet=${BITLET:-$build/bitlet}
work=$build/tests/core_sequencer
here=$root/tests/core
mkdir -p "$work" || exit 1

# bench BUS_BITS ADDRESS_BITS
bench() {
	dir=$work/$1
	mkdir -p "$dir" || return 1
	{ cat "$root/gen/presets/tiny.yaml"; printf 'axi_bits: %s\naxi_address_bits: %s\n' "$1" "$2"; } > "$dir/config.yaml"
	if ! { "$bitlet" gen "$dir/config.yaml" -o "$dir/gen" &&
		verilator -Wall -O3 --cc --exe --build -j 2 --Mdir "$dir/obj" --top-module sequencer_bench -o sequencer_bench \
		-GBUS_BYTES=$(($1 / 8)) -GADDRESS_BITS="$2" \
		-CFLAGS "-O1 -std=c++20 -I$root/gen -I$root/refmodel -I$root/refmodel/core -I$root/refmodel/compile" \
		-LDFLAGS "$build/libbitlet.a -lcyaml -lyaml -lm" "$here/sequencer_bench.v" "$dir/gen/rtl/fetch.v" "$dir/gen/rtl/program_check.v" \
		"$dir/gen/rtl/sequencer.v" "$dir/gen/rtl/perf_counters.v" "$here/sequencer_bench.cpp"; } >"$dir/build.log" 2>&1; then
		cat "$dir/build.log"
		echo "not ok - bench with $1 bits builds"
		return 1
	fi
	"$dir/obj/sequencer_bench" "$dir/config.yaml" "${RUNS:-300}" "${SEED:-1}"
}

status=0
bench 32 40 || status=1
bench 512 64 || status=1
exit $status
