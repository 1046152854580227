#!/bin/sh
# csr.v against its register list in every cycle, and the host driver on it (csr_bench.cpp). BITLET names the program, build/bitlet without.
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BITLET_BUILD:-$root/build}
bitlet=${BITLET:-$build/bitlet}
work=$build/tests/core_csr
here=$root/tests/core
mkdir -p "$work" || exit 1
if ! { "$bitlet" gen "$root/gen/presets/tiny.yaml" -o "$work/gen" &&
	verilator -Wall -O3 --cc --exe --build -j 2 --Mdir "$work/obj" --top-module csr_bench -o csr_bench \
	-CFLAGS "-O1 -std=c++17 -I$here -I$root/gen -I$root/refmodel -I$root/refmodel/core -I$root/sim/driver -I$build/include" \
	-LDFLAGS "$build/libbitlet.a -lcyaml -lyaml -lm" "$here/csr_bench.v" "$work/gen/rtl/csr.v" "$work/gen/rtl/axil_port.v" "$work/gen/rtl/axil_checker.v" \
	"$work/gen/rtl/stable_checker.v" "$here/csr_bench.cpp" "$here/csr_model.cpp" "$here/csr_driver.cpp"; } >"$work/build.log" 2>&1; then
	cat "$work/build.log"
	echo 'not ok 1 - bench builds'
	exit 1
fi
exec "$work/obj/csr_bench" "$root/gen/presets/tiny.yaml" "${CYCLES:-20000}" "${SEED:-1}"
