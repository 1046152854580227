#!/bin/sh
# output_path.v with all that it is made of against its model (output_bench.cpp), for lanes, result widths and buses of every kind, and three linters over
# the same. BITLET names the program, build/bitlet without.
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BITLET_BUILD:-$root/build}
bitlet=${BITLET:-$build/bitlet}
work=$build/tests/core_output
here=$root/tests/core
mkdir -p "$work" || exit 1
modules='collector output_bias output_clamp output_lane output_operand output_path output_stage output_tiles params partial_sum partial_sums product ram
	requantiser result_packer result_queue run_generator run_coordinate stream_fifo credit_counter delay final_packager fixed_result float_packer fp32_adder
	fp32_aligner fp32_sum normaliser rounder'
number=1
runtime=

report() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
	number=$((number + 1))
}

bench() { # NAME CONFIG
	dir=$work/$1
	"$bitlet" gen "$2" -o "$dir/gen" >"$work/$1.log" 2>&1
	sources=
	for m in $modules; do
		file=$dir/gen/rtl/$m.v
		test -e "$file" && sources="$sources $file"
	done
	{
		iverilog -g2005 -Wall -tnull -s output_path $sources
		yosys -q -e 'implicitly declared' -p "read_verilog $(echo $sources); hierarchy -check -top output_path; proc; check -assert"
	} >>"$work/$1.log" 2>&1
	test ! -s "$work/$1.log"
	status=$?
	cat "$work/$1.log"
	report $status "$1: iverilog and yosys"
	# the simulator's own runtime is the same for all: made once, and newer than the makefile
	if ! {
		verilator -Wall -Wno-DECLFILENAME -O3 --x-initial unique --cc --exe --Mdir "$dir/obj" --top-module output_bench -o output_bench \
			-I"$dir/gen" -CFLAGS "-O0 -std=c++17 -I$root/gen -I$root/refmodel -I$root/refmodel/core -I$root/refmodel/compile" \
			-LDFLAGS "$build/libbitlet.a -lcyaml -lyaml -lprotobuf-c -lm" "$here/output_bench.v" $sources "$here/output_bench.cpp" \
			"$here/output_job.cpp" &&
			{ test -z "$runtime" || cp "$runtime" "$dir/obj"; } && make -j 2 -C "$dir/obj" -f Voutput_bench.mk
	} >"$work/$1.log" 2>&1; then
		cat "$work/$1.log"
		report 1 "$1: bench builds"
		return
	fi
	runtime=$dir/obj/verilated.o
	"$dir/obj/output_bench" "$2" $number "${ROUNDS:-300}" "${SEED:-1}" || echo "# $1 failed"
	number=$((number + 8))
}

config() { # NAME LINE...
	file=$work/$1.yaml
	printf 'name: %s\nn: 2\nmax_groups: 4\n' "$1" >"$file"
	name=$1
	shift
	printf '%s\n' "$@" >>"$file"
	bench "$name" "$file"
}

for preset in tiny edge-int8 fp32-n16; do bench $preset "$root/gen/presets/$preset.yaml"; done
# PEs that fill no step, on a wide bus; the smallest of all, with the longest words
config wide-result 'pes: 5' 'precisions: [int16]' 'result_bits: 48' 'output_lanes: 2' 'psum_buffer: 4' 'parity: yes'
config floats 'pes: 7' 'precisions: [bf16, fp16]' 'output_lanes: 4' 'axi_bits: 512'
config one 'pes: 1' 'precisions: [int8, fp32]' 'result_bits: 64' 'axi_bits: 32' 'axi_address_bits: 64' 'psum_buffer: 2' 'parity: yes'
