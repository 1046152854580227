#!/bin/sh
# ram.v: its bench in three sizes, and what yosys makes of the sizes of a buffer: block RAM, and flip-flops for nothing but control.
root=$(cd "$(dirname "$0")/../.." && pwd)
work=${BITLET_BUILD:-$root/build}/tests/core_ram
ram=$root/rtl_templates/core/ram.v
mkdir -p "$work" || exit 1
number=0
report() { # STATUS NAME
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

for size in '37 5 1' '8 2 1' '64 16 1' '512 4 0'; do
	set -- $size
	iverilog -g2005 -Wall -s ram_bench -Pram_bench.WIDTH="$1" -Pram_bench.DEPTH="$2" -Pram_bench.PARITY="$3" -o "$work/bench.vvp" \
		"$root/tests/core/ram_bench.v" "$ram" >"$work/bench.log" 2>&1 && vvp -n "$work/bench.vvp" >>"$work/bench.log" 2>&1
	[ "$(cat "$work/bench.log")" = PASS ]
	status=$?
	[ $status -eq 0 ] || cat "$work/bench.log"
	report $status "words and parity of $1 bits x $2, PARITY $3"
done

yosys -p "read_verilog $ram; chparam -set WIDTH 128 -set DEPTH 512 -set PARITY 1 ram; synth_xilinx -family xc7 -flatten -top ram; tee -o $work/stat stat" \
	>"$work/yosys.log" 2>&1 && [ "$(awk '$1 ~ /^RAM/ || $1 ~ /^FD/ {printf "%s %s ", $1, $2}' "$work/stat")" = 'FDRE 1 RAMB36E1 2 ' ]
report $? 'a weight bank of 128 bits x 512 with parity is two RAMB36E1 and one flip-flop'

if iverilog -g2005 -tnull -s ram -Pram.DEPTH=1 "$ram" >/dev/null 2>&1; then status=1; else status=0; fi
report $status 'DEPTH=1 is refused'
