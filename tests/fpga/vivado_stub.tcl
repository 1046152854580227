# A stand-in for Vivado: runs a script of fpga/vivado in tclsh and refuses what Vivado would refuse as far as this file knows it: commands and options
# (as UG835 lists them) that are not in its table, missing arguments, files that do not exist, properties and pins that a cell does not have, two drivers
# of a pin, interfaces, clocks and resets left open, masters without addresses. It computes nothing; the reports that it "writes" are empty.
#   tclsh vivado_stub.tcl SCRIPT [ARGUMENT...]         STUB_SLACK, STUB_PARTS, STUB_BOARDS, STUB_PROGRESS set what Vivado answers
# Exit status: the script's; 3 after "STUB: SCRIPT:LINE: message".

# command {options with a value} {flags} least and most arguments
array set stub_table {
	add_files {{-fileset -of_objects -scan_for_includes} {-norecurse -quiet} 1 99}
	assign_bd_address {{-target_address_space -offset -range} {-force -quiet} 0 1}
	close_project {{} {-delete -quiet} 0 0}
	connect_bd_intf_net {{-intf_net -boundary_type} {-quiet} 2 2}
	connect_bd_net {{-net -boundary_type} {-quiet} 2 99}
	create_bd_cell {{-vlnv -type -reference} {-quiet} 1 1}
	create_bd_design {{-dir -cell} {-quiet} 1 1}
	create_bd_intf_port {{-vlnv -mode} {-quiet} 1 1}
	create_bd_port {{-from -to -dir -type -freq_hz} {-quiet} 1 1}
	create_clock {{-period -name -waveform} {-add -quiet} 0 1}
	create_project {{-part} {-force -in_memory -ip -quiet} 0 2}
	current_design {{} {-quiet} 0 1}
	current_fileset {{} {-constrset -simset -quiet} 0 1}
	current_project {{} {-quiet} 0 1}
	generate_target {{} {-force -quiet} 2 2}
	get_bd_addr_segs {{-of_objects -filter} {-hierarchical -excluded -quiet} 0 1}
	get_bd_addr_spaces {{-of_objects -filter} {-hierarchical -quiet} 0 1}
	get_bd_cells {{-of_objects -filter} {-hierarchical -quiet} 0 1}
	get_bd_intf_pins {{-of_objects -filter} {-hierarchical -quiet} 0 1}
	get_bd_intf_ports {{-of_objects -filter} {-quiet} 0 1}
	get_bd_pins {{-of_objects -filter} {-hierarchical -quiet} 0 1}
	get_bd_ports {{-of_objects -filter} {-quiet} 0 1}
	get_board_parts {{-filter} {-quiet -latest_file_version -latest_hw_revision} 0 1}
	get_ipdefs {{-filter} {-all -quiet} 0 1}
	get_files {{-of_objects -filter} {-quiet -all} 0 1}
	get_parts {{-filter} {-quiet} 0 1}
	get_pins {{-filter -of_objects} {-hierarchical -quiet} 0 1}
	get_ports {{-filter -of_objects} {-quiet} 0 1}
	get_property {{} {-min -max -quiet} 2 2}
	get_runs {{-filter} {-quiet} 0 1}
	get_timing_paths {{-max_paths -nworst -from -to} {-setup -hold -quiet} 0 0}
	ipx::archive_core {{} {-quiet} 1 2}
	ipx::check_integrity {{} {-quiet -kernel -xrt} 0 1}
	ipx::create_xgui_files {{-logo_file} {-quiet} 0 1}
	ipx::get_bus_interfaces {{-of_objects -filter} {-quiet} 0 1}
	ipx::get_bus_parameters {{-of_objects -filter} {-quiet} 0 1}
	ipx::open_core {{-set_current} {-quiet} 1 1}
	ipx::save_core {{} {-quiet} 0 1}
	ipx::unload_core {{} {-quiet} 1 1}
	ipx::update_checksums {{} {-quiet} 0 1}
	launch_runs {{-jobs -to_step -scripts_only} {-force -quiet} 1 9}
	make_wrapper {{-files} {-top -import -force -quiet} 0 0}
	open_run {{-name} {-quiet} 1 1}
	opt_design {{-directive} {-retarget -propconst -sweep -quiet} 0 0}
	phys_opt_design {{-directive} {-quiet} 0 0}
	place_design {{-directive} {-no_timing_driven -quiet} 0 0}
	read_verilog {{-library} {-sv -quiet} 1 1}
	read_xdc {{-mode -cells -ref} {-unmanaged -no_add -quiet} 1 1}
	regenerate_bd_layout {{} {-routing -quiet} 0 0}
	report_power {{-file -format -hier -rpx} {-quiet -no_propagation} 0 0}
	report_timing_summary {{-file -delay_type -max_paths -nworst -rpx -name} {-no_header -report_unconstrained -warn_on_violation -quiet} 0 0}
	report_utilization {{-file -hierarchical_depth -cells -pb -name} {-hierarchical -hierarchical_percentages -append -quiet} 0 0}
	route_design {{-directive} {-quiet} 0 0}
	save_bd_design {{} {-quiet} 0 1}
	set_false_path {{-from -to -through} {-setup -hold -quiet} 0 0}
	set_input_delay {{-clock} {-max -min -clock_fall -add_delay -quiet} 2 2}
	set_output_delay {{-clock} {-max -min -clock_fall -add_delay -quiet} 2 2}
	set_property {{-dict} {-quiet} 1 3}
	synth_design {{-name -part -top -mode -flatten_hierarchy -directive} {-quiet} 0 0}
	update_compile_order {{-fileset} {-quiet} 0 0}
	update_ip_catalog {{} {-rebuild -quiet} 0 0}
	validate_bd_design {{} {-force -quiet} 0 0}
	wait_on_run {{-timeout} {-quiet} 1 1}
	write_checkpoint {{} {-force -quiet} 1 1}
}

