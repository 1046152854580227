# Timing of a mapped netlist; everything it needs stands in the environment (asic/synth sets it).
# Inputs arrive with the clock edge from a small buffer, outputs are due at the next edge.
set period 1000
foreach library $env(SYNTH_LIB) {
	read_liberty $library
}
read_verilog $env(SYNTH_NETLIST)
link_design $env(SYNTH_TOP)
set_cmd_units -time ns
set clocks [get_ports -quiet $env(SYNTH_CLOCK)]
if {[llength $clocks] > 0} {
	create_clock -name clk -period $period $clocks
} else {
	create_clock -name clk -period $period
}
foreach port [all_inputs] {
	if {[get_property $port full_name] ne $env(SYNTH_CLOCK)} {
		set_input_delay 0 -clock clk $port
		set_driving_cell -lib_cell $env(SYNTH_BUFFER) $port
	}
}
set_output_delay 0 -clock clk [all_outputs]
set_cmd_units -capacitance fF
set_load $env(SYNTH_LOAD_FF) [all_outputs]
puts "== paths"
report_checks -path_delay max -format summary -group_count 2000 -digits 5
puts "== registers"
# memory macros hold state as well, but are no registers to sta
set macros {}
if {[llength $env(SYNTH_MACROS)] > 0} {
	foreach cell [get_cells *] {
		if {[lsearch -exact $env(SYNTH_MACROS) [get_property $cell ref_name]] >= 0} {
			lappend macros $cell
		}
	}
}
set from [concat [all_registers -clock_pins] $macros]
if {[llength $from] > 0} {
	report_checks -path_delay max -from $from -to [concat [all_registers -data_pins] $macros] -format summary -group_count 1 -digits 5
}
puts "== worst"
report_checks -path_delay max -format full -fields {fanout slew net} -digits 4
