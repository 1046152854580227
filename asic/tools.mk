.PHONY: asic-scripts layout
asic-scripts: $(BUILD)/bitlet  ## scripts of other ASIC tools: CONFIG= [TOP=bitlet_pe] [CLOCK_MHZ=1000]
	@BITLET_BUILD=$(BUILD) asic/scripts $(if $(TOP),-t $(TOP)) $(if $(CLOCK_MHZ),-f $(CLOCK_MHZ)) $(if $(SKY130_MHZ),-s $(SKY130_MHZ)) -- $(CONFIG)

layout: $(BUILD)/bitlet  ## a routed layout of one module by Debian's qflow, DRC and LVS clean: CONFIG= [TOP=bitlet_pe] [DENSITY=0.75]
	@BITLET_BUILD=$(BUILD) asic/layout $(if $(TOP),-t $(TOP)) $(if $(DENSITY),-d $(DENSITY)) -- $(CONFIG)
