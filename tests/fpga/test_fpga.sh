#!/bin/sh
# fpga/synth: its messages, cell counts that are known, and a tiny PE from configuration to simulated netlist. TAP.
. tests/tap_status.sh
synth=fpga/synth
BITLET=${BITLET:-${BITLET_BUILD:-build}/bitlet}
BITLET_BUILD=$dir/build
export BITLET BITLET_BUILD

# number KEY: its value in the summary, the first one
number() {
	sed -n "s/.*\"$1\": \([-0-9.]*\).*/\1/p" "$summary" | head -1
}

refuses 'unknown part' 'unknown part xc6slx9; fpga/parts has: xc7vx690t xc7vx485t xc7k325t xc7a200t xc7a100t xc7a35t xc7z020' $synth -p xc6slx9 tiny
refuses 'unknown top' 'expected bitlet_top, bitlet_array or bitlet_pe' $synth -t ram tiny
refuses 'bad number of groups' '-g many: expected a number of groups' $synth -g many tiny
refuses 'bad time' '-l 5m: expected a number of seconds' $synth -l 5m tiny
refuses 'no configuration' 'usage:' $synth
refuses 'unknown configuration' 'nothing.yaml' $synth nothing.yaml
printf 'n: 2\npes: 1\nprecisions: [int99]\n' >"$dir/bad.yaml"
refuses 'configuration at fault' 'int99' $synth "$dir/bad.yaml"
refuses 'missing program' 'make it first' env BITLET=/nowhere/bitlet $synth tiny

# every part: whole slices of four LUTs and eight flip-flops, the package of a board, a source
awk '!/^#/ { rows++; if (NF < 8 || $2 % 4 || $3 != 2 * $2 || index($6, $1) != 1 || !/; ./) { bad++; print } } END { exit bad || rows < 5 }' fpga/parts >"$dir/out" 2>"$dir/err"
report $? 'the parts'

# a PATH with everything but the tool
mkdir "$dir/bin"
for tool in sh dirname basename awk sed grep sort tr cat mktemp rm mkdir yosys; do
	ln -s "$(command -v $tool)" "$dir/bin/$tool"
done
refuses 'missing iverilog' 'iverilog is not installed; Debian' env PATH="$dir/bin" $synth tiny
rm "$dir/bin/yosys"
refuses 'missing yosys' 'yosys is not installed; Debian' env PATH="$dir/bin" $synth tiny

# counts: a module that stands twice, memory, and a cell of no known kind
cat >"$dir/stat" <<'END'

=== top ===

   Number of cells:                  5
     LUT6                            3
     CARRY4                          1
     leaf                            2

=== leaf ===

   Number of cells:                  7
     INV                             1
     FDRE                            2
     RAM32M                          1
     RAMB18E1                        3

=== design hierarchy ===

   top                               1
     leaf                            2

   Number of cells:                 18
     CARRY4                          1
     FDRE                            4
     INV                             2
     LUT6                            3
     RAM32M                          2
     RAMB18E1                        6
END
cells() {
	awk -f scripts/hierarchy.awk -f fpga/cells.awk -v top=top "$@" asic/categories "$dir/stat" >"$dir/out" 2>"$dir/err"
}
cells && [ "$(tr '\n' ' ' <"$dir/out")" = 'lut 13 lut_memory 8 ff 4 carry4 1 muxf7 0 muxf8 0 bram 3 dsp 0 ' ]
report $? 'cells of a module times its instances; an INV is a LUT, a RAM32M four, a RAMB18E1 half a block'
cells -v json=1 && grep -q '"name": "leaf", "category": "other", "instances": 2, "lut": 10, "lut_memory": 8, "ff": 4,' "$dir/out"
report $? 'the row of a module'
sed -i 's/FDRE                            4/FDRE                            5/' "$dir/stat"
cells
[ $? -eq 1 ] && grep -q 'ff by module 4, stated 5' "$dir/err"
report $? 'counts that do not add up'
sed -i 's/INV                             1/ODDR                            1/' "$dir/stat"
cells
[ $? -eq 1 ] && grep -q 'cell ODDR in leaf is of no kind' "$dir/err"
report $? 'a cell of no known kind'

# the line: 100 LUTs and 10 a PE, block RAM 1 a PE
printf 'lut 120\nff 0\nbram 2\n' >"$dir/two"
printf 'lut 140\nff 0\nbram 4\n' >"$dir/four"
line() {
	awk -f fpga/line.awk -v pes=2 -v second=4 -v most=64 "$@" "$dir/two" "$dir/four" >"$dir/out" 2>"$dir/err"
}
line -v capacity='400 800 100 0' && grep -qx largest=30 "$dir/out" && grep -qx limit=lut "$dir/out" && grep -qx largest_80=22 "$dir/out"
report $? 'the largest array, limited by LUTs'
line -v capacity='400 800 9 0' && grep -qx largest=9 "$dir/out" && grep -qx limit=bram "$dir/out"
report $? 'the largest array, limited by block RAM'
line -v capacity='9000 9000 900 0' && grep -qx largest=64 "$dir/out" && grep -qx limit=pes "$dir/out"
report $? 'the largest array, limited by the generator'
line -v capacity='90 9000 900 0' && grep -qx largest=0 "$dir/out"
report $? 'no array fits'

# all of it, with the smallest PE
printf 'name: least\nn: 2\npes: 1\nprecisions: [int2]\nmax_groups: 4\n' >"$dir/least.yaml"
$synth -t bitlet_array -l 1 -g 20 -p xc7a35tcpg236-1 "$dir/least.yaml" >"$dir/out" 2>"$dir/err"
report $? 'an array of one PE: synthesised, and simulated against the model'
summary=$dir/build/least/fpga/summary.json
holds 'LUTs' "$(number lut) > 40 && $(number lut) < 400"
holds 'flip-flops' "$(number ff) > 20 && $(number ff) < 300"
holds 'no more than the modules one by one' "$(number lut) <= $(sed -n 's/.*"by_module": {"lut": \([0-9]*\).*/\1/p' "$summary")"
grep -q '"device": "xc7a35t"' "$summary" && grep -q '"capacity_source": "Vivado, boxlambda' "$summary" && grep -q '"capacity": {"lut": 20800, "ff": 41600, "bram": 50, "dsp": 90}' "$summary"
report $? 'a part as Vivado names it'
# pes NUMBER: that many PEs are a configuration
pes() {
	sed "s/^pes: .*/pes: $1/" "$dir/least.yaml" >"$dir/most.yaml"
	"$BITLET" gen "$dir/most.yaml" -o "$dir/most" >"$dir/out" 2>"$dir/err"
}
most=$(number largest_pes)
grep -q '"largest_pes_limit": "pes"' "$summary" && pes "$most" && ! pes $((most + 1))
report $? "largest array: $most PEs, as many as the generator allows"
grep -q '"largest_check": "no result within 1 seconds"' "$summary"
report $? 'no time for the synthesis of the largest array'
grep -q '"post_synthesis": {"how": "simulated", .*"groups": [0-9]*, "agree": true, "precisions": \["int2"' "$summary"
report $? 'the netlist agrees with the model'
if command -v python3 >/dev/null 2>&1; then
	python3 -m json.tool <"$summary" >"$dir/out" 2>"$dir/err"
	report $? 'the summary is JSON'
fi
printf '1..%s\n' $count
