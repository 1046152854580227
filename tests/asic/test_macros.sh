#!/bin/sh
# Memory macros: what is told of their pins; memories of macros beside ram.v, in RTL and in gates; the whole core with them. TAP.
. tests/tap_status.sh
root=$(pwd)
build=${BITLET_BUILD:-$root/build}
bitlet=${BITLET:-$build/bitlet}
export BITLET_BUILD="$dir/build"
mkdir "$dir/build"
libs=$root/tests/asic/macros
ram=$root/rtl_templates/core/ram.v
osu=/usr/share/qflow/tech/osu018/osu018_stdcells.lib

facts() {
	awk -f asic/macros.awk -v told="${told:-}" asic/macro_pins "$@"
}

# edited LIB SED: a macro's Liberty file with a change, as $dir/edited.lib
edited() {
	sed "$2" "$libs/$1.lib" >"$dir/edited.lib"
	! cmp -s "$libs/$1.lib" "$dir/edited.lib" || echo 'nothing was edited' >>"$dir/err"
}

# --- pins ---
facts "$libs/one.lib" "$libs/two.lib" "$libs/plain.lib" >"$dir/out" 2>"$dir/err"
report $? 'three macros are told from their Liberty files'
grep -qx 'macro one_8x8 8 8 1500 1 1' "$dir/out" && grep -qx 'macro two_16x8 16 8 3500 2 1' "$dir/out" && grep -qx 'macro plain_4x6 4 6 500 1 0' "$dir/out"
report $? 'words, bits, area, ports, and whether a word stays shown'
grep -qx 'pin one_8x8 A_WEN 1 we 1 x' "$dir/out" && grep -qx 'pin plain_4x6 WEN 1 we 0 x' "$dir/out"
report $? 'WEN is high in one macro and low in another, by their conditions'
grep -qx 'pin two_16x8 csb0 1 ce 0 w' "$dir/out" && grep -qx 'pin two_16x8 csb1 1 ce 0 r' "$dir/out" && grep -qx 'pin two_16x8 dout0 8 open 1 -' "$dir/out"
report $? 'pins go to their ports by name'
grep -qx 'pin one_8x8 A_BIST_ADDR 3 tie 0 -' "$dir/out" && grep -qx 'pin one_8x8 A_DLY 1 tie 1 -' "$dir/out"
report $? 'self-test and delay rest'
ends 2 'a pin that nobody knows' "odd.lib: cell odd_8x5, pin EMA: its use is not known; say it by MACRO_PINS=\"EMA=USE\"" facts "$libs/odd.lib"
told=EMA=0
facts "$libs/odd.lib" >"$dir/out" 2>"$dir/err" && grep -qx 'pin odd_8x5 EMA 3 tie 0 -' "$dir/out" && grep -qx 'pin odd_8x5 WENB 1 tie 1 -' "$dir/out"
report $? 'what the user says; a write enable of a port that only reads rests high'
told='EMA=2' ends 2 'a use that there is not' 'MACRO_PINS says 2; expected 0, 1, ce' facts "$libs/odd.lib"
told='EMA=0 EMB=0' ends 2 'a pin that there is not' 'MACRO_PINS: no macro has an input EMB' facts "$libs/odd.lib"
told='EMA' ends 2 'a word without use' 'MACRO_PINS: EMA; expected [CELL.]PIN=USE' facts "$libs/odd.lib"
told=
edited plain 's/ when : "!CEN";//; s/ when : "(!CEN & !WEN)";//'
ends 2 'an enable whose level nobody tells' 'pin WEN: the level at which it acts is not known; say it by MACRO_PINS="WEN=we" or "WEN=!we"' facts "$dir/edited.lib"
edited one 's/type : ram;/type : rom;/'
ends 2 'a memory that is none to write' 'its memory is of type rom; expected ram' facts "$dir/edited.lib"
edited one 's/address_width : 3/address_width : 4/'
ends 2 'an address of another width' 'pin A_ADDR: 3 bits; expected the address_width 4' facts "$dir/edited.lib"
edited one '/memory_write/d'
ends 2 'no port that writes' 'no port that reads and writes, nor one of each' facts "$dir/edited.lib"
edited one 's/setup_rising/setup_falling/'
ends 2 'falling edges' 'set up before falling edges; expected rising ones' facts "$dir/edited.lib"
edited one 's/pin (A_WEN)/pin (A_OE)/; s/A_WEN | //; s/A_WEN & //'
ends 2 'no write enable' 'no write enable' facts "$dir/edited.lib"

