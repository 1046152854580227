#!/bin/sh
# bitlet report: Vivado's reports of three versions, and what is wrong with others. TAP.
. tests/tap_status.sh
bitlet=${BITLET:-build/bitlet}
reports=tests/fpga/reports
# run STATUS ARGUMENT...: true when the exit status is as told
run() {
	want=$1
	shift
	"$bitlet" report "$@" >"$dir/out" 2>"$dir/err"
	[ $? -eq "$want" ]
}

# message NAME MESSAGE ARGUMENT...: exit 2, that message after "bitlet report: " and nothing else, nothing on standard output
message() {
	name=$1 text=$2
	shift 2
	run 2 "$@" && [ "$(cat "$dir/err")" = "bitlet report: $text" ] && [ ! -s "$dir/out" ]
	report $? "$name"
}

says() { # NAME LINE: a line of the table, blanks as they come
	tr -s ' ' <"$dir/out" | grep -qxF -- "$2"
	report $? "$1: $2"
}

json() { # NAME TEXT: the JSON without blanks holds it
	tr -d ' \t\n' <"$dir/json" | grep -qF -- "$2"
	report $? "$1: $2"
}

run 0 $reports/v2018 --json "$dir/json" && [ ! -s "$dir/err" ]
report $? '2018.3: good'
says 2018.3 'bitlet_top on xc7vx690tffg1761-2, Routed; reported by Vivado v.2018.3'
says 2018.3 'LUT 41895 433200 9.67'
says 2018.3 ' of these memory 2103 174200 1.21'
says 2018.3 'flip-flops 41588 866400 4.80'
says 2018.3 'MUXF7, MUXF8 37 324900 0.01'
says 2018.3 'CARRY4 1717'
says 2018.3 'block RAM (36 kbit) 100.5 1470 6.84'
says 2018.3 'DSP 8 3600 0.22'
says 2018.3 ' pe[1].u_pe 19000 19500 0 0 bitlet_pe_0'
says 2018.3 ' u_act_read 883 488 0.5 0 axi_read'
! grep -q '(bitlet_top)' "$dir/out"
report $? '2018.3: rows for the rest of an instance are no instances'
says 2018.3 'timing: met; set-up slack 0.221 ns (0 of 93621 endpoints fail), hold slack 0.018 ns (0 fail)'
says 2018.3 ' clock clk 5.000 ns 200.000 MHz slack 0.221 ns, would run at 209.2 MHz'
says 2018.3 ' longest path from u_array/pe[0].u_pe/tree/sum_q_reg[3]/C to u_array/pe[0].u_pe/accumulator/total_q_reg[31]/D'
says 2018.3 'power: 2.736 W = 2.385 W dynamic + 0.351 W static; confidence Low'
json 'JSON 2018.3' '"source":"reported","tool":"Vivadov.2018.3","design":"bitlet_top","part":"xc7vx690tffg1761-2","state":"Routed","lut":41895,"lut_memory":2103,"ff":41588,"muxf":37,"carry4":1717,"bram":100.5,"dsp":8,"available":{"lut":433200,'
json 'JSON 2018.3' '{"instance":"u_array","name":"bitlet_array","depth":1,"lut":38000,"ff":39000,"bram":0,"dsp":0}'
json 'JSON 2018.3' '"timing":{"met":true,"wns_ns":0.221,"tns_ns":0,"whs_ns":0.018,"ths_ns":0,"setup_failing":0,"setup_endpoints":93621,"hold_failing":0,"clocks":[{"name":"clk","period_ns":5,"wns_ns":0.221,"fmax_mhz":209.2'
json 'JSON 2018.3' '"power":{"total_w":2.736,"dynamic_w":2.385,"static_w":0.351,"confidence":"Low"},"power_mw":2736}'

run 1 $reports/v2021 --json "$dir/json" && [ ! -s "$dir/err" ]
report $? '2021.2: a clock that is not met is exit status 1'
says 2021.2 'system_wrapper on xc7a100tcsg324-1, Routed; reported by Vivado v.2021.2'
says '2021.2, column Prohibited' 'LUT 21175 63400 33.40'
says 2021.2 'timing: NOT MET; set-up slack -0.333 ns (57 of 50973 endpoints fail), hold slack 0.082 ns (0 fail)'
says '2021.2, clock without paths' ' clock sys_clock 10.000 ns 100.000 MHz'
says 2021.2 ' clock clk_pll_i 12.000 ns 83.333 MHz slack 2.010 ns, would run at 100.1 MHz'
says 2021.2 ' clock clk_out1_system_core_clock_0 5.000 ns 200.000 MHz slack -0.333 ns, would run at 187.5 MHz (worst)'
says '2021.2, the worst of two groups of paths' ' longest path from system_i/bitlet/inst/u_array/pe[0].u_pe/tree/sum_q_reg[3]/C to system_i/bitlet/inst/u_array/pe[0].u_pe/accumulator/total_q_reg[31]/D'
json 'JSON 2021.2' '"clocks":[{"name":"sys_clock","period_ns":10},{'

