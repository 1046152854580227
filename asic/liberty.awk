# Reads a Liberty file; prints shell assignments that a synthesis flow needs:
#   nand2_area   area of the smallest 2-input NAND, the unit of a gate equivalent (um2)
#   buffer       name of the smallest buffer, assumed to drive every input; buffer_in, buffer_out its pins
#   load_ff      four times its input capacitance, assumed at every output (fF)
#   flops        number of flip-flop cells; flop_area the area of the smallest (um2)
# A file that is cut short or holds no Liberty gives `fault` instead, one sentence.
function value(line) {
	sub(/^[^:]*:[ \t]*/, "", line)
	sub(/[ \t]*;.*$/, "", line)
	gsub(/"/, "", line)
	return line
}

# Judges the cell that ends here.
function finish_cell() {
	f = func_text
	gsub(/[ \t]*[&*][ \t]*/, " ", f)
	gsub(/[ \t]*[|+][ \t]*/, "|", f)
	while (f ~ /^\(.*\)$/ && f !~ /^\([^()]*\).*\([^()]*\)$/)
		f = substr(f, 2, length(f) - 2)
	if (inputs == 2 && (f ~ /^!\([A-Za-z0-9_]+ [A-Za-z0-9_]+\)$/ || f ~ /^\([A-Za-z0-9_]+ [A-Za-z0-9_]+\)'$/ ||
	    f ~ /^\(?![A-Za-z0-9_]+\)?\|\(?![A-Za-z0-9_]+\)?$/) && (nand2 == 0 || area < nand2))
		nand2 = area
	if (inputs == 1 && !is_flop && f == in_name && (buffer == "" || area < buffer_area)) {
		buffer = cell
		buffer_area = area
		buffer_cap = in_cap
		buffer_in = in_name
		buffer_out = out_name
	}
	flops += is_flop
	if (is_flop && (flop_area == 0 || area < flop_area))
		flop_area = area
}

{
	gsub(/\/\*[^*]*\*\//, "")
	if (in_comment) {
		if (!sub(/^.*\*\//, ""))
			next
		in_comment = 0
	}
	if (sub(/\/\*.*$/, ""))
		in_comment = 1
	text = $0
	opened = gsub(/{/, "{", text)
	closed = gsub(/}/, "}", text)
}

/^[ \t]*library[ \t]*\(/ { library = 1 }
/^[ \t]*capacitive_load_unit/ { unit = tolower($0) ~ /pf/ ? 1000 : 1 }
/^[ \t]*cell[ \t]*\(/ && depth == 1 {
	cell = $0
	sub(/^[^(]*\([ \t"]*/, "", cell)
	sub(/[ \t"]*\).*$/, "", cell)
	area = inputs = is_flop = in_cap = 0
	func_text = in_name = pin = ""
}
/^[ \t]*ff[ \t]*\(/ && cell != "" { is_flop = 1 }
/^[ \t]*pin[ \t]*\(/ && cell != "" {
	pin = $0
	sub(/^[^(]*\([ \t"]*/, "", pin)
	sub(/[ \t"]*\).*$/, "", pin)
	cap = 0
}
/^[ \t]*area[ \t]*:/ && cell != "" && depth == 2 { area = value($0) + 0 }
/^[ \t]*capacitance[ \t]*:/ && pin != "" { cap = value($0) + 0 }
/^[ \t]*direction[ \t]*:/ && pin != "" {
	if (value($0) == "input") {
		inputs++
		in_name = pin
	} else {
		out_name = pin
	}
}
/^[ \t]*function[ \t]*:/ && pin != "" { func_text = value($0) }
{
	depth += opened - closed
	if (pin != "" && depth <= 2 && closed) {
		if (pin == in_name)
			in_cap = cap
		pin = ""
	}
	if (cell != "" && depth <= 1 && closed) {
		finish_cell()
		cell = ""
	}
}

END {
	if (!library)
		fault = "it holds no `library (...)`"
	else if (depth != 0)
		fault = "its braces do not match: " depth " still open at the end"
	else if (nand2 == 0)
		fault = "it has no 2-input NAND, the unit of a gate equivalent"
	else if (buffer == "")
		fault = "it has no buffer"
	else if (flops == 0)
		fault = "it has no flip-flop"
	if (fault != "") {
		gsub(/'/, "", fault)
		printf "fault='%s'\n", fault
		exit
	}
	printf "nand2_area=%s\nbuffer='%s'\nbuffer_in='%s'\nbuffer_out='%s'\nload_ff=%.3f\nflops=%d\nflop_area=%s\n", nand2, buffer,
		buffer_in, buffer_out, 4 * buffer_cap * unit, flops, flop_area
}
