#!/bin/sh
# The RTL behind the adder tree: values, flags and cycles against exact references (post_bench.cpp), and three linters over odd parameters.
root=$(cd "$(dirname "$0")/../.." && pwd)
work=${BUILD:-$root/build}/tests/rtl_post
rtl=$root/rtl_templates
here=$root/tests/rtl
leaves='accumulator arithmetic_shifter carry_save_sum credit_counter delay final_packager fixed_result float_packer float_path fp32_accumulator fp32_adder
	fp32_aligner fp32_shared fp32_sum normaliser postprocess result_fifo rounder special_kind split_adder wide_accumulator'
mkdir -p "$work" || exit 1
sources=
for l in $leaves; do
	# the generator's directives are no Verilog
	sed 's|^//@.*||' "$rtl/$l.v" >"$work/$l.v" || exit 1
	sources="$sources $work/$l.v"
done

number=100
report() { # STATUS NAME
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

# ccache or not, one model of everything builds in some seconds
if ! verilator -Wall -O3 --cc --exe --build -j 2 -CFLAGS '-O1 -std=c++17' --Mdir "$work/obj" --top-module post_bench -o post_bench \
	"$here/post_bench.v" $sources "$here/post_bench.cpp" "$here/post_process.cpp" "$here/post_reference.cpp" >"$work/build.log" 2>&1; then
	cat "$work/build.log"
	echo 'not ok 1 - bench builds'
	exit 1
fi
"$work/obj/post_bench" -n "${VECTORS:-100000}" -s "${SEED:-1}"
"$work/obj/post_bench" -b -n 4000 -s "${SEED:-1}" | grep -v '^#'

lint() { # NAME=VALUE... of postprocess
	g= p= s=
	for a in "$@"; do
		g="$g -G$a" p="$p -Ppostprocess.$a" s="$s -set ${a%=*} ${a#*=}"
	done
	{
		verilator --lint-only -Wall --top-module postprocess $g $sources
		iverilog -g2005 -Wall -tnull -s postprocess $p $sources
		yosys -q -e 'implicitly declared' -p "read_verilog $sources; ${s:+chparam $s postprocess;} hierarchy -check -top postprocess; proc; check -assert"
	} >"$work/lint.log" 2>&1
	test ! -s "$work/lint.log"
	status=$?
	cat "$work/lint.log"
	report $status "lint: ${*:-defaults}"
}

lint HAS_FLOAT=1
lint HAS_FLOAT=1 WIDE=1 ACC_CUTS=0
lint HAS_FLOAT=1 WIDE=1 ACC_CUTS=2
lint HAS_FLOAT=1 WIDE=1 ACC_CUTS=3 PACK_CUTS=0
lint HAS_FLOAT=1 WIDE=1 ACC_BITS=81 SUM_BITS=65 PACK_CUTS=2 UNITS=2 RESULT_FIFO=16
lint HAS_FLOAT=1 HAS_FIXED=1 UNITS=2 RESULT_FIFO=3 RESULT_BITS=40 OUT_BITS=40 SUM_BITS=60 FLOAT_BITS=53
lint HAS_FLOAT=1 PACK_CUTS=3 ACC_CUTS=3 RESULT_FIFO=1
lint HAS_FLOAT=1 PACK_CUTS=1 ACC_CUTS=3 SUM_BITS=27 TREE_BITS=23 SCALE=50 EXP_BITS=6
lint HAS_FLOAT=1 PACK_CUTS=3 ACC_CUTS=2
lint HAS_FLOAT=1 PACK_CUTS=0 ACC_CUTS=0 RESULT_FIFO=5 SUM_BITS=21 TREE_BITS=17 SCALE=268
lint HAS_FLOAT=1 SUM_BITS=27 TREE_BITS=36 SCALE=50 EXP_BITS=6 WIDE=1 ACC_BITS=39 HAS_FIXED=1
lint HAS_FLOAT=0 HAS_FIXED=1 SCALE=0 EXP_BITS=2 TREE_BITS=3 SUM_BITS=3 RESULT_BITS=8 OUT_BITS=8 RESULT_FIFO=1 ACC_BITS=1
lint HAS_FLOAT=0 HAS_FIXED=1 SCALE=0 EXP_BITS=2 UNITS=2 RESULT_BITS=64 OUT_BITS=64 RESULT_FIFO=2 ACC_BITS=1

# a bad parameter must not elaborate
if iverilog -g2005 -tnull -s postprocess -Ppostprocess.HAS_FLOAT=1 -Ppostprocess.PACK_CUTS=4 $sources >/dev/null 2>&1; then status=1; else status=0; fi
report $status 'PACK_CUTS=4 is refused'
if iverilog -g2005 -tnull -s postprocess -Ppostprocess.HAS_FLOAT=1 -Ppostprocess.WIDE=1 -Ppostprocess.ACC_CUTS=4 $sources >/dev/null 2>&1; then status=1; else status=0; fi
report $status 'WIDE=1 ACC_CUTS=4 is refused'
