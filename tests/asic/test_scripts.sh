#!/bin/sh
# asic/scripts: its messages; Tcl run against stand-ins of Design Compiler's and Genus's commands, with planted errors; SDC read by OpenSTA on a mapped
# netlist; make reads config.mk, a JSON parser OpenLane's files. TAP.
. tests/tap_status.sh
export BITLET_BUILD="$dir/build" BITLET="${BITLET:-${BITLET_BUILD:-build}/bitlet}"
scripts=asic/scripts
osu=/usr/share/qflow/tech/osu018/osu018_stdcells.lib

# tcl STATUS NAME TEXT TOOL SCRIPT: the script ends with the status, and its output holds the text
tcl() {
	tclsh tests/asic/stub.tcl "$4" "$5" "$dir/ports" >"$dir/out" 2>"$dir/err"
	[ $? -eq "$1" ] && cat "$dir/out" "$dir/err" | grep -qF -- "$3"
	report $? "$2"
}

# planted NAME MESSAGE TOOL SED: the script with a planted error ends with the message
planted() {
	sed "$4" "$flow/$3/$3.tcl" >"$flow/$3/planted.tcl"
	if cmp -s "$flow/$3/$3.tcl" "$flow/$3/planted.tcl"; then
		echo "nothing was planted" >"$dir/err"
		report 1 "planted in $3: $1"
	else
		tcl 3 "planted in $3: $1" "stub: $2" "$3" "$flow/$3/planted.tcl"
	fi
	rm "$flow/$3/planted.tcl"
}

# holds NAME FILE PATTERN: a line of the file matches
holds() {
	grep -qE -- "$3" "$2" 2>"$dir/err"
	report $? "$1"
}

printf 'name: pair\nn: 2\npes: 1\nprecisions: [int4]\n' >"$dir/pair.yaml"
refuses 'no configuration' 'usage:' $scripts
refuses 'unknown option' 'usage:' $scripts -x tiny
refuses 'unknown configuration' 'nowhere' $scripts nowhere.yaml
refuses 'a clock that is no number' '-f fast: expected a clock' $scripts -f fast "$dir/pair.yaml"
refuses 'a clock of 0 MHz' '-f 0: expected a clock' $scripts -f 0 "$dir/pair.yaml"
refuses 'a clock for sky130hd that is no number' '-s 1.5: expected a clock' $scripts -s 1.5 "$dir/pair.yaml"
refuses 'unknown module' 'no module bitlet; it has:' $scripts -t bitlet "$dir/pair.yaml"
refuses 'unknown clock port' 'bitlet_pe has no input clock; it has: clk rst' $scripts -k clock "$dir/pair.yaml"
refuses 'unknown reset port' 'bitlet_pe has no input reset; it has: clk rst' $scripts -r reset "$dir/pair.yaml"
refuses 'no program' 'none is missing; make it first' env BITLET="$dir/none" $scripts "$dir/pair.yaml"

