# Arty A7-100T: XC7A100T-1, one DDR3L of 16 bits, JTAG only. The memory's pins, part and timing come from Digilent's board files; its controller wants
# clocks of 166.667 and 200 MHz, made from the board's 100 MHz.
set part xc7a100tcsg324-1
set board_part digilentinc.com:arty-a7-100:part0:*
set board_memory ddr3_sdram
set board_reset reset
set reset_polarity ACTIVE_LOW
set memories 1
set memory_ports {ddr3_sdram DDR3}
set memory_clock {}
set memory_range 256M
set core_mhz 200
set hosts {jtag}

proc make_memory_clock {} {
	create_bd_port -dir I -type clk -freq_hz 100000000 sys_clock
	cell clk_wiz memory_clocks CONFIG.PRIM_IN_FREQ 100.000 CONFIG.CLKOUT1_REQUESTED_OUT_FREQ 166.667 \
		CONFIG.CLKOUT2_USED true CONFIG.CLKOUT2_REQUESTED_OUT_FREQ 200.000 CONFIG.USE_RESET false
	connect_bd_net [get_bd_ports sys_clock] [get_bd_pins memory_clocks/clk_in1]
	net memory_clocks/clk_out1 mig/sys_clk_i
	net memory_clocks/clk_out2 mig/clk_ref_i
}
