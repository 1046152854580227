BITLET_SRC += $(wildcard sim/*.c sim/driver/*.c)
LDLIBS += -lcjson

DIGITS := sim/networks/digits
RUN_CONFIG ?= fp32-n16
SOAK_SECONDS ?= 3600
LINT_CONFIGS = $(shell $(BUILD)/bitlet presets) $(sort $(wildcard tests/rtl/odd/*.yaml))
# simulators go where everything else is built
export BITLET_BUILD = $(abspath $(BUILD))

# Both runs use one simulator: the first builds it.
run: setup all  ## run real layers of the shipped network through RTL and model
	$(BUILD)/bitlet check $(RUN_CONFIG) --network $(DIGITS)/digits_fp32.onnx --images $(DIGITS)/images.npy --image-count 8 --groups 40000
	$(BUILD)/bitlet check $(RUN_CONFIG) --network $(DIGITS)/digits_int8.onnx --images $(DIGITS)/images.npy --image-count 8 --groups 40000

lint: all  ## show the RTL of presets and odd configurations to verilator, iverilog and yosys
	BITLET=$(BUILD)/bitlet scripts/lint $(LINT_CONFIGS)

soak: all  ## compare RTL and model on random configurations for SOAK_SECONDS
	BITLET=$(BUILD)/bitlet scripts/soak $(SOAK_SECONDS)
