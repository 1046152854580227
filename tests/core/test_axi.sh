#!/bin/sh
# The AXI masters and the read arbiter against their twins (axi_bench.cpp) for bus widths from 32 to 512 bits, and linters over odd parameters.
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BITLET_BUILD:-$root/build}
work=$build/tests/core_axi
here=$root/tests/core
core=$root/rtl_templates/core
sources="$core/stream_fifo.v $core/burst_splitter.v $core/axi_read.v $core/read_arbiter.v $core/ram.v $core/axi_write.v"
checkers="$core/stable_checker.v $core/axi_read_checker.v $core/axi_write_checker.v"
mkdir -p "$work" || exit 1

bench() { # BYTES BURST OUTSTANDING ADDRESS_BITS BUFFER PARITY
	rm -f "$work/$1/axi_bench" # its makefile does not look at the library
	if ! verilator -Wall -O3 --cc --exe --build -j 2 --Mdir "$work/$1" --top-module axi_bench -o axi_bench \
		-GBYTES="$1" -GBURST="$2" -GOUTSTANDING="$3" -GADDRESS_BITS="$4" -GBUFFER="$5" -GPARITY="$6" \
		-CFLAGS "-O1 -std=c++17 -I$here -I$root/gen -I$root/refmodel -I$root/refmodel/core" -LDFLAGS "$build/libbitlet.a" \
		"$here/axi_bench.v" $sources $checkers "$here/axi_bench.cpp" "$here/axi_bench_read.cpp" "$here/axi_bench_write.cpp" >"$work/$1.log" 2>&1; then
		cat "$work/$1.log"
		echo "not ok 1 - bench with $1 bytes builds"
		return
	fi
	"$work/$1/axi_bench" "$@" "${CYCLES:-8000}" "${SEED:-1}" | sed "s/ - / - $1 bytes: /"
}

lint() { # TOP NAME=VALUE...
	top=$1
	shift
	g= p= s=
	for a in "$@"; do
		g="$g -G$a" p="$p -P$top.$a" s="$s -set ${a%=*} ${a#*=}"
	done
	{
		case $top in
		axi_write) verilator --lint-only -Wall --top-module $top $g $sources ;;
		*) verilator --lint-only -Wall -Wno-MULTITOP --top-module $top $g $core/stream_fifo.v $core/burst_splitter.v $core/$top.v ;;
		esac
		iverilog -g2005 -Wall -tnull -s $top $p $sources
		yosys -q -e 'implicitly declared' -p "read_verilog $sources; ${s:+chparam $s $top;} hierarchy -check -top $top; proc; check -assert"
	} >"$work/lint.log" 2>&1
	if [ -s "$work/lint.log" ]; then
		cat "$work/lint.log"
		printf 'not '
	fi
	echo "ok 1 - lint: $top $*"
}

refused() { # TOP NAME=VALUE
	if iverilog -g2005 -tnull -s $1 -P$1.$2 $sources >/dev/null 2>&1; then printf 'not '; fi
	echo "ok 1 - $1: $2 is refused"
}

bench 4 16 3 32 16 1
bench 8 64 16 40 128 0
bench 64 256 64 64 4 1
lint axi_read BYTES=4 BURST=256 OUTSTANDING=1
lint axi_read BYTES=64 BURST=1 OUTSTANDING=64 ADDRESS_BITS=64
lint axi_write BYTES=4 BUFFER=4096 BURST=1 OUTSTANDING=1 PARITY=1
lint axi_write BYTES=64 BUFFER=4 BURST=256 ADDRESS_BITS=64
lint read_arbiter BYTES=32 ADDRESS_BITS=48
refused axi_read BURST=257
refused axi_read BYTES=12
refused axi_read OUTSTANDING=65
refused axi_write BUFFER=12
