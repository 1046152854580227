#!/bin/sh
# The AXI4-Lite rules find each breach (axil_checker_bench.v, in iverilog).
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
iverilog -g2005 -Wall -o "$work/bench" -s axil_checker_bench "$root/tests/core/axil_checker_bench.v" "$root/rtl_templates/core/axil_checker.v" \
	"$root/rtl_templates/core/stable_checker.v" && vvp -n "$work/bench"
