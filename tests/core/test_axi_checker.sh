#!/bin/sh
# The AXI4 rules find each breach (axi_checker_bench.v, in iverilog).
root=$(cd "$(dirname "$0")/../.." && pwd)
core=$root/rtl_templates/core
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
iverilog -g2005 -Wall -o "$work/bench" -s axi_checker_bench "$root/tests/core/axi_checker_bench.v" "$core/axi_read_checker.v" "$core/axi_write_checker.v" \
	"$core/stable_checker.v" "$core/stream_fifo.v" && vvp -n "$work/bench"