flow=$dir/build/pair/asic
$scripts -f 200 -s 100 "$dir/pair.yaml" >"$dir/out" 2>"$dir/err"
report $? 'scripts are written'
(cd "$flow" && find dc genus orfs openlane1 openlane2 sdc -type f | sort | tr '\n' ' ') >"$dir/out"
[ "$(cat "$dir/out")" = 'dc/dc.tcl genus/genus.tcl openlane1/config.json openlane2/config.json orfs/nangate45/config.mk orfs/sky130hd/config.mk sdc/generic.sdc sdc/nangate45.sdc sdc/osu018.sdc sdc/sky130hd.sdc ' ]
report $? 'all of them, and nothing else'
cp -R "$flow" "$dir/first"
$scripts -f 200 -s 100 "$dir/pair.yaml" >"$dir/out" 2>"$dir/err" && diff -r "$dir/first" "$flow" >>"$dir/out"
report $? 'the same again'
holds 'the clock of generic' "$flow/sdc/generic.sdc" '^set clk_period 5.000$'
holds 'the clock of sky130hd' "$flow/sdc/sky130hd.sdc" '^set clk_period 10.000$'
! grep -q '@{\|//@' "$flow"/*/*.tcl "$flow"/sdc/* "$flow"/orfs/*/* "$flow"/openlane?/* >"$dir/out"
report $? 'no directive is left'

# the file list: yosys finds every module that the top needs, and no file is there for nothing
sed -n 's/^\t$here\/..\/gen\/\([^ ]*\) \\$/\1/p' "$flow/dc/dc.tcl" >"$dir/files"
(cd "$flow/gen" && yosys -q -p "read_verilog $(tr '\n' ' ' <"$dir/files"); hierarchy -check -top bitlet_pe; synth -flatten -top bitlet_pe" \
	-p "dfflibmap -liberty $osu; abc -liberty $osu; setundef -zero; splitnets; opt_clean -purge; insbuf -buf BUFX2 A Y" \
	-p "write_verilog -noattr -noexpr $dir/mapped.v") >"$dir/out" 2>"$dir/err"
report $? 'yosys needs no file beside those of the list'
[ "$(grep -c . "$dir/files")" -lt "$(grep -c . "$flow/gen/filelist.f")" ] && ! grep -q axi "$dir/files"
report $? 'files of other modules are left out'

# Design Compiler and Genus
awk '$1 == "input" || $1 == "output" { sub(/[ \t,]*$/, ""); print $NF }' "$flow/gen/rtl/bitlet_pe.v" >"$dir/ports"
: >"$dir/slow.db"
tcl 2 'Design Compiler: no library' 'TARGET_LIBRARY must name' dc "$flow/dc/dc.tcl"
tcl 2 'Genus: no library' 'LIBRARY must name' genus "$flow/genus/genus.tcl"
export TARGET_LIBRARY="$dir/slow.db" LIBRARY="$dir/slow.db"
tcl 0 'Design Compiler: the script runs' 'compile_ultra' dc "$flow/dc/dc.tcl"
[ "$(grep -c '^compile_ultra' "$dir/out")" = 2 ] && [ "$(grep -c '^report_area' "$dir/out")" = 2 ]
report $? 'Design Compiler: mapped and reported twice, plain and gated'
tcl 0 'Genus: the script runs' 'write_hdl' genus "$flow/genus/genus.tcl"
: >"$dir/waves"
SAIF=$dir/waves DRIVING_CELL=BUFX2 LOAD=0.02 tcl 0 'Design Compiler: with activity, driving cell and load' 'read_saif' dc "$flow/dc/dc.tcl"
VCD=$dir/waves DRIVING_CELL=BUFX2 LOAD=0.02 tcl 0 'Genus: with activity, driving cell and load' 'read_stimulus' genus "$flow/genus/genus.tcl"
SAIF=$dir/nothing tcl 3 'Design Compiler: missing activity' "read_saif: no file $dir/nothing" dc "$flow/dc/dc.tcl"
GATE_CLOCK=0 tcl 0 'Genus: clock gating can be left out' 'lp_insert_clock_gating false' genus "$flow/genus/genus.tcl"

planted 'an unknown command' 'unknown command report_areas' dc 's/report_area/report_areas/'
planted 'an unknown option' 'compile_ultra: unknown option -gate_clocks' dc 's/{-gate_clock}/{-gate_clocks}/'
planted 'an option without its value' 'report_timing: -max_paths needs a value' dc 's/-delay_type max -max_paths 20 -nosplit/-delay_type max -max_paths/'
planted 'a step out of order' 'compile_ultra: before read_sdc' dc '/read_sdc/d'
planted 'a missing constraint file' 'read_sdc: no file' dc 's/generic\.sdc/none.sdc/'
planted 'an unwritable report' 'redirect: no directory' dc 's/reports\/\$variant.qor/nowhere\/$variant.qor/'
DRIVING_CELL=BUFX2 planted 'an unknown port' 'get_ports: no port clock' dc 's/get_ports clk/get_ports clock/'
planted 'an unknown command' 'unknown command syn_optimise' genus 's/^syn_opt$/syn_optimise/'
planted 'an unknown attribute' 'set_db: unknown attribute auto_ungroups' genus 's/auto_ungroup /auto_ungroups /'
planted 'an unknown option' 'report_power: unknown option -hierarchy' genus 's/-by_hierarchy/-hierarchy/'
planted 'a step out of order' 'syn_map: before syn_generic' genus '/^syn_generic$/d'
mv "$flow/gen/rtl/decoder.v" "$dir/decoder.v"
tcl 2 'Design Compiler: a missing source file' 'decoder.v: cannot be read' dc "$flow/dc/dc.tcl"
tcl 2 'Genus: a missing source file' 'decoder.v: cannot be read' genus "$flow/genus/genus.tcl"
mv "$dir/decoder.v" "$flow/gen/rtl/decoder.v"
cp "$flow/sdc/generic.sdc" "$dir/generic.sdc"
sed 's/ out_ready/ out_redy/' "$dir/generic.sdc" >"$flow/sdc/generic.sdc"
tcl 3 'Design Compiler: constraints that name an unknown port' 'get_ports: no port out_redy' dc "$flow/dc/dc.tcl"
cp "$dir/generic.sdc" "$flow/sdc/generic.sdc"

# OpenSTA reads the constraints on the mapped netlist: reset and data inputs are timed, and nothing is unconstrained but flags, which are constants here.
# sta_reads SDC: without a warning or an error
sta_reads() {
	printf 'read_liberty %s\nread_verilog %s\nlink_design bitlet_pe\nread_sdc %s\nputs "== setup"\ncheck_setup -verbose\nputs "== paths"\n' \
		$osu "$dir/mapped.v" "$1" >"$dir/sta.tcl"
	for port in rst act wgt out_ready; do
		echo "report_checks -format summary -from [get_ports $port]"
	done >>"$dir/sta.tcl"
	echo 'report_checks -format summary -to [get_ports out_valid]' >>"$dir/sta.tcl"
	sta -exit -no_splash "$dir/sta.tcl" >"$dir/out" 2>"$dir/err"
	[ $? -eq 0 ] && [ ! -s "$dir/err" ] && awk '
		/^== / { part = $2; next }
		part == "setup" && !/^Warning: There are 4 unconstrained endpoints\.$/ && !/^  out_flags\[[0-3]\]$/ { bad = 1 }
		part != "setup" && /[Ee]rror|[Ww]arning/ { bad = 1 }
		part == "paths" && $NF ~ /^-?[0-9]+\.[0-9]+$/ { start = $1; sub(/\[.*/, "", start); from[start] = 1; to[$(NF-2)] = 1 }
		END { exit bad || !("rst" in from && "act" in from && "wgt" in from && "out_ready" in from && "out_valid" in to) }' "$dir/out"
}
for sdc in generic osu018; do
	sta_reads "$flow/sdc/$sdc.sdc"
	report $? "OpenSTA reads $sdc.sdc"
