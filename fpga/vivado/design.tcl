# The block design `system`, from settings.tcl and board.tcl:
#
#   host (JTAG or PCIe) --- host_bus ---+--- bitlet/s_axil
#                                       +--- memory_0 --- mig       act and out, on boards with one memory also wgt
#                                       +--- memory_1 --- mig       wgt, on boards with two
#
# The core runs at core_mhz, from the first memory controller's clock; the interconnects cross between clocks. The host sees what the core's masters
# see at the same addresses: 0x40000000 registers, 0x80000000 first memory, 0xc0000000 second one.

proc net {from args} {
	foreach to $args {
		connect_bd_net [get_bd_pins $from] [get_bd_pins $to]
	}
}

proc link {master slave} {
	connect_bd_intf_net [get_bd_intf_pins $master] [get_bd_intf_pins $slave]
}

# The newest version of one of Vivado's IPs; util_ds_buf, for one, is 2.1 or 2.2 by Vivado's release.
proc newest {ip} {
	set found [lsort -dictionary [get_ipdefs -all -filter "VLNV =~ xilinx.com:ip:$ip:* && UPGRADE_VERSIONS == \"\""]]
	if {[llength $found] == 0} {
		puts "ERROR: bitlet: this Vivado has no IP $ip"
		exit 2
	}
	return [lindex $found end]
}

# A cell of one of Vivado's IPs, with its properties.
proc cell {ip name args} {
	create_bd_cell -type ip -vlnv [newest $ip] $name
	if {[llength $args]} {
		set_property -dict $args [get_bd_cells $name]
	}
}

# An interface or a signal of the board as a port of the design.
proc board_interface {mode vlnv name pin} {
	create_bd_intf_port -mode $mode -vlnv $vlnv $name
	connect_bd_intf_net [get_bd_intf_ports $name] [get_bd_intf_pins $pin]
}

proc reset_of {name clock reset locked} {
	cell proc_sys_reset $name
	net $clock $name/slowest_sync_clk
	net $reset $name/ext_reset_in
	net $locked $name/dcm_locked
}

# The memory controller as the board's files describe it, or from mig.prj beside this script, for boards whose files have none.
proc make_memory {} {
	global here board_memory board_reset reset_polarity memories memory_ports memory_clock
	cell mig_7series mig
	if {[file exists [file join $here mig.prj]]} {
		set_property -dict [list CONFIG.BOARD_MIG_PARAM Custom CONFIG.MIG_DONT_TOUCH_PARAM Custom CONFIG.RESET_BOARD_INTERFACE Custom \
			CONFIG.XML_INPUT_FILE [file join $here mig.prj]] [get_bd_cells mig]
	} else {
		set_property -dict [list CONFIG.BOARD_MIG_PARAM $board_memory CONFIG.RESET_BOARD_INTERFACE $board_reset] [get_bd_cells mig]
	}
	create_bd_port -dir I -type rst $board_reset
	set_property CONFIG.POLARITY $reset_polarity [get_bd_ports $board_reset]
	connect_bd_net [get_bd_ports $board_reset] [get_bd_pins mig/sys_rst]
	foreach {port pin} $memory_ports {
		board_interface Master xilinx.com:interface:ddrx_rtl:1.0 $port mig/$pin
	}
	if {[info procs make_memory_clock] ne ""} {
		make_memory_clock
	}
	foreach {port pin} $memory_clock {
		board_interface Slave xilinx.com:interface:diff_clock_rtl:1.0 $port mig/$pin
	}
	for {set m 0} {$m < $memories} {incr m} {
		reset_of memory_reset_$m [memory_pin $m ui_clk] [memory_pin $m ui_clk_sync_rst] [memory_pin $m mmcm_locked]
		net memory_reset_$m/peripheral_aresetn [memory_pin $m aresetn]
	}
}

# With two controllers their pins are called c0_..., c1_..., their buses S0_AXI, S1_AXI.
proc memory_pin {m pin} {
	global memories
	return [expr {$memories > 1 ? "mig/c${m}_$pin" : "mig/$pin"}]
}

proc memory_bus {m} {
	global memories
	return [expr {$memories > 1 ? "mig/S${m}_AXI" : "mig/S_AXI"}]
}

proc make_core_clock {} {
	global core_mhz
	set hz [get_property CONFIG.FREQ_HZ [get_bd_pins [memory_pin 0 ui_clk]]]
	cell clk_wiz core_clock CONFIG.PRIM_SOURCE No_buffer CONFIG.PRIM_IN_FREQ [format %.6f [expr {$hz / 1e6}]] \
		CONFIG.CLKOUT1_REQUESTED_OUT_FREQ $core_mhz CONFIG.USE_LOCKED true CONFIG.USE_RESET true CONFIG.RESET_TYPE ACTIVE_HIGH
	net [memory_pin 0 ui_clk] core_clock/clk_in1
	net [memory_pin 0 ui_clk_sync_rst] core_clock/reset
	reset_of core_reset core_clock/clk_out1 [memory_pin 0 ui_clk_sync_rst] core_clock/locked
}

