BITLET_SRC += $(wildcard sim/*.c sim/driver/*.c)
LDLIBS += -lcjson -lpng -ljpeg

DIGITS := sim/networks/digits
RUN_CONFIG ?= fp32-n16
SOAK_SECONDS ?= 3600
LINT_CONFIGS = $(shell $(BUILD)/bitlet presets) $(sort $(wildcard tests/rtl/odd/*.yaml))
# simulators go where everything else is built
export BITLET_BUILD = $(abspath $(BUILD))

# Both runs use one simulator: the first builds it.
run: setup all  ## run the shipped network's layers, from memory through the whole core: RTL against model, frames a second
	$(BUILD)/bitlet check $(RUN_CONFIG) --dut core --precision fp32 --network $(DIGITS)/digits_fp32.onnx --images $(DIGITS)/images.npy --image-count 4
	$(BUILD)/bitlet check $(RUN_CONFIG) --dut core --precision int8 --network $(DIGITS)/digits_int8.onnx --images $(DIGITS)/images.npy --image-count 4

lint: all  ## show the RTL of presets and odd configurations to verilator, iverilog and yosys
	BITLET=$(BUILD)/bitlet scripts/lint $(LINT_CONFIGS)

# SOAK_NETWORKS networks, from seed SOAK_SEED (default: the time).
SOAK_NETWORKS ?= 300
.PHONY: soak-networks
soak-networks: all  ## run random networks and compare their outputs with PyTorch's and numpy's
	BITLET=$(BUILD)/bitlet BITLET_BUILD=$(BUILD) /usr/bin/python3 scripts/random_networks $(SOAK_NETWORKS) $(SOAK_SEED)

soak: all  ## compare RTL and model on random configurations for SOAK_SECONDS
	BITLET=$(BUILD)/bitlet scripts/soak $(SOAK_SECONDS)