# --- choice: 1 bit of flip-flop 10 um2 ---
{
	echo 'macro small 64 8 2000 2 1'
	echo 'macro large 256 16 9000 2 1'
} >"$dir/facts"
printf 'module $p\\ram\n  memory width 12 size 100 \\m\nmodule $q\\ram\n  memory width 2 size 2 \\m\nmodule $r\\ram\n  memory width 8 size 64 \\m\n' >"$dir/rams.il"
awk -f asic/rams.awk -v flop=10 -v limit=100 "$dir/facts" "$dir/rams.il" >"$dir/out" 2>"$dir/err"
printf '%s\n' '$p\ram 12 100 small 4 8000 ports 0' '$q\ram 2 2 flops 0 0 - 0' '$r\ram 8 64 small 1 2000 ports 0' | cmp -s - "$dir/out"
report $? 'each memory goes to the macros that hold it with the least area, or to flip-flops'
sed 's/ 2 1$/ 1 1/' "$dir/facts" >"$dir/facts1"
sed '/^module/a\  parameter \\HALVES 1' "$dir/rams.il" >"$dir/halves.il"
awk -f asic/rams.awk -v flop=10 -v limit=100 "$dir/facts1" "$dir/rams.il" "$dir/halves.il" >"$dir/out" 2>"$dir/err"
printf '%s\n' '$p\ram 12 100 flops 0 0 - 0' '$q\ram 2 2 flops 0 0 - 0' '$r\ram 8 64 flops 0 0 - 0' '$p\ram 12 100 small 4 8000 halves 1' '$q\ram 2 2 flops 0 0 - 1' \
	'$r\ram 8 64 small 2 4000 halves 1' | cmp -s - "$dir/out"
report $? 'of macros with one port it takes a bank a half, or two of all words and a table, where that is still smaller'
awk -f asic/rams.awk -v flop=10 -v limit=100 "$dir/rams.il" >"$dir/out" 2>"$dir/err"
grep -q '^\$p.ram 12 100 none' "$dir/out" && grep -q '^\$q.ram 2 2 flops' "$dir/out"
report $? 'without macros, large memories are left out'