# IPs: {pin direction ...} {interface mode ...} {properties CONFIG.x}; a pin or interface in `open_` may stay open
array set stub_ip_pins {
	xilinx.com:ip:clk_wiz:6.0 {clk_in1 I clk_out1 O locked O}
	xilinx.com:ip:jtag_axi:1.2 {aclk I aresetn I}
	xilinx.com:ip:mig_7series:4.2 {sys_rst I}
	xilinx.com:ip:proc_sys_reset:5.0 {slowest_sync_clk I ext_reset_in I aux_reset_in I mb_debug_sys_rst I dcm_locked I mb_reset O
		bus_struct_reset O peripheral_reset O interconnect_aresetn O peripheral_aresetn O}
	xilinx.com:ip:smartconnect:1.0 {aclk I aresetn I}
	xilinx.com:ip:util_ds_buf:2.2 {IBUF_OUT O IBUF_DS_ODIV2 O}
	xilinx.com:ip:xdma:4.1 {sys_clk I sys_rst_n I axi_aclk O axi_aresetn O usr_irq_req I usr_irq_ack O msi_enable O msi_vector_width O user_lnk_up O}
}
array set stub_ip_interfaces {
	xilinx.com:ip:clk_wiz:6.0 {}
	xilinx.com:ip:jtag_axi:1.2 {M_AXI Master}
	xilinx.com:ip:mig_7series:4.2 {}
	xilinx.com:ip:proc_sys_reset:5.0 {}
	xilinx.com:ip:smartconnect:1.0 {}
	xilinx.com:ip:util_ds_buf:2.2 {CLK_IN_D Slave}
	xilinx.com:ip:xdma:4.1 {M_AXI Master pcie_mgt Master}
}
array set stub_ip_config {
	xilinx.com:ip:clk_wiz:6.0 {PRIM_SOURCE PRIM_IN_FREQ CLKOUT1_REQUESTED_OUT_FREQ CLKOUT2_REQUESTED_OUT_FREQ CLKOUT2_USED USE_LOCKED USE_RESET RESET_TYPE}
	xilinx.com:ip:jtag_axi:1.2 {PROTOCOL M_AXI_DATA_WIDTH M_AXI_ADDR_WIDTH M_AXI_ID_WIDTH}
	xilinx.com:ip:mig_7series:4.2 {BOARD_MIG_PARAM RESET_BOARD_INTERFACE MIG_DONT_TOUCH_PARAM XML_INPUT_FILE}
	xilinx.com:ip:proc_sys_reset:5.0 {C_EXT_RESET_HIGH C_AUX_RESET_HIGH RESET_BOARD_INTERFACE}
	xilinx.com:ip:smartconnect:1.0 {NUM_SI NUM_MI NUM_CLKS HAS_ARESETN}
	xilinx.com:ip:util_ds_buf:2.2 {C_BUF_TYPE DIFF_CLK_IN_BOARD_INTERFACE USE_BOARD_FLOW C_SIZE}
	xilinx.com:ip:xdma:4.1 {PCIE_BOARD_INTERFACE SYS_RST_N_BOARD_INTERFACE pl_link_cap_max_link_speed pl_link_cap_max_link_width axi_data_width
		axisten_freq plltype xdma_axi_intf_mm xdma_num_usr_irq axilite_master_en xdma_rnum_chnl xdma_wnum_chnl}
}
set stub_may_be_open {aux_reset_in mb_debug_sys_rst}
set stub_plain_properties {board_part target_language ip_repo_paths top STEPS.PHYS_OPT_DESIGN.IS_ENABLED PACKAGE_PIN IOSTANDARD PULLUP CFGBVS CONFIG_VOLTAGE
	HD.CLK_SRC FREQ_HZ POLARITY used_in_synthesis}

