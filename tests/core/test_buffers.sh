#!/bin/sh
# act_buffer.v, wgt_buffer.v and both readers, with all that they are made of, against their models and the bytes they are given (buffer_bench.cpp).
# BITLET names the program, build/bitlet without.
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BITLET_BUILD:-$root/build}
bitlet=${BITLET:-$build/bitlet}
work=$build/tests/core_buffers
here=$root/tests/core
mkdir -p "$work" || exit 1
modules='ram stream_fifo act_buffer wgt_buffer act_reader wgt_reader wgt_walk group_words slot_words'
number=1

bench() { # NAME CONFIG
	dir=$work/$1
	sources=
	for m in $modules; do sources="$sources $dir/gen/rtl/$m.v"; done
	if ! { "$bitlet" gen "$2" -o "$dir/gen" &&
		verilator -Wall -Wno-DECLFILENAME -O3 --x-initial unique --cc --exe --build -j 2 --Mdir "$dir/obj" --top-module buffer_bench -o buffer_bench \
		-I"$dir/gen" -CFLAGS "-O1 -std=c++17 -I$root/gen -I$root/refmodel -I$root/refmodel/core -I$root/refmodel/compile" \
		-LDFLAGS "$build/libbitlet.a -lcyaml -lyaml -lprotobuf-c -lm" "$here/buffer_bench.v" $sources "$here/buffer_bench.cpp" "$here/buffer_machine.cpp" \
		"$here/buffer_tiles.cpp"; } \
		>"$work/$1.log" 2>&1; then
		cat "$work/$1.log"
		echo "not ok $number - $1: bench builds"
		number=$((number + 10))
		return
	fi
	"$dir/obj/buffer_bench" "$2" $number "${ROUNDS:-60}" "${SEED:-1}" || echo "# $1 failed"
	number=$((number + 10))
}

# packed layouts, short and long groups on a narrow bus, PEs that read on their own, parity
cat >"$work/own.yaml" <<end
name: own
n: 3
pes: 3
precisions: [int12, int4, w3au7, int1]
packing: [1, 3, 6, 24]
array_fifo: 2
axi_bits: 32
act_buffer: 4
wgt_buffer: 8
parity: yes
zero_point: yes
end
for preset in tiny edge-int8 fp32-n16; do bench $preset "$root/gen/presets/$preset.yaml"; done
bench own "$work/own.yaml"
