# Completes ip/component.xml, the source of truth written by `bitlet gen`, by what only Vivado can add (GUI file, checksums), checks it, and
# packs it into a zip:
#   vivado -mode batch -source package_ip.tcl -tclargs [ZIP]
# project.tcl needs none of this: it reads ip/ as it is.
set here [file dirname [file normalize [info script]]]
source [file join $here settings.tcl]
set zip [expr {[llength $argv] > 0 ? [lindex $argv 0] : "bitlet_$name.zip"}]

create_project -in_memory -part $part
set core [ipx::open_core -set_current true [file join $here ip component.xml]]
foreach {bus name_of_parameter value} {
	clk ASSOCIATED_BUSIF m_axi_act:m_axi_wgt:m_axi_out:s_axil
	clk ASSOCIATED_RESET rst
	rst POLARITY ACTIVE_HIGH
} {
	set interface [ipx::get_bus_interfaces $bus -of_objects $core]
	set parameter [ipx::get_bus_parameters $name_of_parameter -of_objects $interface]
	if {[get_property VALUE $parameter] ne $value} {
		puts "ERROR: bitlet: ip/component.xml: $name_of_parameter of $bus is not $value; run bitlet gen again"
		exit 2
	}
}
ipx::create_xgui_files $core
ipx::update_checksums $core
ipx::check_integrity $core
ipx::save_core $core
ipx::archive_core [file normalize $zip] $core
ipx::unload_core $core
close_project