run 0 $reports/v2023
report $? '2023.1: good'
says '2023.1, column DSP Blocks' ' u_wgt_buffer 3 56 2.5 0 wgt_buffer'

run 0 --vivado $reports/v2018/power.rpt
report $? 'the mode by its name, one file'
sed 's/$/\r/' $reports/v2018/utilization.rpt >"$dir/crlf.rpt"
run 0 "$dir/crlf.rpt"
says 'lines ended as on Windows' 'LUT 41895 433200 9.67'

# what is no report, or none of these
message 'missing file' "$dir/none.rpt: No such file or directory" "$dir/none.rpt"
mkdir "$dir/empty"
message 'folder without reports' "$dir/empty: no *.rpt in it" "$dir/empty"
: >"$dir/void.rpt"
message 'empty file' "$dir/void.rpt: empty; expected a report" "$dir/void.rpt"
echo 'a shopping list' >"$dir/list.rpt"
message 'no report' "$dir/list.rpt:1: not a report of Vivado; expected a line \"| Tool Version : Vivado ...\" at its head" "$dir/list.rpt"
printf 'two\nlines\0\n' >"$dir/nul.rpt"
message 'no text' "$dir/nul.rpt:2: holds bytes that are no text; expected a report" "$dir/nul.rpt"
sed 's/^| Tool Version : .*/| Tool Version : Quartus Prime 20.1/' $reports/v2018/utilization.rpt >"$dir/quartus.rpt"
message 'another tool' "$dir/quartus.rpt:3: not a report of Vivado; expected a line \"| Tool Version : Vivado ...\" at its head" "$dir/quartus.rpt"
sed 's/^Utilization Design Information/Clock Utilization/' $reports/v2018/utilization.rpt >"$dir/clock.rpt"
message 'another report of Vivado' "$dir/clock.rpt:1: none of the reports that bitlet reads; expected that of report_utilization, report_timing_summary or report_power" "$dir/clock.rpt"
grep -v '^| Design  ' $reports/v2018/utilization.rpt >"$dir/nameless.rpt"
message 'head without design' "$dir/nameless.rpt:1: its head names no design; expected a line \"| Design : ...\"" "$dir/nameless.rpt"
grep -v '^| Device  ' $reports/v2018/utilization.rpt >"$dir/partless.rpt"
message 'head without device' "$dir/partless.rpt:1: its head names no device; expected a line \"| Device : ...\"" "$dir/partless.rpt"
message 'two designs' "$reports/v2021/power.rpt:7: design system_wrapper; expected bitlet_top as in the reports before" \
	$reports/v2018/utilization.rpt $reports/v2021/power.rpt
message 'two devices' "$reports/v2023/utilization_hierarchical.rpt:8: device xc7z020clg484-1; expected xc7vx690tffg1761-2 as in the reports before" \
	$reports/v2018/utilization.rpt $reports/v2023/utilization_hierarchical.rpt
for kind in utilization:report_utilization utilization_hierarchical:'report_utilization -hierarchical' timing_summary:report_timing_summary power:report_power; do
	file=$reports/v2018/${kind%%:*}.rpt
	message "twice ${kind#*:}" "$file:1: a second ${kind#*:}; expected one" "$file" "$file"
done
run 2 2>/dev/null
[ "$(cat "$dir/err")" = "bitlet report: no report is given; try 'bitlet report --help'" ]
report $? 'no report given'
run 2 --nosuch $reports/v2018 && grep -q "unrecognized option '--nosuch'" "$dir/err"
report $? 'unknown option'
run 2 $reports/v2018 --json "$dir/none/x.json" && grep -qF "bitlet report: $dir/none/x.json: No such file or directory" "$dir/err"
report $? 'JSON that cannot be written'

