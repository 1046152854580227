# VC709: XC7VX690T-2, two DDR3 SODIMMs of 64 bits, PCIe Gen3 x8. The memories' pins, part and timing come from AMD's board files, whose interface
# ddr3_sdram_socket_j1_j3 makes one controller IP with two channels; each has a clock of its own on the board.
set part xc7vx690tffg1761-2
set board_part xilinx.com:vc709:part0:*
set board_memory ddr3_sdram_socket_j1_j3
set board_reset reset
set reset_polarity ACTIVE_HIGH
set memories 2
set memory_ports {ddr3_sdram_socket_j1_j3 C0_DDR3 ddr3_sdram_socket_j1_j3_0 C1_DDR3}
set memory_clock {sys_diff_clock C0_SYS_CLK sys_diff_clock_0 C1_SYS_CLK}
set memory_range 1G
set core_mhz 200
set hosts {jtag xdma}
set pcie_lanes pci_express_x8
set pcie_options {CONFIG.pl_link_cap_max_link_speed 8.0_GT/s CONFIG.axi_data_width 256_bit CONFIG.axisten_freq 250 CONFIG.plltype QPLL1}