# --- memories of macros beside ram.v ---
# make_rams LIB WIDTH DEPTH PARITY HALVES: facts, choice, rams.v and models.v in $dir
make_rams() {
	facts "$libs/$1.lib" >"$dir/facts" || return 1
	bits=$2
	[ "$4" = 0 ] || bits=$(($2 + ($2 + 7) / 8))
	printf 'module ram\n  parameter \\HALVES %d\n  memory width %d size %d \\memory\n' "$5" $bits "$3" >"$dir/ram.il"
	awk -f asic/rams.awk -v flop=1000 -v limit=0 "$dir/facts" "$dir/ram.il" >"$dir/choice" || return 1
	for what in rams models; do
		awk -f asic/macro_verilog.awk -v what=$what -v here=asic -v ram="$ram" "$dir/facts" "$dir/choice" >"$dir/$what.v" || return 1
	done
}
# play WIDTH DEPTH PARITY HALVES: the bench, with $dir/rams.v
play() {
	sed 's/^module ram /module macro_ram /' "$dir/rams.v" >"$dir/macro_ram.v"
	iverilog -g2005 -Wall -s ram_pair -Pram_pair.WIDTH="$1" -Pram_pair.DEPTH="$2" -Pram_pair.PARITY="$3" -Pram_pair.HALVES="$4" -o "$dir/pair.vvp" \
		tests/asic/ram_pair.v "$ram" "$dir/macro_ram.v" "$dir/models.v" >"$dir/out" 2>&1 && [ ! -s "$dir/out" ] && vvp -n "$dir/pair.vvp" >"$dir/out" 2>"$dir/err"
}
# equal STYLE LIB WIDTH DEPTH PARITY HALVES: the style of the choice, and no difference
equal() {
	style=$1
	shift
	make_rams "$@" >"$dir/out" 2>"$dir/err" && grep -q " $style [01]\$" "$dir/choice" && play "$2" "$3" "$4" "$5" && grep -q '^PASS with [1-9]' "$dir/out"
	report $? "$style of $1: $2 bits x $3, PARITY $4"
}
# planted NAME SED [FILE]: a fault in FILE (rams.v) is found
planted() {
	file=$dir/${3:-rams.v}
	cp "$file" "$dir/kept.v"
	sed "$2" "$dir/kept.v" >"$file"
	! cmp -s "$file" "$dir/kept.v" && play "$size_width" "$size_depth" "$size_parity" "$size_halves" && grep -q '^FAIL' "$dir/out"
	report $? "a planted fault is found: $1"
	cp "$dir/kept.v" "$file"
}
# size WIDTH DEPTH PARITY HALVES: of the next planted faults
size() {
	size_width=$1 size_depth=$2 size_parity=$3 size_halves=$4
}
equal ports two 8 16 0 0
told=EMA=0
equal ports odd 12 20 0 0
told='EMA=0 QB=brief'
equal ports odd 12 9 1 0
told=
equal ports two 37 40 1 0
size 37 40 1 0
planted 'the wrong row is shown' 's/row_q <= read_row/row_q <= write_row/'
planted 'a pin that must rest does not' 's/wire rests = 1.b1/wire rests = 1'"'"'b0/' models.v
equal banks one 8 8 0 0
size 8 8 0 0
planted 'writes go to the bank that is read' 's/write & ~mine/write \& mine/'
planted 'the table forgets' 's/bank_q\[write_address\] <= ~from/bank_q[write_address] <= 1'"'"'b1/'
planted 'a bit is masked' "s/A_BM({8{1'b1}})/A_BM(8'h7f)/"
equal banks one 20 30 1 0
equal banks plain 17 9 1 0
size 17 9 1 0
planted 'the word is not kept' 's/if (fresh_q)/if (read)/'
equal halves plain 17 16 0 1
equal halves one 20 32 1 1
size 20 32 1 1
planted 'the wrong half is shown' 's/half_q <= read_address/half_q <= ~read_address/'

# --- gates: a memory in OSU018 cells and macros ---
mkdir "$dir/rtl" "$dir/work"
cp "$ram" "$dir/rtl"
cat >"$dir/rtl/macros.v" <<'END'
module macros (
	input wire clk, rst, write, read, parity_test, input wire [3:0] write_address, read_address, input wire [7:0] write_data, output wire [7:0] q, output wire bad,
	output reg [7:0] late_q
);
	ram #(.WIDTH(8), .DEPTH(16), .PARITY(1)) memory (.clk(clk), .rst(rst), .write(write), .write_address(write_address), .write_data(write_data), .read(read),
		.read_address(read_address), .q(q), .bad(bad), .parity_test(parity_test));
	always @(posedge clk)
		late_q <= q;