# damage VERSION/FILE NAME MESSAGE SED-COMMAND: the message without the path
damage() {
	sed "$4" "$reports/$1" >"$dir/damaged.rpt"
	! cmp -s "$reports/$1" "$dir/damaged.rpt" || echo "# the damage changes nothing"
	message "$2" "$dir/damaged.rpt:$3" "$dir/damaged.rpt"
}
lut=$(grep -n '^| Slice LUTs' $reports/v2018/utilization.rpt | cut -d : -f 1)
damage v2018/utilization.rpt 'a number that is none' "$lut: '4l895' is no number; expected that of \"Slice LUTs\"" 's/| 41895 /| 4l895 /'
damage v2018/utilization.rpt 'a cell too few' "$lut: damaged table; expected 5 cells between |, found 4" 's/^| Slice LUTs  *| 41895 |/| Slice LUTs 41895 |/'
damage v2018/utilization.rpt 'no names of columns' "$((lut - 2)): damaged table; expected | between two names" "$((lut - 2))s/|/ /g"
damage v2018/utilization.rpt 'cut in a table' "$((lut + 1)): table cut short; expected its lower border" "$((lut + 1))q"
damage v2018/utilization.rpt 'a row missing' "$(grep -n '^4. DSP' $reports/v2018/utilization.rpt | tail -1 | cut -d : -f 1): no row \"DSPs\"; expected one in the table of section \"DSP\"" 's/^| DSPs  /| DSQs  /'
end=$(wc -l <$reports/v2018/utilization.rpt)
damage v2018/utilization.rpt 'a section missing' "$end: no row \"Block RAM Tile\"; expected one in the table of section \"Memory\"" 's/^3. Memory/3. Memories/'
damage v2018/utilization.rpt 'no column Used' "$((lut - 2)): damaged table; expected a column \"Used\"" 's/|  Used | Fixed/|  Usage| Fixed/'
damage v2018/utilization_hierarchical.rpt 'hierarchy: column missing' '22: damaged table; expected columns Instance, Module, Total LUTs, FFs, RAMB36, RAMB18 and DSP Blocks' 's/ RAMB18 / RAMB19 /'
damage v2018/utilization_hierarchical.rpt 'hierarchy: cut' '26: table cut short; expected its lower border' 26q
damage v2018/utilization_hierarchical.rpt 'hierarchy: empty' '24: no instance in the hierarchy; expected the top at least' '24,31d'
damage v2018/utilization_hierarchical.rpt 'hierarchy: no number' "26: '0x1' is no number; expected that of \"u_act_read\"" '26s/ 1 / 0x1 /'
timing=$reports/v2018/timing_summary.rpt
lines=$(wc -l <$timing)
summary=$(grep -n '^ *0.221 ' $timing | head -1 | cut -d : -f 1)
damage v2018/timing_summary.rpt 'timing: no summary' "$((lines - 1)): ends without \"Design Timing Summary\"; expected that section" '/^| Design Timing Summary/d'
damage v2018/timing_summary.rpt 'timing: a word for a number' "$summary: '0.x21' is no number; expected a slack or a count of endpoints" '0,/0.221/s/0.221/0.x21/'
damage v2018/timing_summary.rpt 'timing: numbers missing' "$summary: \"Design Timing Summary\" is damaged; expected 12 numbers, found 1" "${summary}s/0.221.*/0.221/"
damage v2018/timing_summary.rpt 'timing: cut before the numbers' "$((summary - 2)): \"Design Timing Summary\" is damaged; expected a table whose first column is WNS(ns)" "$((summary - 1))q"
damage v2018/timing_summary.rpt 'timing: no verdict' "$lines: ends without a verdict; expected \"All user specified timing constraints are met.\" or that they are not" 's/^All user .*/Good./'
damage v2018/timing_summary.rpt 'timing: no clocks' "$((lines - 1)): ends without \"Clock Summary\"; expected that section" '/^| Clock Summary/d'
damage v2018/timing_summary.rpt 'timing: a clock without waveform' "$(grep -n '^clk .*200.000' $timing | cut -d : -f 1): \"Clock Summary\" is damaged; expected name, waveform, period, frequency" 's/^clk    {0.000 2.500}/clk/'
damage v2018/timing_summary.rpt 'timing: nothing timed' "$summary: no path was timed; expected a design with a clock" "${summary}s/93621/    0/"
damage v2018/timing_summary.rpt 'timing: a path without slack' "$(grep -n '^Slack (MET)' $timing | head -1 | cut -d : -f 1): a path without slack; expected \"Slack (MET) : 0.123ns\"" '0,/^Slack (MET) :.*/s/^Slack (MET) :.*/Slack (MET) : lost/'
dynamic=$(grep -n '^| Dynamic' $reports/v2018/power.rpt | cut -d : -f 1)
damage v2018/power.rpt 'power: rows missing' "$((dynamic + 8)): the summary is damaged; expected total, dynamic and static power and the confidence level" "${dynamic}d"
damage v2018/power.rpt 'power: no number' "$dynamic: '2.x' is no number; expected that of \"Dynamic (W)\"" "${dynamic}s/2.385/2.x  /"
damage v2018/power.rpt 'power: cut before the table' "$((dynamic - 5)): ends too early; expected a table" "$((dynamic - 5))q"
damage v2018/power.rpt 'power: cut in the table' "$dynamic: table cut short; expected its lower border" "${dynamic}q"

# every report cut after every one of its lines: a message or a table, never anything else
bad=0
for file in utilization utilization_hierarchical timing_summary power; do
	source=$reports/v2018/$file.rpt
	n=$(wc -l <"$source")
	for i in $(seq 1 3 "$n"); do
		head -n "$i" "$source" >"$dir/cut.rpt"
		"$bitlet" report "$dir/cut.rpt" >"$dir/out" 2>"$dir/err"
		status=$?
		[ $status -eq 0 ] && [ ! -s "$dir/err" ] && continue
		[ $status -eq 2 ] && [ "$(wc -l <"$dir/err")" -eq 1 ] && grep -q "^bitlet report: $dir/cut.rpt:[0-9]*: " "$dir/err" && continue
		bad=$((bad + 1))
		echo "# $source cut after line $i: status $status"
	done
done
[ $bad -eq 0 ]
report $? 'cut anywhere: one message with file and line, or a table'
printf '1..%s\n' $count
