# VC707: XC7VX485T-2, one DDR3-1600 SODIMM of 64 bits, PCIe Gen2 x8. The memory's pins, part and timing come from AMD's board files.
set part xc7vx485tffg1761-2
set board_part xilinx.com:vc707:part0:*
set board_memory ddr3_sdram
set board_reset reset
set reset_polarity ACTIVE_HIGH
set memories 1
set memory_ports {ddr3_sdram DDR3}
set memory_clock {sys_diff_clock SYS_CLK}
set memory_range 1G
set core_mhz 200
set hosts {jtag xdma}
set pcie_lanes pci_express_x8
set pcie_options {CONFIG.pl_link_cap_max_link_speed 5.0_GT/s CONFIG.axi_data_width 128_bit CONFIG.axisten_freq 250}
