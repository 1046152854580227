#!/bin/sh
# What bitlet gen writes for other tools: component.xml against the Verilog and the registers, and the shipped bench in Icarus. TAP.
. tests/tap_log.sh

# same NAME FILE FILE
same() {
	diff "$2" "$3" >"$out/log" 2>&1 && [ -s "$2" ]
	report "$1"
}

# xml XPATH: on the component, without name spaces (all its elements are spirit:, but for Xilinx's extensions)
xml() {
	xmllint --xpath "$1" "$out/plain.xml" 2>"$out/log"
}

cat >"$out/wide.yaml" <<'YAML'
n: 2
pes: 1
precisions: [int8]
axi_bits: 256
axi_address_bits: 64
axi_burst: 8
max_groups: 4
YAML
for config in tiny "$out/wide.yaml"; do
	name=$(basename "$config" .yaml)
	made=$out/$name
	"$bitlet" gen "$config" -o "$made" >"$out/log" 2>&1
	report "$name: generated"
	xmllint --noout "$made/component.xml" >"$out/log" 2>&1
	report "$name: component.xml is well formed"
	sed 's/spirit://g; s/xilinx://g; s/xmlns:[a-z]*="[^"]*"//g; s/ [A-Za-z]*:noNamespace[^ >]*//' "$made/component.xml" >"$out/plain.xml"

	# ports: name, direction, width, read once more from the Verilog
	awk '/^module bitlet_top/ { on = 1; next } /^\);/ { on = 0 } on && /wire/ {
		sub(/\/\/.*/, ""); bits = 1
		if (match($0, /\[[0-9]+:0\]/)) bits = substr($0, RSTART + 1, RLENGTH - 4) + 1
		gsub(/[,;]/, ""); print $NF, $1 == "input" ? "in" : "out", bits }' "$made/rtl/bitlet_top.v" >"$out/verilog"
	n=$(xml 'count(//model/ports/port)')
	for i in $(seq 1 "$n"); do
		port="//model/ports/port[$i]"
		xml "concat($port/name, ' ', $port/wire/direction, ' ', number(concat('0', $port/wire/vector/left)) - number(concat('0', $port/wire/vector/right)) + 1)"
	done >"$out/ports"
	same "$name: the model has the ports of the Verilog" "$out/verilog" "$out/ports"
	xml '//portMap/physicalPort/name/text()' | tr ' ' '\n' | sort >"$out/mapped"
	cut -d ' ' -f 1 "$out/verilog" | sort >"$out/names"
	same "$name: every port is in exactly one interface" "$out/names" "$out/mapped"
	[ -s "$out/mapped" ] && [ -z "$(xml '//portMap' | tr -d '\n ' | sed 's/<portMap>/\n&/g' | sed -n 's,.*<logicalPort><name>\(.*\)</name></logicalPort><physicalPort><name>\(.*\)</name>.*,\1 \2,p' |
		awk '{ n = split($2, part, "_"); if (toupper(part[n]) != $1 && !($2 == "irq" && $1 == "INTERRUPT")) print }')" ]
	report "$name: logical names are those of the ports"

	# files in compile order, and all there
	xml '//fileSet[1]/file/name/text()' | tr ' ' '\n' >"$out/files"
	same "$name: the files are those of filelist.f" "$made/filelist.f" "$out/files"
	[ -s "$out/files" ] && (cd "$made" && xargs ls) <"$out/files" >"$out/log" 2>&1
	report "$name: the files are there"
	[ "$(xml 'count(//fileSet[1]/file)')" -gt 50 ] && [ "$(xml 'count(//fileSet[1]/file)')" = "$(xml 'count(//fileSet[2]/file)')" ]
	report "$name: simulation has the files of synthesis"

	# registers
	n=$(xml 'count(//register)')
	for i in $(seq 1 "$n"); do
		xml "concat(//register[$i]/name, ' ', //register[$i]/addressOffset, ' ', //register[$i]/reset/value, ' ', count(//register[$i]/field))"
	done >"$out/registers"
	for i in $(seq 1 "$n"); do
		xmllint --xpath "concat(//register[$i]/name, ' ', //register[$i]/addressOffset, ' ', //register[$i]/resetValue, ' ', count(//register[$i]//field))" "$made/bitlet.svd"
	done >"$out/svd"
	same "$name: the registers are those of bitlet.svd" "$out/svd" "$out/registers"