done
for fault in 's/rst act_valid/act_valid/' 's/BUFX2/BUFX3/' 's/get_ports clk/get_ports clock/' 's/set_load/set_loads/' '/^set_output_delay/d'; do
	sed "$fault" "$flow/sdc/osu018.sdc" >"$dir/planted.sdc"
	! cmp -s "$flow/sdc/osu018.sdc" "$dir/planted.sdc" && ! sta_reads "$dir/planted.sdc"
	report $? "OpenSTA with a planted error: $fault"
done

# OpenROAD-flow-scripts: make reads the file and every file in it exists
for platform in nangate45 sky130hd; do
	printf 'include %s\nshow:\n\t@echo $(PLATFORM) $(DESIGN_NAME) $(DESIGN_NICKNAME)\n\t@ls $(VERILOG_FILES) $(SDC_FILE)\n' \
		"$flow/orfs/$platform/config.mk" >"$dir/makefile"
	env -u MAKEFLAGS -u MAKELEVEL make -s -f "$dir/makefile" show >"$dir/out" 2>"$dir/err" && grep -qx "$platform bitlet_pe pair_bitlet_pe" "$dir/out" &&
		[ "$(grep -c '\.v$' "$dir/out")" = "$(grep -c . "$dir/files")" ]
	report $? "make reads config.mk for $platform"
done

# OpenLane: JSON that parses, files that exist
# Objects, arrays, strings without escapes, and numbers; anything else, or anything behind the end, is refused.
json() {
	tr -d '\n' <"$1" | sed 's/"[^"\\]*"/s/g; s/[0-9][0-9]*\(\.[0-9][0-9]*\)*/s/g; s/[[:space:]]//g' | awk '{
		do {
			before = $0
			gsub(/\[s(,s)*\]/, "s")
			gsub(/\{s:s(,s:s)*\}/, "s")
		} while ($0 != before)
		exit $0 != "s"
	}'
}
for version in 1 2; do
	config=$flow/openlane$version/config.json
	: >"$dir/out"
	json "$config"
	report $? "config.json for OpenLane $version parses"
	sed 's/^    "dir::\(.*\)rtl\/delay.v",/    "dir::\1rtl\/delay.v"/' "$config" >"$dir/planted.json"
	! json "$dir/planted.json"
	report $? "a missing comma in config.json for OpenLane $version does not"
	sed -n 's/.*"dir::\([^"]*\)".*/\1/p' "$config" >"$dir/named"
	(cd "$flow/openlane$version" && ls $(cat "$dir/named")) >"$dir/out" 2>"$dir/err" &&
		[ "$(grep -c '\.v$' "$dir/named")" = "$(grep -c . "$dir/files")" ]
	report $? "files in config.json for OpenLane $version exist"
done

# another top, another clock: the array and its reset
$scripts -t bitlet_array -f 333 tiny >"$dir/out" 2>"$dir/err" && grep -q 'set clk_period 3.003$' "$dir/build/tiny/asic/sdc/generic.sdc" &&
	grep -q '"DESIGN_NAME": "bitlet_array"' "$dir/build/tiny/asic/openlane2/config.json"
report $? 'another top and clock'
printf '1..%s\n' $count
