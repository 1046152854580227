#!/bin/sh
# The RTL of a quick subset of configurations is free of warnings in verilator, iverilog and yosys; `make lint` shows all.
cd "$(dirname "$0")/../.." || exit 2
exec scripts/lint tiny tests/rtl/odd/one-lane.yaml tests/rtl/odd/halves-3.yaml tests/rtl/odd/activation-5.yaml \
	tests/rtl/odd/packed-floats.yaml tests/rtl/odd/window-9.yaml