array set stub_cell_ip {}
array set stub_pin {}
array set stub_interface {}
array set stub_driver {}
array set stub_joined {}
array set stub_space {}
array set stub_port {}
array set stub_top_port {}
array set stub_clock_port {}
array set stub_module {}
array set stub_file {}
set stub_project_part ""
set stub_wrapper 0
set stub_core_xml ""

proc refuse {message} {
	return -code error -errorcode STUB $message
}

proc answer {variable default} {
	return [expr {[info exists ::env($variable)] ? $::env($variable) : $default}]
}

proc must_exist {path} {
	if {![file exists $path]} {
		refuse "file $path does not exist"
	}
}

# Calls do_COMMAND with options as a dictionary and the other arguments.
proc dispatch {command words} {
	lassign $::stub_table($command) valued flags least most
	set options {}
	set arguments {}
	while {[llength $words]} {
		set words [lassign $words word]
		if {$word in $valued} {
			if {![llength $words]} {
				refuse "$command $word: value missing"
			}
			set words [lassign $words value]
			dict set options $word $value
		} elseif {$word in $flags} {
			dict set options $word 1
		} elseif {[string match {-[a-z]*} $word]} {
			refuse "$command: unknown option $word"
		} else {
			lappend arguments $word
		}
	}
	if {[llength $arguments] < $least || [llength $arguments] > $most} {
		refuse "$command: [llength $arguments] arguments; expected $least to $most"
	}
	set handler do_[string map {:: _} $command]
	if {[info procs $handler] eq ""} {
		return ""
	}
	return [$handler $options $arguments]
}

proc option {options name {default ""}} {
	return [expr {[dict exists $options $name] ? [dict get $options $name] : $default}]
}

proc needs {command options args} {
	foreach name $args {
		if {![dict exists $options $name]} {
			refuse "$command: option $name is missing"
		}
	}
}

# ---- the core, from its component.xml
proc element {text name} {
	set found {}
	set open "<spirit:$name>"
	set close "</spirit:$name>"
	for {set at 0} {[set from [string first $open $text $at]] >= 0} {set at $to} {
		set to [string first $close $text $from]
		lappend found [string range $text [expr {$from + [string length $open]}] [expr {$to - 1}]]
	}
	return $found
}

