# A complete project for the board in settings.tcl: block design, synthesis, implementation, reports, bitstream.
#   vivado -mode batch -source project.tcl [-tclargs design]
# With `design` it ends when the block design has been made and checked. Exit status: 0 the clocks are met, 1 not, 2 something is missing.
set here [file dirname [file normalize [info script]]]
source [file join $here settings.tcl]
source [file join $here board.tcl]
source [file join $here design.tcl]
source [file join $here reports.tcl]
set design_only [expr {[llength $argv] > 0 && [lindex $argv 0] eq "design"}]
if {[llength $argv] > 1 || ([llength $argv] == 1 && !$design_only)} {
	puts "ERROR: bitlet: expected -tclargs design, or nothing"
	exit 2
}

# The newest installed version of the board's files; they hold the pins of the memories.
set board_parts [lsort -dictionary [get_board_parts -quiet $board_part]]
if {[llength $board_parts] == 0} {
	puts "ERROR: bitlet: no board files for $board_part; install them as the README says"
	exit 2
}

create_project -force bitlet_$board [file join $here vivado] -part $part
set_property board_part [lindex $board_parts end] [current_project]
set_property target_language Verilog [current_project]
set_property ip_repo_paths [file join $here ip] [current_project]
update_ip_catalog -rebuild
if {$host eq "xdma"} {
	add_files -norecurse [file join $here irq_crossing.v]
	update_compile_order -fileset sources_1
}

make_design
make_wrapper -files [get_files system.bd] -top -import
set_property top system_wrapper [current_fileset]
add_files -fileset constrs_1 -norecurse [file join $here board.xdc]
if {$host eq "xdma"} {
	add_files -fileset constrs_1 -norecurse [file join $here pcie.xdc]
	set_property used_in_synthesis false [get_files pcie.xdc]
}
update_compile_order -fileset sources_1
if {$design_only} {
	puts "INFO: bitlet: the design is made"
	exit 0
}

set_property STEPS.PHYS_OPT_DESIGN.IS_ENABLED true [get_runs impl_1]
launch_runs synth_1 -jobs 4
wait_on_run synth_1
if {[get_property PROGRESS [get_runs synth_1]] ne "100%"} {
	puts "ERROR: bitlet: synthesis failed; see vivado/bitlet_$board.runs/synth_1/runme.log"
	exit 2
}
launch_runs impl_1 -to_step write_bitstream -jobs 4
wait_on_run impl_1
if {[get_property PROGRESS [get_runs impl_1]] ne "100%"} {
	puts "ERROR: bitlet: implementation failed; see vivado/bitlet_$board.runs/impl_1/runme.log"
	exit 2
}
open_run impl_1
end_with_verdict [write_reports [file join $here reports]] $core_mhz
