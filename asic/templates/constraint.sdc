# @{top} of @{name} at @{clock_mhz} MHz, for @{flow}; made by asic/scripts, times in ns.
# One clock. The reset @{reset_port} is synchronous, so that its paths are timed as those of any other input: no false path.
set clk_period @{clock_ps/1000}.@{clock_ps/100%10}@{clock_ps/10%10}@{clock_ps%10}

create_clock -name clk -period $clk_period [get_ports @{clock_port}]
# what jitter and skew may take
set_clock_uncertainty [expr {0.05 * $clk_period}] [get_clocks clk]

# Neighbours get a fifth of a cycle each for the way from their register to here and from here to their register.
# The ports are listed: an input delay on the clock port would be refused, and tools differ in how to take it out of all_inputs.
set data_inputs [get_ports {@{inputs}}]
set_input_delay [expr {0.2 * $clk_period}] -clock clk $data_inputs
set_output_delay [expr {0.2 * $clk_period}] -clock clk [all_outputs]
//@ if driving_cell != ""

# a small buffer in front of each input, the input of a few gates behind each output (library's unit of capacitance)
set_driving_cell -lib_cell @{driving_cell} $data_inputs
set_load @{load} [all_outputs]
//@ end
