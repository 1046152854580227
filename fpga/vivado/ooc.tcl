# Out-of-context synthesis and implementation of bitlet_top alone, in memory, without a project:
#   vivado -mode batch -source ooc.tcl -tclargs [PART] [MHZ] [OUT]
# PART: any part that the installation has (default: the board's in settings.tcl); MHZ: clock (default 200); OUT: folder for
# reports and checkpoint (default ooc). Exit status: 0 the clock is met, 1 not, 2 wrong arguments.
set here [file dirname [file normalize [info script]]]
source [file join $here settings.tcl]
source [file join $here reports.tcl]

proc argument {i default} {
	global argv
	return [expr {[llength $argv] > $i ? [lindex $argv $i] : $default}]
}
set ooc_part [argument 0 $part]
set mhz [argument 1 200]
set out [file normalize [argument 2 ooc]]
if {[llength $argv] > 3 || ![string is double -strict $mhz] || $mhz <= 0} {
	puts "ERROR: bitlet: expected -tclargs \[PART\] \[MHZ\] \[OUT\], MHZ a number above 0"
	exit 2
}
if {[llength [get_parts -quiet $ooc_part]] == 0} {
	puts "ERROR: bitlet: part $ooc_part is not installed; get_parts lists those that are"
	exit 2
}
file mkdir $out

# A fifth of the period is the system's on either side of the core. On 7 series the clock is said to come from a global buffer.
set constraints [open [file join $out ooc.xdc] w]
puts $constraints "create_clock -name clk -period [format %.3f [expr {1000.0 / $mhz}]] \[get_ports clk\]"
puts $constraints "set_input_delay -clock clk [format %.3f [expr {200.0 / $mhz}]] \[get_ports -filter {DIRECTION == IN && NAME != clk}\]"
puts $constraints "set_output_delay -clock clk [format %.3f [expr {200.0 / $mhz}]] \[get_ports -filter {DIRECTION == OUT}\]"
if {[string match xc7* $ooc_part]} {
	puts $constraints "set_property HD.CLK_SRC BUFGCTRL_X0Y0 \[get_ports clk\]"
}
close $constraints

set list [open [file join $here ip filelist.f]]
foreach name [split [string trim [read $list]] \n] {
	read_verilog [file join $here ip $name]
}
close $list
read_xdc -mode out_of_context [file join $out ooc.xdc]
synth_design -top bitlet_top -part $ooc_part -mode out_of_context -flatten_hierarchy rebuilt
write_checkpoint -force [file join $out synthesised.dcp]
opt_design
place_design
phys_opt_design
route_design
write_checkpoint -force [file join $out routed.dcp]
end_with_verdict [write_reports [file join $out reports]] $mhz
