# Cadence Genus (common user interface): @{top} of @{name} at @{clock_mhz} MHz. Made by asic/scripts.
#
#   LIBRARY=slow.lib genus -batch -files genus.tcl
#
# Environment:
#   LIBRARY       Liberty files, separated by blanks (required)
#   GATE_CLOCK    0: no clock gating (default 1)
#   DRIVING_CELL  cell in front of each input; LOAD: capacitance behind each output, in the library's unit
#   VCD           waves of a simulation; VCD_INSTANCE: path of @{top} in it (default tb/dut)
# Results go to reports/ and results/ beside this file.
set here [file dirname [file normalize [info script]]]
set top @{top}
set rtl_files [list \
//@ for file in files
	$here/../gen/@{file} \
//@ end
	$here/../gen/@{top_file} \
]

proc setting {name fallback} {
	global env
	return [expr {[info exists env($name)] ? $env($name) : $fallback}]
}

foreach file $rtl_files {
	if {![file readable $file]} {
		puts stderr "genus.tcl: $file: cannot be read; run make asic-scripts again"
		exit 2
	}
}
if {[setting LIBRARY ""] eq ""} {
	puts stderr "genus.tcl: LIBRARY must name the Liberty files to map to"
	exit 2
}
file mkdir $here/reports $here/results
set_db hdl_error_on_blackbox true
set_db hdl_error_on_latch true
# modules stay, so that the areas can be told apart as in the paper's table 9
set_db auto_ungroup none
set_db lp_insert_clock_gating [expr {[setting GATE_CLOCK 1] ? "true" : "false"}]
set_db syn_generic_effort high
set_db syn_map_effort high
set_db syn_opt_effort high

read_libs [setting LIBRARY ""]
read_hdl -language v2001 $rtl_files
elaborate $top
check_design -unresolved > $here/reports/check.rpt
read_sdc $here/../sdc/generic.sdc
if {[setting DRIVING_CELL ""] ne ""} {
	set_driving_cell -lib_cell [setting DRIVING_CELL ""] [all_inputs -no_clocks]
}
if {[setting LOAD ""] ne ""} {
	set_load [setting LOAD ""] [all_outputs]
}
check_timing_intent > $here/reports/timing_check.rpt

syn_generic
syn_map
syn_opt

if {[setting VCD ""] ne ""} {
	read_stimulus -file [setting VCD ""] -format vcd -dut_instance [setting VCD_INSTANCE tb/dut] -allow_n_nets
	compute_power -mode average
}
report_area > $here/reports/area.rpt
report_timing -max_paths 20 > $here/reports/timing.rpt
report_power -by_hierarchy -levels all -unit mW > $here/reports/power.rpt
report_clock_gating > $here/reports/clock_gating.rpt
report_gates > $here/reports/gates.rpt
report_qor > $here/reports/qor.rpt
write_hdl > $here/results/$top.v
write_sdc > $here/results/$top.sdc
write_sdf > $here/results/$top.sdf
exit
