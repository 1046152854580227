# Power of each cell of a netlist when every net rests and when every net toggles once a cycle; everything it needs stands in the
# environment (asic/power sets it). Watts.
read_liberty $env(POWER_LIB)
read_verilog $env(POWER_NETLIST)
link_design $env(POWER_TOP)
set_cmd_units -time ns -power W
create_clock -name clk -period $env(POWER_PERIOD_NS) [get_ports $env(POWER_CLOCK)]
# ports without a clock of theirs count as resting whatever the activity, and with them all gates before the first registers
foreach port [all_inputs] {
	if {[get_property $port full_name] ne $env(POWER_CLOCK)} {
		set_input_delay 0 -clock clk $port
	}
}
set cells [get_cells *]
foreach activity {0 1} {
	set_power_activity -global -activity $activity -duty 0.5
	puts "== $activity"
	report_power -instances $cells -digits 6
}
