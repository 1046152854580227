# OpenROAD-flow-scripts, platform @{flow}: @{top} of @{name} at @{clock_mhz} MHz. Made by asic/scripts.
#   make -C OpenROAD-flow-scripts/flow DESIGN_CONFIG=<this file>
BITLET_HERE := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))
BITLET_GEN  := $(abspath $(BITLET_HERE)/../../gen)

export DESIGN_NAME     = @{top}
export DESIGN_NICKNAME = @{nickname}
export PLATFORM        = @{flow}
export VERILOG_FILES   = \
//@ for file in files
	$(BITLET_GEN)/@{file} \
//@ end
	$(BITLET_GEN)/@{top_file}
export SDC_FILE        = $(abspath $(BITLET_HERE)/../../sdc/@{flow}.sdc)

# room for buffers and wires; place_density follows from the utilisation
export CORE_UTILIZATION       ?= 45
export PLACE_DENSITY_LB_ADDON ?= 0.20
export TNS_END_PERCENT        ?= 100
