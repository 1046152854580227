BITLET_SRC += $(wildcard fpga/*.c)
INCLUDE += -Ifpga

.PHONY: fpga
fpga: $(BUILD)/bitlet  ## counts on a Xilinx part, its PE's netlist simulated: CONFIG= [PART=xc7vx690t] [TOP=bitlet_top] [GROUPS=200]
	@BITLET_BUILD=$(BUILD) fpga/synth $(if $(PART),-p $(PART)) $(if $(TOP),-t $(TOP)) $(if $(GROUPS),-g $(GROUPS)) -- $(CONFIG)

.PHONY: fpga-project
fpga-project: $(BUILD)/bitlet  ## a Vivado project: CONFIG= BOARD=vc709|vc707|arty-a7-100t [HOST=jtag|xdma]
	@BITLET=$(BUILD)/bitlet BITLET_BUILD=$(BUILD) fpga/vivado/project $(CONFIG) $(BOARD) $(HOST)
