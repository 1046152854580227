#!/bin/sh
# What bitlet gen writes for other tools: component.xml against the Verilog and the registers, and the shipped bench in Icarus. TAP.
bitlet=${BITLET:-$PWD/build/bitlet}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0

# verdict NAME: status of the command before decides
verdict() {
	verdict_status=$?
	count=$((count + 1))
	if [ $verdict_status -eq 0 ]; then
		printf 'ok %s - %s\n' $count "$1"
	else
		printf 'not ok %s - %s\n' $count "$1"
		tail -20 "$dir/log" | sed 's/^/# /'
	fi
}

# same NAME FILE FILE
same() {
	diff "$2" "$3" >"$dir/log" 2>&1 && [ -s "$2" ]
	verdict "$1"
}

# xml XPATH: on the component, without name spaces (all its elements are spirit:, but for Xilinx's extensions)
xml() {
	xmllint --xpath "$1" "$dir/plain.xml" 2>"$dir/log"
}

cat >"$dir/wide.yaml" <<'YAML'
n: 2
pes: 1
precisions: [int8]
axi_bits: 256
axi_address_bits: 64
axi_burst: 8
max_groups: 4
YAML
for config in tiny "$dir/wide.yaml"; do
	name=$(basename "$config" .yaml)
	out=$dir/$name
	"$bitlet" gen "$config" -o "$out" >"$dir/log" 2>&1
	verdict "$name: generated"
	xmllint --noout "$out/component.xml" >"$dir/log" 2>&1
	verdict "$name: component.xml is well formed"
	sed 's/spirit://g; s/xilinx://g; s/xmlns:[a-z]*="[^"]*"//g; s/ [A-Za-z]*:noNamespace[^ >]*//' "$out/component.xml" >"$dir/plain.xml"

	# ports: name, direction, width, read once more from the Verilog
	awk '/^module bitlet_top/ { on = 1; next } /^\);/ { on = 0 } on && /wire/ {
		sub(/\/\/.*/, ""); bits = 1
		if (match($0, /\[[0-9]+:0\]/)) bits = substr($0, RSTART + 1, RLENGTH - 4) + 1
		gsub(/[,;]/, ""); print $NF, $1 == "input" ? "in" : "out", bits }' "$out/rtl/bitlet_top.v" >"$dir/verilog"
	n=$(xml 'count(//model/ports/port)')
	for i in $(seq 1 "$n"); do
		port="//model/ports/port[$i]"
		xml "concat($port/name, ' ', $port/wire/direction, ' ', number(concat('0', $port/wire/vector/left)) - number(concat('0', $port/wire/vector/right)) + 1)"
	done >"$dir/ports"
	same "$name: the model has the ports of the Verilog" "$dir/verilog" "$dir/ports"
	xml '//portMap/physicalPort/name/text()' | tr ' ' '\n' | sort >"$dir/mapped"
	cut -d ' ' -f 1 "$dir/verilog" | sort >"$dir/names"
	same "$name: every port is in exactly one interface" "$dir/names" "$dir/mapped"
	[ -s "$dir/mapped" ] && [ -z "$(xml '//portMap' | tr -d '\n ' | sed 's/<portMap>/\n&/g' | sed -n 's,.*<logicalPort><name>\(.*\)</name></logicalPort><physicalPort><name>\(.*\)</name>.*,\1 \2,p' |
		awk '{ n = split($2, part, "_"); if (toupper(part[n]) != $1 && !($2 == "irq" && $1 == "INTERRUPT")) print }')" ]
	verdict "$name: logical names are those of the ports"

	# files in compile order, and all there
	xml '//fileSet[1]/file/name/text()' | tr ' ' '\n' >"$dir/files"
	same "$name: the files are those of filelist.f" "$out/filelist.f" "$dir/files"
	[ -s "$dir/files" ] && (cd "$out" && xargs ls) <"$dir/files" >"$dir/log" 2>&1
	verdict "$name: the files are there"
	[ "$(xml 'count(//fileSet[1]/file)')" -gt 50 ] && [ "$(xml 'count(//fileSet[1]/file)')" = "$(xml 'count(//fileSet[2]/file)')" ]
	verdict "$name: simulation has the files of synthesis"

	# registers
	n=$(xml 'count(//register)')
	for i in $(seq 1 "$n"); do
		xml "concat(//register[$i]/name, ' ', //register[$i]/addressOffset, ' ', //register[$i]/reset/value, ' ', count(//register[$i]/field))"
	done >"$dir/registers"
	for i in $(seq 1 "$n"); do
		xmllint --xpath "concat(//register[$i]/name, ' ', //register[$i]/addressOffset, ' ', //register[$i]/resetValue, ' ', count(//register[$i]//field))" "$out/bitlet.svd"
	done >"$dir/svd"
	same "$name: the registers are those of bitlet.svd" "$dir/svd" "$dir/registers"
