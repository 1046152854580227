#!/bin/sh
# act_loader.v and wgt_loader.v, with all that they are made of, against their models and an oracle (loader_bench.cpp): 32, 64, 128 and 512 bits, packed and odd
# groups. BITLET names the program, build/bitlet without.
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BITLET_BUILD:-$root/build}
bitlet=${BITLET:-$build/bitlet}
work=$build/tests/core_loaders
here=$root/tests/core
mkdir -p "$work" || exit 1
modules='stream_fifo run_coordinate run_generator group_packer act_loader wgt_loader'
number=1

bench() { # NAME CONFIG
	dir=$work/$1
	sources=
	for m in $modules; do sources="$sources $dir/gen/rtl/$m.v"; done
	if ! { "$bitlet" gen "$2" -o "$dir/gen" &&
		verilator -Wall -Wno-DECLFILENAME -O3 --cc --exe --build -j 2 --Mdir "$dir/obj" --top-module loader_bench -o loader_bench -I"$dir/gen" \
		-CFLAGS "-O1 -std=c++17 -I$root/gen -I$root/refmodel -I$root/refmodel/core -I$root/refmodel/compile" \
		-LDFLAGS "$build/libbitlet.a -lcyaml -lyaml -lm" "$here/loader_bench.v" $sources "$here/loader_bench.cpp" "$here/loader_oracle.cpp"; } \
		>"$work/$1.log" 2>&1; then
		cat "$work/$1.log"
		echo "not ok $number - $1: bench builds"
		number=$((number + 10))
		return
	fi
	"$dir/obj/loader_bench" "$2" $number "${ROUNDS:-60}" "${SEED:-1}" || echo "# $1 failed"
	number=$((number + 10))
}

sed 's/^name:.*/name: narrow/' "$root/gen/presets/tiny.yaml" >"$work/narrow.yaml" || exit 1
printf 'axi_bits: 32\naxi_address_bits: 40\n' >>"$work/narrow.yaml"
cat >"$work/wide.yaml" <<end
name: wide
n: 32
pes: 3
precisions: [fp32, int4, int1]
packing: [1, 3, 6]
axi_bits: 512
axi_address_bits: 64
end
bench narrow "$work/narrow.yaml"
bench tiny "$root/gen/presets/tiny.yaml"
bench edge "$root/gen/presets/edge-int8.yaml"
bench fp32-n16 "$root/gen/presets/fp32-n16.yaml"
bench odd "$root/tests/rtl/odd/packed-floats.yaml"
bench wide "$work/wide.yaml"
