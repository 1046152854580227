# PCIe of VC709 and VC707, with host xdma: reference clock and reset of the edge connector, at the same pins on both. For implementation alone: the
# crossing of the interrupt is a black box before.
set_property PACKAGE_PIN AB8 [get_ports pcie_refclk_clk_p*]
create_clock -name pcie_refclk -period 10.000 [get_ports pcie_refclk_clk_p*]
set_property -dict {PACKAGE_PIN AV35 IOSTANDARD LVCMOS18 PULLUP true} [get_ports pcie_perstn]
set_false_path -from [get_ports pcie_perstn]
set_false_path -to [get_pins -hierarchical -filter {NAME =~ *irq_crossing/inst/crossing_q_reg/D}]