endmodule
END
ends 2 'a macro with an unknown pin' 'the memory macros cannot be used' asic/synth -t macros -r "$libs/odd.lib" "$dir/rtl"
gzip -c "$libs/plain.lib" >"$dir/plain.lib.gz"
asic/synth -t macros -m all -r "$dir/plain.lib.gz $libs/odd.lib" -P EMA=0 -w "$dir/work" -o "$dir/out" "$dir/rtl" 2>"$dir/err"
report $? 'synthesised with two macros to choose from'
number() {
	sed -n "s/.*\"$1\": \([0-9.][0-9.]*\).*/\1/p" "$dir/out" | head -1
}
grep -q '"held_by": "odd_8x5", "style": "ports", "macros": 4, "area_um2": 3600.00' "$dir/out" && [ "$(grep -c '^  odd_8x5 ' "$dir/work/timing.v")" = 4 ]
report $? 'the netlist has the macros'
holds 'their area is part of the area' "$(number area_um2) > 3600 && $(number area_um2) < 3600 + 17 * 96 + 4000"
grep -q '"critical_path": {"ns": [0-9.]*, "start": "memory.g_macros_1.words.g_row\[.\].g_column\[.\].macro/QB\[.\]", "end": "bad"}' "$dir/out"
report $? 'the longest path runs from a macro to the parity check'
holds 'paths between registers begin at macros too' "$(number fmax_register_to_register_mhz) > 0 && $(number fmax_register_to_register_mhz) < 1000"
iverilog -g2005 -s ram_pair -DNETLIST -Pram_pair.WIDTH=8 -Pram_pair.DEPTH=16 -Pram_pair.PARITY=1 -o "$dir/pair.vvp" tests/asic/ram_pair.v "$ram" "$dir/work/timing.v" \
	"$dir/work/cells.v" >"$dir/out" 2>"$dir/err" && vvp -n "$dir/pair.vvp" >"$dir/out" && grep -q '^PASS with' "$dir/out"
report $? 'the netlist does what ram.v does'
asic/synth -t macros -m timing "$dir/rtl" >"$dir/out" 2>"$dir/err" && grep -q '"held_by": "flops"' "$dir/out" && holds 'small memories need no macro' "$(number fmax_mhz) > 100"
sed 's/DEPTH(16)/DEPTH(1024)/; s/\[3:0\]/[9:0]/' "$dir/rtl/macros.v" >"$dir/large.v"
mv "$dir/large.v" "$dir/rtl/macros.v"
asic/synth -t macros -m timing "$dir/rtl" >"$dir/out" 2>"$dir/err"
grep -q '"timing_reason": "memories are left out' "$dir/out" && grep -q '"fmax_mhz": null' "$dir/out" && grep -q '"bits_left_out": 9216' "$dir/out"
report $? 'no timing without macros for large memories'

# --- the whole core, its RTL with macros in place of ram.v's memory ---
"$bitlet" gen tiny -o "$dir/gen" >"$dir/out" 2>"$dir/err" && asic/synth -m rams -t bitlet_top -r "$libs/one.lib" -w "$dir/work" -o "$dir/out" "$dir/gen" 2>"$dir/err"
report $? 'macros for every memory of the core'
grep -q '"style": "halves"' "$dir/out" && grep -q '"style": "banks"' "$dir/out"
report $? 'in halves and in banks'
for file in "$dir"/gen/rtl/*.v; do
	case $file in */ram.v | */stream_fifo.v | *_checker.v) ;; *) cat "$file" ;; esac
done >"$dir/rest.v"
core() {
	"$bitlet" check tiny --layers "$@" --sim iverilog --netlist "$dir/rest.v" --netlist "$dir/work/rams.v" --netlist "$dir/work/models.v" >"$dir/out" 2>"$dir/err"
}
core 3 --json "$dir/layers.json" && grep -q '"runs":[[:space:]]*3' "$dir/layers.json"
report $? 'layers run on it as on the model, every port in every cycle'
core 1 --break rtl
[ $? -eq 1 ] && grep -q 'MISMATCH in Icarus' "$dir/out" && grep -q 'reproduce: .*--sim iverilog --netlist' "$dir/out"
report $? 'a wrong bit of the core is found'
sed -i 's/write & ~mine/write \& mine/' "$dir/work/rams.v"
core 3
[ $? -eq 1 ] && grep -q MISMATCH "$dir/out"
report $? 'a fault in the macros is found'
refuses 'faults in Icarus' '--faults runs in verilator only' "$bitlet" check tiny --layers 1 --faults --sim iverilog
refuses 'a netlist without its simulator' '--netlist goes with --sim iverilog' "$bitlet" check tiny --layers 1 --netlist "$dir/rest.v"

printf '1..%s\n' $count
