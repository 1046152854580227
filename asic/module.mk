
.PHONY: asic-scripts layout
asic-scripts: $(BUILD)/bitlet  ## scripts of other ASIC tools: CONFIG= [TOP=bitlet_pe] [CLOCK_MHZ=1000]
	@BITLET_BUILD=$(BUILD) asic/scripts $(if $(TOP),-t $(TOP)) $(if $(CLOCK_MHZ),-f $(CLOCK_MHZ)) $(if $(SKY130_MHZ),-s $(SKY130_MHZ)) -- $(CONFIG)