# The host's master, its clock and its reset; sets host_master, host_clock, host_resetn.
proc make_host {} {
	global host host_master host_space host_clock host_resetn pcie_lanes pcie_options
	if {$host eq "jtag"} {
		cell jtag_axi host CONFIG.PROTOCOL 0 CONFIG.M_AXI_DATA_WIDTH 32 CONFIG.M_AXI_ADDR_WIDTH 32
		set host_clock core_clock/clk_out1
		set host_resetn core_reset/peripheral_aresetn
		net $host_clock host/aclk
		net $host_resetn host/aresetn
		set host_space host/Data
	} else {
		cell util_ds_buf pcie_clock CONFIG.C_BUF_TYPE IBUFDSGTE
		board_interface Slave xilinx.com:interface:diff_clock_rtl:1.0 pcie_refclk pcie_clock/CLK_IN_D
		cell xdma host CONFIG.PCIE_BOARD_INTERFACE $pcie_lanes {*}$pcie_options CONFIG.xdma_axi_intf_mm AXI_Memory_Mapped CONFIG.xdma_num_usr_irq 1
		board_interface Master xilinx.com:interface:pcie_7x_mgt_rtl:1.0 $pcie_lanes host/pcie_mgt
		create_bd_port -dir I -type rst pcie_perstn
		set_property CONFIG.POLARITY ACTIVE_LOW [get_bd_ports pcie_perstn]
		connect_bd_net [get_bd_ports pcie_perstn] [get_bd_pins host/sys_rst_n]
		net pcie_clock/IBUF_OUT host/sys_clk
		create_bd_cell -type module -reference irq_crossing irq_crossing
		net host/axi_aclk irq_crossing/clk
		net bitlet/irq irq_crossing/level
		net irq_crossing/irq host/usr_irq_req
		set host_clock host/axi_aclk
		set host_resetn host/axi_aresetn
		set host_space host/M_AXI
	}
	set host_master host/M_AXI
}

# An interconnect: its masters, its slaves, and the clocks on both sides, the first of which its reset belongs to.
proc make_bus {name masters slaves clocks resetn} {
	cell smartconnect $name CONFIG.NUM_SI [llength $masters] CONFIG.NUM_MI [llength $slaves] CONFIG.NUM_CLKS [llength $clocks]
	set i 0
	foreach master $masters {
		link $master $name/[format S%02d_AXI $i]
		incr i
	}
	set i 0
	foreach slave $slaves {
		link $name/[format M%02d_AXI $i] $slave
		incr i
	}
	set i 0
	foreach clock $clocks {
		net $clock $name/aclk[expr {$i ? $i : ""}]
		incr i
	}
	net $resetn $name/aresetn
}

# Each clock once: the host's is the core's with JTAG.
proc distinct {args} {
	set all {}
	foreach clock $args {
		if {$clock ni $all} {
			lappend all $clock
		}
	}
	return $all
}

proc make_buses {} {
	global memories host_master host_clock host_resetn
	set core core_clock/clk_out1
	set resetn core_reset/peripheral_aresetn
	if {$memories > 1} {
		set of_memory(0) {bitlet/m_axi_act bitlet/m_axi_out}
		set of_memory(1) {bitlet/m_axi_wgt}
	} else {
		set of_memory(0) {bitlet/m_axi_act bitlet/m_axi_out bitlet/m_axi_wgt}
	}
	cell smartconnect host_bus CONFIG.NUM_SI 1 CONFIG.NUM_MI [expr {1 + $memories}] \
		CONFIG.NUM_CLKS [llength [distinct $host_clock $core]]
	link $host_master host_bus/S00_AXI
	link host_bus/M00_AXI bitlet/s_axil
	net $host_clock host_bus/aclk
	if {$host_clock ne $core} {
		net $core host_bus/aclk1
	}
	net $host_resetn host_bus/aresetn
	for {set m 0} {$m < $memories} {incr m} {
		make_bus memory_$m [concat $of_memory($m) host_bus/[format M%02d_AXI [expr {$m + 1}]]] [list [memory_bus $m]] \
			[distinct $core $host_clock [memory_pin $m ui_clk]] $resetn
	}
}

proc map {space bus offset range} {
	assign_bd_address -offset $offset -range $range -target_address_space [get_bd_addr_spaces $space] \
		[get_bd_addr_segs -of_objects [get_bd_intf_pins $bus]]
}

proc make_addresses {} {
	global memories memory_range host_space
	set offset {0x80000000 0xC0000000}
	set last [expr {$memories - 1}]
	map $host_space bitlet/s_axil 0x40000000 4K
	for {set m 0} {$m < $memories} {incr m} {
		map $host_space [memory_bus $m] [lindex $offset $m] $memory_range
	}
	map bitlet/m_axi_act [memory_bus 0] [lindex $offset 0] $memory_range
	map bitlet/m_axi_out [memory_bus 0] [lindex $offset 0] $memory_range
	map bitlet/m_axi_wgt [memory_bus $last] [lindex $offset $last] $memory_range
}

proc make_design {} {
	global core_vlnv
	create_bd_design system
	make_memory
	make_core_clock
	create_bd_cell -type ip -vlnv $core_vlnv bitlet
	net core_clock/clk_out1 bitlet/clk
	net core_reset/peripheral_reset bitlet/rst
	make_host
	make_buses
	make_addresses
	regenerate_bd_layout
	validate_bd_design
	save_bd_design
	generate_target all [get_files system.bd]
}