proc read_file {path} {
	must_exist $path
	set f [open $path]
	set text [read $f]
	close $f
	return $text
}

proc read_core {path} {
	set text [read_file $path]
	foreach key {vendor library name version} {
		lappend vlnv [lindex [element $text $key] 0]
	}
	set vlnv [join $vlnv :]
	set in_interface {}
	set interfaces {}
	foreach bus [element [lindex [element $text busInterfaces] 0] busInterface] {
		if {![string match {*spirit:name="aximm"*} $bus]} {
			continue
		}
		lappend interfaces [lindex [element $bus name] 0] [expr {[string match *<spirit:master* $bus] ? "Master" : "Slave"}]
		foreach physical [element $bus physicalPort] {
			lappend in_interface [lindex [element $physical name] 0]
		}
	}
	set pins {}
	foreach one [element [lindex [element $text ports] 0] port] {
		set name [lindex [element $one name] 0]
		if {$name ni $in_interface} {
			lappend pins $name [expr {[lindex [element $one direction] 0] eq "in" ? "I" : "O"}]
		}
	}
	foreach name [element [lindex [element $text fileSets] 0] file] {
		must_exist [file join [file dirname $path] [lindex [element $name name] 0]]
	}
	set ::stub_ip_pins($vlnv) $pins
	set ::stub_ip_interfaces($vlnv) $interfaces
	set ::stub_ip_config($vlnv) {}
	set ::stub_core_xml $text
	return $vlnv
}

# ---- projects and files
proc do_create_project {options arguments} {
	set ::stub_project_part [option $options -part]
	if {$::stub_project_part eq "" || $::stub_project_part ni [answer STUB_PARTS {xc7vx690tffg1761-2 xc7vx485tffg1761-2 xc7a100tcsg324-1}]} {
		refuse "create_project: part '$::stub_project_part' is not installed"
	}
}

proc do_get_parts {options arguments} {
	set all [answer STUB_PARTS {xc7vx690tffg1761-2 xc7vx485tffg1761-2 xc7a100tcsg324-1}]
	return [lsearch -all -inline $all [lindex $arguments 0]]
}

proc do_get_board_parts {options arguments} {
	set all [answer STUB_BOARDS {xilinx.com:vc709:part0:1.8 xilinx.com:vc707:part0:1.4 xilinx.com:vc709:part0:1.10 digilentinc.com:arty-a7-100:part0:1.1}]
	return [lsearch -all -inline $all [lindex $arguments 0]]
}

proc do_current_project {options arguments} { return project }
proc do_current_fileset {options arguments} { return sources_1 }
proc do_current_design {options arguments} { return design }
proc do_get_runs {options arguments} {
	if {[lindex $arguments 0] ni {synth_1 impl_1}} {
		refuse "get_runs: no run [lindex $arguments 0]"
	}
	return [lindex $arguments 0]
}
proc do_launch_runs {options arguments} { foreach run $arguments { do_get_runs {} $run } }
proc do_wait_on_run {options arguments} { do_get_runs {} $arguments }
proc do_open_run {options arguments} { do_get_runs {} $arguments }
proc do_get_timing_paths {options arguments} { return [answer STUB_PATHS path] }
proc do_get_files {options arguments} {
	set name [lindex $arguments 0]
	if {($name ne "system.bd" || ![info exists ::stub_design]) && ![info exists ::stub_file($name)]} {
		refuse "get_files: no file $name"
	}
	return $name
}

# -filter {VLNV =~ GLOB && UPGRADE_VERSIONS == ""}: what no newer version in the catalog replaces
proc do_get_ipdefs {options arguments} {
	if {![regexp {^VLNV =~ (\S+) && UPGRADE_VERSIONS == ""$} [option $options -filter] all pattern]} {
		refuse "get_ipdefs: filter [option $options -filter]"
	}
	return [lindex [lsort -dictionary [array names ::stub_ip_pins $pattern]] end]
}

