# Synopsys Design Compiler: @{top} of @{name} at @{clock_mhz} MHz, with and without clock gating. Made by asic/scripts.
#
#   TARGET_LIBRARY=slow.db dc_shell -f dc.tcl
#
# Environment:
#   TARGET_LIBRARY  .db files to map to, separated by blanks (required)
#   LINK_LIBRARY    more .db files, for instance of memories
#   DRIVING_CELL    cell in front of each input; LOAD: capacitance behind each output, in the library's unit
#   SAIF            switching activity of a simulation; SAIF_INSTANCE: path of @{top} in it (default tb/dut)
# Results go to reports/ and results/ beside this file, plain and gated in their names.
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
		puts stderr "dc.tcl: $file: cannot be read; run make asic-scripts again"
		exit 2
	}
}
if {[setting TARGET_LIBRARY ""] eq ""} {
	puts stderr "dc.tcl: TARGET_LIBRARY must name the .db files to map to"
	exit 2
}
file mkdir $here/reports $here/results $here/work
define_design_lib WORK -path $here/work
set_app_var target_library [setting TARGET_LIBRARY ""]
set_app_var link_library [concat * $target_library [setting LINK_LIBRARY ""] dw_foundation.sldb]
set_app_var synthetic_library dw_foundation.sldb

if {![analyze -format verilog -library WORK $rtl_files]} {
	puts stderr "dc.tcl: analyze failed"
	exit 1
}

# One mapping: VARIANT names its files, OPTIONS are those of compile_ultra.
proc map_design {variant options} {
	global here top
	remove_design -all
	if {![elaborate $top -library WORK]} {
		puts stderr "dc.tcl: elaborate $top failed"
		exit 1
	}
	current_design $top
	if {![link]} {
		puts stderr "dc.tcl: link failed"
		exit 1
	}
	uniquify
	redirect $here/reports/$variant.check.rpt { check_design }
	read_sdc $here/../sdc/generic.sdc
	if {[setting DRIVING_CELL ""] ne ""} {
		set_driving_cell -lib_cell [setting DRIVING_CELL ""] [remove_from_collection [all_inputs] [get_ports @{clock_port}]]
	}
	if {[setting LOAD ""] ne ""} {
		set_load [setting LOAD ""] [all_outputs]
	}
	if {[setting SAIF ""] ne ""} {
		saif_map -start
		read_saif -input [setting SAIF ""] -instance_name [setting SAIF_INSTANCE tb/dut] -auto_map_names
	}
	# modules stay, so that the areas can be told apart as in the paper's table 9
	eval compile_ultra -no_autoungroup $options
	change_names -rules verilog -hierarchy
	redirect $here/reports/$variant.timing_check.rpt { check_timing }
	redirect $here/reports/$variant.area.rpt { report_area -hierarchy -nosplit }
	redirect $here/reports/$variant.timing.rpt { report_timing -delay_type max -max_paths 20 -nosplit }
	redirect $here/reports/$variant.violations.rpt { report_constraint -all_violators -nosplit }
	redirect $here/reports/$variant.power.rpt { report_power -hierarchy -nosplit }
	redirect $here/reports/$variant.clock_gating.rpt { report_clock_gating }
	redirect $here/reports/$variant.qor.rpt { report_qor }
	write_file -format verilog -hierarchy -output $here/results/$variant.v
	write_file -format ddc -hierarchy -output $here/results/$variant.ddc
	write_sdc $here/results/$variant.sdc
	write_sdf $here/results/$variant.sdf
}

map_design plain {}
map_design gated {-gate_clock}
exit