done

# of the last one, wide
[ "$(xml 'concat(//component/vendor, ":", //component/library, ":", //component/name, ":", //component/version)')" = bitlet:user:bitlet_top:0.1 ]
verdict 'VLNV'
parameter() { xml "string(//busInterface[name=\"$1\"]//parameter[name=\"$2\"]/value)"; }
[ "$(parameter clk ASSOCIATED_BUSIF)" = m_axi_act:m_axi_wgt:m_axi_out:s_axil ] && [ "$(parameter clk ASSOCIATED_RESET)" = rst ]
verdict 'the clock names its interfaces and its reset'
[ "$(parameter rst POLARITY)" = ACTIVE_HIGH ]
verdict 'the reset is active high'
[ "$(parameter irq SENSITIVITY)" = LEVEL_HIGH ]
verdict 'the interrupt is a level'
[ "$(parameter m_axi_wgt DATA_WIDTH) $(parameter m_axi_wgt ADDR_WIDTH) $(parameter m_axi_wgt MAX_BURST_LENGTH) $(parameter m_axi_wgt NUM_READ_OUTSTANDING)" = '256 64 8 16' ]
verdict "a master's widths and bursts are the configuration's"
[ "$(parameter m_axi_act READ_WRITE_MODE) $(parameter m_axi_out READ_WRITE_MODE) $(parameter s_axil PROTOCOL)" = 'READ_ONLY WRITE_ONLY AXI4LITE' ]
verdict 'directions and protocols'
[ "$(xml 'string(//addressSpace[name="m_axi_act"]/range)')" = 18446744073709551616 ]
verdict 'address space of 64 bits'
[ "$(xml 'string(//memoryMap/addressBlock/range)') $(xml 'string(//busInterface[name="s_axil"]/slave/memoryMapRef/@memoryMapRef)')" = '4096 s_axil' ]
verdict 'the registers are the map of s_axil'
[ "$(xml 'string(//displayName)')" = 'bitlet wide' ]
verdict 'the name of the configuration is shown'
# the schema's order of elements
order=$(for i in $(seq 1 "$(xml 'count(/component/*)')"); do xml "name(/component/*[$i])"; done | tr '\n' ' ')
[ "$order" = 'vendor library name version busInterfaces addressSpaces memoryMaps model fileSets description parameters vendorExtensions ' ]
verdict 'elements in the order of the schema'

# the bench: two configurations pass, broken cores fail
for name in tiny wide; do
	(cd "$dir/$name" && iverilog -g2005 -Wall -s bitlet_tb -o "$dir/tb" tb/bitlet_tb.v $(cat filelist.f)) >"$dir/log" 2>&1 && [ ! -s "$dir/log" ] &&
		vvp "$dir/tb" >"$dir/log" && [ "$(grep -v finish "$dir/log")" = PASS ]
	verdict "$name: the bench passes in Icarus, without warnings"
done
# broken NAME SED-COMMAND FILE PATTERN
broken() {
	rm -rf "$dir/broken" && cp -r "$dir/tiny" "$dir/broken" && sed -i "$2" "$dir/broken/rtl/$3"
	! cmp -s "$dir/tiny/rtl/$3" "$dir/broken/rtl/$3" || echo "# nothing is broken"
	(cd "$dir/broken" && iverilog -g2005 -s bitlet_tb -o "$dir/tb" tb/bitlet_tb.v $(cat filelist.f)) >"$dir/log" 2>&1 && vvp "$dir/tb" >"$dir/log" 2>&1 &&
		grep -q "^FAIL $4" "$dir/log" && ! grep -q PASS "$dir/log"
	verdict "$1"
}
broken 'the bench sees a wrong CRC' 's/edb88320/edb88321/' "$(cd "$dir/tiny/rtl" && grep -li edb88320 *.v | head -1)" 'status after the program'
broken 'the bench sees a wrong constant' "s/32'd1280592194/32'd1280592195/" csr.v identity
printf '1..%s\n' $count