proc do_update_ip_catalog {options arguments} {
	if {![info exists ::stub_property(project,ip_repo_paths)]} {
		refuse "update_ip_catalog: no ip_repo_paths"
	}
	read_core [file join $::stub_property(project,ip_repo_paths) component.xml]
}

proc do_add_files {options arguments} {
	foreach path $arguments {
		must_exist $path
		set ::stub_file([file tail $path]) $path
		switch [file extension $path] {
			.xdc { uplevel #0 [list source $path] }
			.v { read_module [read_file $path] }
		}
	}
}

# {port direction ...} of a module, and the names of its registers
proc ports_of {list} {
	set ports {}
	foreach line [split $list \n] {
		if {[regexp {^\s*(input|output)\s+wire (\[.*\] )?(\w+)} $line all direction vector name]} {
			lappend ports $name $direction
		}
	}
	return $ports
}

proc read_module {text} {
	if {[regexp {\nmodule (\w+) \(\n(.*?)\n\);} $text all name list]} {
		set ::stub_module($name) [ports_of $list]
		foreach {all register} [regexp -all -inline {\mreg (\w+)} $text] {
			set ::stub_register($name,$register) 1
		}
	}
}

proc do_read_verilog {options arguments} {
	set text [read_file [lindex $arguments 0]]
	if {[regexp {\nmodule bitlet_top \(\n(.*?)\n\);} $text all list]} {
		array set ::stub_top_port [ports_of $list]
	}
}

proc do_read_xdc {options arguments} {
	must_exist [lindex $arguments 0]
	if {[option $options -mode out_of_context] ne "out_of_context"} {
		refuse "read_xdc: unknown mode"
	}
	uplevel #0 [list source [lindex $arguments 0]]
}

proc do_synth_design {options arguments} {
	needs synth_design $options -top -part
	if {[array size ::stub_top_port] == 0} {
		refuse "synth_design: no module [dict get $options -top] was read"
	}
	set ::stub_synthesised 1
}
foreach step {opt_design place_design phys_opt_design route_design} {
	proc do_$step {options arguments} { if {![info exists ::stub_synthesised]} { refuse "no design is synthesised" } }
}

proc write_empty {path} {
	if {![file isdirectory [file dirname $path]]} {
		refuse "folder of $path does not exist"
	}
	close [open $path w]
}
proc do_write_checkpoint {options arguments} { write_empty [lindex $arguments 0] }
foreach report {report_utilization report_timing_summary report_power} {
	proc do_$report {options arguments} { write_empty [dict get $options -file] }
}

proc do_make_wrapper {options arguments} {
	needs make_wrapper $options -files
	set ::stub_wrapper 1
}

proc do_get_ports {options arguments} {
	if {![llength $arguments]} {
		return [array names ::stub_top_port]
	}
	set name [lindex $arguments 0]
	# of a differential clock of a design the wrapper has two scalar ports
	set all [array names ::stub_top_port]
	if {$::stub_wrapper} {
		lappend all {*}[array names ::stub_port]
		foreach clock [array names ::stub_clock_port] {
			lappend all ${clock}_clk_p ${clock}_clk_n
		}
	}
	set found [lsearch -all -inline $all $name]
	if {![llength $found]} {
		refuse "get_ports: no port $name"
	}
	return $found
}

# -filter {NAME =~ *CELL/inst/REGISTER_reg/PIN} of a module of the design
proc do_get_pins {options arguments} {
	if {[regexp {^NAME =~ \*(\w+)/inst/(\w+)_reg/D$} [option $options -filter] all cell register] && [info exists ::stub_cell_ip($cell)] &&
		[info exists ::stub_register($::stub_cell_ip($cell),$register)]} {
		return $cell/inst/${register}_reg/D
	}
	refuse "get_pins: no pin [option $options -filter]"
}

proc do_create_clock {options arguments} {
	needs create_clock $options -period
	if {![string is double -strict [dict get $options -period]]} {
		refuse "create_clock: period [dict get $options -period] is no number"
	}
}

# ---- properties
proc set_one {name value object} {
	if {[string match CONFIG.* $name] && [info exists ::stub_cell_ip($object)]} {
		set config [string range $name 7 end]
		if {$config ni $::stub_ip_config($::stub_cell_ip($object))} {
			refuse "set_property: $::stub_cell_ip($object) has no $name"
		}
		set ::stub_property($object,$config) $value
		configure $object $config $value
	} elseif {$name in $::stub_plain_properties || $name in {CONFIG.POLARITY CONFIG.FREQ_HZ}} {
		if {$object eq ""} {
			refuse "set_property $name: no object"
		}
		set ::stub_property($object,$name) $value
	} else {
		refuse "set_property: unknown property $name"
	}
}

proc do_set_property {options arguments} {
	if {[dict exists $options -dict]} {
		if {[llength $arguments] != 1 || [llength [dict get $options -dict]] % 2} {
			refuse "set_property -dict: expected pairs and one object"
		}
		foreach {name value} [dict get $options -dict] {
			set_one $name $value [lindex $arguments 0]
		}
	} elseif {[llength $arguments] == 3} {
		set_one {*}$arguments
	} else {
		refuse "set_property: expected name, value and object"
	}
}

proc do_get_property {options arguments} {
	lassign $arguments name object
	switch -glob $name {
		SLACK { return [answer STUB_SLACK 0.123] }
		PROGRESS { return [answer STUB_PROGRESS 100%] }
		CONFIG.FREQ_HZ {
			if {![string match *ui_clk $object]} {
				refuse "get_property: $object has no $name"
			}
			return 200000000
		}
		VALUE { return $::stub_property($object,VALUE) }
		default { refuse "get_property: unknown property $name" }
	}
}

# Pins that come with a configuration.
proc configure {cell config value} {
	switch $config {
		BOARD_MIG_PARAM {
			set channels [expr {$value eq "ddr3_sdram_socket_j1_j3" ? {{c0_ S0_ C0_} {c1_ S1_ C1_}} : {{{} S_ {}}}}]
			foreach channel $channels {
				lassign $channel low bus high
				foreach {name direction} {ui_clk O ui_clk_sync_rst O mmcm_locked O aresetn I init_calib_complete O} {
					set ::stub_pin($cell/$low$name) $direction
				}
				set ::stub_interface($cell/${bus}AXI) Slave
				set ::stub_interface($cell/${high}DDR3) Master
				if {[string match xc7a* $::stub_project_part]} {
					set ::stub_pin($cell/sys_clk_i) I
					set ::stub_pin($cell/clk_ref_i) I
				} else {
					set ::stub_interface($cell/${high}SYS_CLK) Slave
				}
			}
		}
		XML_INPUT_FILE { must_exist $value }
		NUM_SI { for {set i 0} {$i < $value} {incr i} { set ::stub_interface($cell/[format S%02d_AXI $i]) Slave } }
		NUM_MI { for {set i 0} {$i < $value} {incr i} { set ::stub_interface($cell/[format M%02d_AXI $i]) Master } }
		NUM_CLKS { for {set i 1} {$i < $value} {incr i} { set ::stub_pin($cell/aclk$i) I } }
		CLKOUT2_USED { set ::stub_pin($cell/clk_out2) O }
		USE_RESET { if {$value} { set ::stub_pin($cell/reset) I } }
	}
}

# ---- the block design
proc do_create_bd_design {options arguments} { set ::stub_design [lindex $arguments 0] }

proc do_create_bd_cell {options arguments} {
	needs create_bd_cell $options -type
	set name [lindex $arguments 0]
	if {![info exists ::stub_design]} { refuse "create_bd_cell: no design" }
	if {[info exists ::stub_cell_ip($name)]} { refuse "create_bd_cell: $name exists" }
	if {[dict get $options -type] eq "module"} {
		needs create_bd_cell $options -reference
		set module [dict get $options -reference]
		if {![info exists ::stub_module($module)]} { refuse "create_bd_cell: no module $module in the project" }
		set ::stub_cell_ip($name) $module
		foreach {one direction} $::stub_module($module) { set ::stub_pin($name/$one) [expr {$direction eq "input" ? "I" : "O"}] }
		return $name
	}
	needs create_bd_cell $options -vlnv
	set vlnv [dict get $options -vlnv]
	if {![info exists ::stub_ip_pins($vlnv)]} { refuse "create_bd_cell: no IP $vlnv in the catalog" }
	set ::stub_cell_ip($name) $vlnv
	foreach {one direction} $::stub_ip_pins($vlnv) { set ::stub_pin($name/$one) $direction }
	foreach {one mode} $::stub_ip_interfaces($vlnv) { set ::stub_interface($name/$one) $mode }
	return $name
}

proc known {what array name} {
	upvar #0 $array all
	if {![info exists all($name)]} {
		refuse "no $what $name"
	}
	return $name
}
proc do_get_bd_cells {options arguments} { known cell stub_cell_ip [lindex $arguments 0] }
proc do_get_bd_pins {options arguments} { known pin stub_pin [lindex $arguments 0] }
proc do_get_bd_intf_pins {options arguments} { known "interface pin" stub_interface [lindex $arguments 0] }
proc do_get_bd_ports {options arguments} { known port stub_port [lindex $arguments 0] }
proc do_get_bd_intf_ports {options arguments} { known "interface port" stub_port [lindex $arguments 0] }

proc do_create_bd_port {options arguments} {
	needs create_bd_port $options -dir
	# seen from inside an input port drives
	set ::stub_port([lindex $arguments 0]) [expr {[dict get $options -dir] eq "I" ? "O" : "I"}]
}

proc do_create_bd_intf_port {options arguments} {
	needs create_bd_intf_port $options -mode -vlnv
	set ::stub_port([lindex $arguments 0]) [dict get $options -mode]
	if {[string match *:diff_clock_rtl:* [dict get $options -vlnv]]} {
		set ::stub_clock_port([lindex $arguments 0]) 1
	}
}

proc direction {name} {
	return [expr {[info exists ::stub_pin($name)] ? $::stub_pin($name) : $::stub_port($name)}]
}

proc do_connect_bd_net {options arguments} {
	set source ""
	foreach name $arguments {
		if {[direction $name] eq "O"} {
			if {$source ne ""} { refuse "connect_bd_net: $source and $name both drive" }
			set source $name
		}
	}
	if {$source eq ""} { refuse "connect_bd_net: nothing drives [join $arguments {, }]" }
	foreach name $arguments {
		if {$name eq $source} { continue }
		if {[info exists ::stub_driver($name)]} { refuse "connect_bd_net: $name is driven by $::stub_driver($name) already" }
		set ::stub_driver($name) $source
	}
}

proc do_connect_bd_intf_net {options arguments} {
	lassign $arguments one two
	foreach name $arguments {
		if {[info exists ::stub_joined($name)]} { refuse "connect_bd_intf_net: $name is connected already" }
	}
	set outside [expr {[info exists ::stub_port($one)] || [info exists ::stub_port($two)]}]
	set modes {}
	foreach name $arguments { lappend modes [expr {[info exists ::stub_port($name)] ? $::stub_port($name) : $::stub_interface($name)}] }
	if {$outside == ([lindex $modes 0] ne [lindex $modes 1])} {
		refuse "connect_bd_intf_net: $one is [lindex $modes 0], $two is [lindex $modes 1]"
	}
	set ::stub_joined($one) $two
	set ::stub_joined($two) $one
}

proc do_get_bd_addr_spaces {options arguments} {
	set name [lindex $arguments 0]
	if {$name ne "host/Data" || ![info exists ::stub_cell_ip(host)]} { known "address space" stub_interface $name }
	return $name
}
proc do_get_bd_addr_segs {options arguments} { return [dict get $options -of_objects]/seg }

proc bytes {text} {
	if {[regexp {^(\d+)([KMG])$} $text all n unit]} {
		return [expr {$n << [dict get {K 10 M 20 G 30} $unit]}]
	}
	return [expr {$text + 0}]
}

proc do_assign_bd_address {options arguments} {
	needs assign_bd_address $options -target_address_space -offset -range
	set where [dict get $options -target_address_space]
	set low [bytes [dict get $options -offset]]
	set size [bytes [dict get $options -range]]
	if {$low % $size} { refuse "assign_bd_address: offset [dict get $options -offset] is no multiple of the range" }
	if {[info exists ::stub_space($where)]} {
		foreach {other other_size} $::stub_space($where) {
			if {$low < $other + $other_size && $other < $low + $size} { refuse "assign_bd_address: overlap in $where" }
		}
	}
	lappend ::stub_space($where) $low $size
}

proc do_validate_bd_design {options arguments} {
	foreach name [lsort [array names ::stub_pin]] {
		if {$::stub_pin($name) eq "I" && ![info exists ::stub_driver($name)] && [lindex [split $name /] 1] ni $::stub_may_be_open} {
			refuse "validate_bd_design: pin $name is open"
		}
	}
	foreach name [lsort [array names ::stub_interface]] {
		if {![info exists ::stub_joined($name)]} { refuse "validate_bd_design: interface $name is open" }
		if {$::stub_interface($name) eq "Master" && [string match bitlet/* $name] && ![info exists ::stub_space($name)]} {
			refuse "validate_bd_design: $name has no addresses"
		}
	}
	if {![info exists ::stub_space(host/Data)] && ![info exists ::stub_space(host/M_AXI)]} {
		refuse "validate_bd_design: the host has no addresses"
	}
	set ::stub_valid 1
}
proc do_save_bd_design {options arguments} { if {![info exists ::stub_valid]} { refuse "save_bd_design: not validated" } }

# ---- the packager
proc do_ipx_open_core {options arguments} {
	read_core [lindex $arguments 0]
	return core
}
proc do_ipx_get_bus_interfaces {options arguments} {
	if {[string first "<spirit:name>[lindex $arguments 0]</spirit:name>" [lindex [element $::stub_core_xml busInterfaces] 0]] < 0} {
		refuse "ipx::get_bus_interfaces: no [lindex $arguments 0]"
	}
	return [lindex $arguments 0]
}
proc do_ipx_get_bus_parameters {options arguments} {
	set object [dict get $options -of_objects].[lindex $arguments 0]
	if {![regexp -nocase "BUSIFPARAM_VALUE\\.$object\">(\[^<\]*)<" $::stub_core_xml all value]} {
		refuse "ipx::get_bus_parameters: no [lindex $arguments 0]"
	}
	set ::stub_property($object,VALUE) $value
	return $object
}
namespace eval ipx {}

foreach command [array names stub_table] {
	proc ::$command {args} "return \[dispatch $command \$args\]"
}
proc unknown {command args} {
	refuse "unknown command $command"
}

set stub_script [lindex $argv 0]
set argv [lrange $argv 1 end]
set argc [llength $argv]
set argv0 $stub_script
if {[catch {source $stub_script} stub_message stub_options]} {
	set line [dict get $stub_options -errorline]
	foreach {all file number} [regexp -all -inline {\(file "([^"]*)" line (\d+)\)} [dict get $stub_options -errorinfo]] {
		set stub_script $file
		set line $number
		break
	}
	puts stderr "STUB: [file tail $stub_script]:$line: $stub_message"
	exit 3
}
