# VC709. Clocks and memory pins are constrained by the memory controller's own file, crossings between clocks by the interconnects' ones.
set_property -dict {PACKAGE_PIN AV40 IOSTANDARD LVCMOS18} [get_ports reset]
set_false_path -from [get_ports reset]
set_property CFGBVS GND [current_design]
set_property CONFIG_VOLTAGE 1.8 [current_design]
