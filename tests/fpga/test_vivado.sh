#!/bin/sh
# Vivado projects: what fpga/vivado/project writes, and its Tcl against the stand-in of Vivado's commands (vivado_stub.tcl), which must find planted errors. TAP.
. tests/tap_status.sh
BITLET=${BITLET:-$PWD/build/bitlet}
export BITLET BITLET_BUILD="$dir/build"
stub=$PWD/tests/fpga/vivado_stub.tcl

# project STATUS ARGUMENT...
project() {
	want=$1
	shift
	fpga/vivado/project "$@" >"$dir/out" 2>"$dir/err"
	[ $? -eq "$want" ]
}

# vivado STATUS SCRIPT ARGUMENT...: in $at
vivado() {
	want=$1
	shift
	(cd "$at" && timeout 20 tclsh "$stub" "$@") >"$dir/out" 2>"$dir/err"
	[ $? -eq "$want" ]
}

says() { grep -qxF -- "$1" "$dir/out" "$dir/err"; }

# ---- the projects
for pair in vc709:jtag vc709:xdma vc707:jtag vc707:xdma arty-a7-100t:jtag; do
	board=${pair%:*} host=${pair#*:} at=$dir/build/tiny/fpga/${pair%:*}
	project 0 tiny "$board" "$host" && [ ! -s "$dir/err" ]
	report $? "$pair: written"
	missing=
	for file in README.md board.tcl board.xdc design.tcl ooc.tcl package_ip.tcl project.tcl reports.tcl settings.tcl ip/component.xml ip/filelist.f ip/rtl/bitlet_top.v; do
		[ -s "$at/$file" ] || missing="$missing $file"
	done
	[ -z "$missing" ] && [ ! -e "$at/gen" ]
	report $? "$pair: complete$missing"
	grep -q 'vivado -mode batch -source project.tcl' "$at/README.md" && [ "$(cat "$at/settings.tcl" | sed -n 's/^set host //p')" = "$host" ]
	report $? "$pair: README and settings"
	vivado 0 project.tcl && says 'INFO: bitlet: 200 MHz is met, the worst slack is 0.123 ns' && [ ! -s "$dir/err" ]
	report $? "$pair: the whole project"
	[ "$(cd "$at/reports" && echo *)" = 'power.rpt timing_summary.rpt utilization.rpt utilization_hierarchical.rpt' ]
	report $? "$pair: reports by fixed names"
	vivado 0 project.tcl design && says 'INFO: bitlet: the design is made'
	report $? "$pair: the design alone"
	vivado 0 package_ip.tcl && [ ! -s "$dir/err" ]
	report $? "$pair: packaging"
	vivado 0 ooc.tcl && [ -s "$at/ooc/ooc.xdc" ] && [ -e "$at/ooc/reports/timing_summary.rpt" ]
	report $? "$pair: out of context"
done
at=$dir/build/tiny/fpga/vc709
[ -e "$at/pcie.xdc" ] && [ -e "$at/irq_crossing.v" ] && project 0 tiny vc709 && [ ! -e "$at/pcie.xdc" ] && [ ! -e "$at/irq_crossing.v" ] && grep -q '^set host jtag$' "$at/settings.tcl"
report $? 'a project over an earlier one, without its PCIe'

# ---- the interrupt's crossing: low from the start, high two edges behind the level's rise, low two edges behind its fall
cat >"$dir/bench.v" <<'END'
module bench;
	reg clk = 1'b0, level = 1'b0;
	wire irq;
	integer i;
	irq_crossing crossing (.clk(clk), .level(level), .irq(irq));
	initial for (i = 0; i < 8; i = i + 1) begin
		$write("%b", irq);
		level = i > 0 && i < 4;
		#1 clk = 1'b1;
		#1 clk = 1'b0;
	end
endmodule
END
iverilog -g2005 -Wall -o "$dir/bench" "$dir/bench.v" fpga/vivado/irq_crossing.v >"$dir/out" 2>"$dir/err" && [ ! -s "$dir/err" ] &&
	vvp "$dir/bench" >"$dir/out" && grep -qx 00011100 "$dir/out"
report $? 'the crossing of the interrupt'

# ---- messages
project 2 tiny zybo && [ "$(cat "$dir/err")" = "fpga/vivado/project: unknown board 'zybo'; expected one of: arty-a7-100t vc707 vc709" ]
report $? 'unknown board'
project 2 tiny ../module && grep -q "unknown board '../module'" "$dir/err"
report $? 'a path for a board'
project 2 tiny arty-a7-100t xdma && [ "$(cat "$dir/err")" = "fpga/vivado/project: arty-a7-100t has no host 'xdma'; expected one of: jtag" ]
report $? 'a board without PCIe'
project 2 nosuch vc709 && grep -q nosuch "$dir/err" && [ ! -e "$dir/build/nosuch" ]
report $? 'unknown configuration'
project 2 && grep -q '^usage:' "$dir/err"
report $? 'no arguments'
printf 'n: 2\npes: 1\nprecisions: [int8]\naxi_address_bits: 40\n' >"$dir/far.yaml"
project 2 "$dir/far.yaml" vc709 && [ "$(cat "$dir/err")" = "fpga/vivado/project: $dir/far.yaml: axi_address_bits is 40; the boards' address map needs 32" ]
report $? 'addresses that the map does not fit'
BITLET=$dir/none project 2 tiny vc709 && grep -q 'is missing; make it first' "$dir/err"
report $? 'no program'

# ---- what the scripts say
STUB_SLACK=-0.2 vivado 1 project.tcl && says 'ERROR: bitlet: 200 MHz is not met, the worst slack is -0.2 ns'
report $? 'a clock that is not met: exit 1'
STUB_SLACK=-0.2 vivado 1 ooc.tcl xc7vx690tffg1761-2 400 fast && says 'ERROR: bitlet: 400 MHz is not met, the worst slack is -0.2 ns'
report $? 'out of context, too'
grep -qx 'create_clock -name clk -period 2.500 \[get_ports clk\]' "$at/fast/ooc.xdc"
report $? 'the clock asked for'
STUB_PARTS=xcku040-ffva1156-2-e vivado 0 ooc.tcl xcku040-ffva1156-2-e 300 ultrascale && ! grep -q HD.CLK_SRC "$at/ultrascale/ooc.xdc" && grep -q HD.CLK_SRC "$at/fast/ooc.xdc"
report $? 'a part of another family'
vivado 2 ooc.tcl xc7nothing && says 'ERROR: bitlet: part xc7nothing is not installed; get_parts lists those that are'
report $? 'a part that is not installed'
vivado 2 ooc.tcl xc7vx690tffg1761-2 fast && grep -q 'MHZ a number above 0' "$dir/out"
report $? 'a clock that is no number'
STUB_BOARDS= vivado 2 project.tcl && says 'ERROR: bitlet: no board files for xilinx.com:vc709:part0:*; install them as the README says'
report $? 'no board files'
STUB_PROGRESS=34% vivado 2 project.tcl && grep -q '^ERROR: bitlet: synthesis failed; see vivado/bitlet_vc709.runs/synth_1/runme.log' "$dir/out"
report $? 'synthesis that fails'
STUB_PATHS= vivado 2 ooc.tcl && says 'ERROR: bitlet: no path was timed; expected a clock'
report $? 'a design without paths'
vivado 2 project.tcl nonsense && grep -q 'expected -tclargs design' "$dir/out"
report $? 'an argument that is none'

sed 's/cell jtag_axi/cell gtaj_axi/' "$at/design.tcl" >"$dir/design.tcl" && cp "$at/design.tcl" "$dir/kept.tcl" && cp "$dir/design.tcl" "$at/"
vivado 2 project.tcl && says 'ERROR: bitlet: this Vivado has no IP gtaj_axi'
report $? 'an IP that this Vivado lacks'
cp "$dir/kept.tcl" "$at/design.tcl"

# ---- planted errors: planted NAME FILE SED-COMMAND MESSAGE [SCRIPT], the message without "STUB: FILE:LINE: "
good=$at
planted() {
	at=$dir/planted
	rm -rf "$at" && cp -r "$good" "$at" && sed -i "$3" "$at/$2"
	! cmp -s "$good/$2" "$at/$2" || echo "# nothing is planted"
	vivado 3 "${5:-project.tcl}" && [ "$(sed 's/^STUB: [a-z_]*\.[a-z]*:[0-9]*: //' "$dir/err")" = "$4" ]
	report $? "planted: $1"
}
planted 'an unknown command' project.tcl 's/^update_compile_order/update_compile_ordre/' 'unknown command update_compile_ordre'
planted 'an unknown option' project.tcl 's/-to_step/-step_to/' 'launch_runs: unknown option -step_to'
planted 'an option of another command' ooc.tcl 's/^place_design/place_design -sweep/' 'place_design: unknown option -sweep' ooc.tcl
planted 'an option without its value' reports.tcl 's/ -max_paths 10 -file .*/ -max_paths/' 'report_timing_summary -max_paths: value missing'
planted 'an argument too few' project.tcl 's/^wait_on_run synth_1/wait_on_run/' 'wait_on_run: 0 arguments; expected 1 to 1'
planted 'an option missing' design.tcl 's/create_bd_cell -type ip -vlnv \[newest \$ip\]/create_bd_cell -type ip/' 'create_bd_cell: option -vlnv is missing'
planted 'a file that is not there' project.tcl 's/board.xdc/bored.xdc/' "file $dir/planted/bored.xdc does not exist"
planted 'a Verilog file that is not there' ip/filelist.f 's/ram.v/rom.v/' "file $dir/planted/ip/rtl/rom.v does not exist" ooc.tcl
planted "an IP's filter" design.tcl 's/VLNV =~/VLVN =~/' 'get_ipdefs: filter VLVN =~ xilinx.com:ip:mig_7series:* && UPGRADE_VERSIONS == ""'
planted 'the core under another name' settings.tcl 's/bitlet_top:/bitlet_pot:/' 'create_bd_cell: no IP bitlet:user:bitlet_pot:0.1 in the catalog'
planted 'a misspelt cell' design.tcl 's,core_reset/peripheral_reset bitlet,core_rest/peripheral_reset bitlet,' 'no pin core_rest/peripheral_reset'
planted 'a misspelt pin' design.tcl 's,bitlet/rst,bitlet/reset,' 'no pin bitlet/reset'
planted 'a misspelt interface' design.tcl 's,bitlet/m_axi_wgt},bitlet/m_axi_weight},' 'no interface pin bitlet/m_axi_weight'
planted 'a pin of the core that is gone' ip/component.xml 's,<spirit:name>irq</spirit:name>,<spirit:name>interrupt</spirit:name>,; s,<spirit:name>clk</spirit:name>,<spirit:name>clock</spirit:name>,' 'no pin bitlet/clk'
planted 'a wrong property' design.tcl 's/CLKOUT1_REQUESTED_OUT_FREQ \$/CLKOUT1_FREQ $/' 'set_property: xilinx.com:ip:clk_wiz:6.0 has no CONFIG.CLKOUT1_FREQ'
planted 'two drivers' design.tcl 's,^\tmake_host$,\tnet mig/c1_mmcm_locked bitlet/rst\n&,' 'connect_bd_net: bitlet/rst is driven by core_reset/peripheral_reset already'
planted 'outputs joined' design.tcl 's,net core_clock/clk_out1 bitlet/clk,net core_clock/clk_out1 bitlet/irq,' 'connect_bd_net: core_clock/clk_out1 and bitlet/irq both drive'
planted 'a reset left open' design.tcl '/net core_reset\/peripheral_reset bitlet\/rst/d' 'validate_bd_design: pin bitlet/rst is open'
planted 'a memory left open' board.tcl 's/ddr3_sdram_socket_j1_j3_0 C1_DDR3//' 'validate_bd_design: interface mig/C1_DDR3 is open'
planted 'a master without addresses' design.tcl '/map bitlet\/m_axi_out/d' 'validate_bd_design: bitlet/m_axi_out has no addresses'
planted 'addresses that overlap' design.tcl 's/0x40000000 4K/0x80000000 4K/' 'assign_bd_address: overlap in host/Data'
planted 'an offset that is not aligned' board.tcl 's/^set memory_range 1G/set memory_range 4G/' 'assign_bd_address: offset 0x80000000 is no multiple of the range'
planted 'a port that the constraints misspell' board.xdc 's/get_ports reset/get_ports rest/' 'get_ports: no port rest'
planted 'a constraint that is none' board.xdc 's/^set_false_path/set_false_paht/' 'unknown command set_false_paht'
planted 'a part that is not installed' settings.tcl 's/^set part .*/set part xc7vx690tffg1761-9/' "create_project: part 'xc7vx690tffg1761-9' is not installed" package_ip.tcl
project 0 tiny vc707 xdma
good=$dir/build/tiny/fpga/vc707
planted 'PCIe: a module that is not in the project' project.tcl '/irq_crossing.v/d' 'create_bd_cell: no module irq_crossing in the project'
planted 'PCIe: the crossing without its clock' design.tcl '/net host\/axi_aclk irq_crossing\/clk/d' 'validate_bd_design: pin irq_crossing/clk is open'
planted 'PCIe: a register that the constraints misspell' pcie.xdc 's/crossing_q_reg/crossing_reg/' 'get_pins: no pin NAME =~ *irq_crossing/inst/crossing_reg/D'
planted 'PCIe: a scalar port as a vector' pcie.xdc 's/pcie_refclk_clk_p\*/{pcie_refclk_clk_p[0]}/' 'get_ports: no port pcie_refclk_clk_p[0]'
planted 'PCIe: a file of constraints that was not added' project.tcl 's/get_files pcie.xdc/get_files pci.xdc/' 'get_files: no file pci.xdc'
good=$dir/build/tiny/fpga/vc709
sed -i 's/ACTIVE_HIGH</ACTIVE_LOW</' "$good/ip/component.xml"
at=$good
vivado 2 package_ip.tcl && says 'ERROR: bitlet: ip/component.xml: POLARITY of rst is not ACTIVE_HIGH; run bitlet gen again'
report $? 'planted: the wrong polarity of the reset'
printf '1..%s\n' $count