done

# of the last one, wide
[ "$(xml 'concat(//component/vendor, ":", //component/library, ":", //component/name, ":", //component/version)')" = bitlet:user:bitlet_top:0.1 ]
report 'VLNV'
parameter() { xml "string(//busInterface[name=\"$1\"]//parameter[name=\"$2\"]/value)"; }
[ "$(parameter clk ASSOCIATED_BUSIF)" = m_axi_act:m_axi_wgt:m_axi_out:s_axil ] && [ "$(parameter clk ASSOCIATED_RESET)" = rst ]
report 'the clock names its interfaces and its reset'
[ "$(parameter rst POLARITY)" = ACTIVE_HIGH ]
report 'the reset is active high'
[ "$(parameter irq SENSITIVITY)" = LEVEL_HIGH ]
report 'the interrupt is a level'
[ "$(parameter m_axi_wgt DATA_WIDTH) $(parameter m_axi_wgt ADDR_WIDTH) $(parameter m_axi_wgt MAX_BURST_LENGTH) $(parameter m_axi_wgt NUM_READ_OUTSTANDING)" = '256 64 8 16' ]
report "a master's widths and bursts are the configuration's"
[ "$(parameter m_axi_act READ_WRITE_MODE) $(parameter m_axi_out READ_WRITE_MODE) $(parameter s_axil PROTOCOL)" = 'READ_ONLY WRITE_ONLY AXI4LITE' ]
report 'directions and protocols'
[ "$(xml 'string(//addressSpace[name="m_axi_act"]/range)')" = 18446744073709551616 ]
report 'address space of 64 bits'
[ "$(xml 'string(//memoryMap/addressBlock/range)') $(xml 'string(//busInterface[name="s_axil"]/slave/memoryMapRef/@memoryMapRef)')" = '4096 s_axil' ]
report 'the registers are the map of s_axil'
[ "$(xml 'string(//displayName)')" = 'bitlet wide' ]
report 'the name of the configuration is shown'
# the schema's order of elements
order=$(for i in $(seq 1 "$(xml 'count(/component/*)')"); do xml "name(/component/*[$i])"; done | tr '\n' ' ')
[ "$order" = 'vendor library name version busInterfaces addressSpaces memoryMaps model fileSets description parameters vendorExtensions ' ]
report 'elements in the order of the schema'

# the bench: two configurations pass, broken cores fail
for name in tiny wide; do
	(cd "$out/$name" && iverilog -g2005 -Wall -s bitlet_tb -o "$out/tb" tb/bitlet_tb.v $(cat filelist.f)) >"$out/log" 2>&1 && [ ! -s "$out/log" ] &&
		vvp "$out/tb" >"$out/log" && [ "$(grep -v finish "$out/log")" = PASS ]
	report "$name: the bench passes in Icarus, without warnings"
done
# broken NAME SED-COMMAND FILE PATTERN
broken() {
	rm -rf "$out/broken" && cp -r "$out/tiny" "$out/broken" && sed -i "$2" "$out/broken/rtl/$3"
	! cmp -s "$out/tiny/rtl/$3" "$out/broken/rtl/$3" || echo "# nothing is broken"
	(cd "$out/broken" && iverilog -g2005 -s bitlet_tb -o "$out/tb" tb/bitlet_tb.v $(cat filelist.f)) >"$out/log" 2>&1 && vvp "$out/tb" >"$out/log" 2>&1 &&
		grep -q "^FAIL $4" "$out/log" && ! grep -q PASS "$out/log"
	report "$1"
}
broken 'the bench sees a wrong CRC' 's/edb88320/edb88321/' "$(cd "$out/tiny/rtl" && grep -li edb88320 *.v | head -1)" 'status after the program'
broken 'the bench sees a wrong constant' "s/32'd1280592194/32'd1280592195/" csr.v identity
printf '1..%s\n' $count
