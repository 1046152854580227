# Verilog of the memory macros that are used: reads what macros.awk prints, then what rams.awk chose.
# usage: awk -f macro_verilog.awk -v what=WHAT [-v here=asic -v ram=ram.v] macros.facts rams.choice
# WHAT is one of
#   boxes    the macros as black boxes
#   models   the macros as they behave, for simulation: words are random at first; an access that a macro does not promise to do right gives x
#   rams     MACRO_array of each macro; with it MACRO_halves and MACRO_banks of ram_banks.v where it has one port; ram_keep; and ram.v with the memory
#            between its markers held by macros in the sizes chosen
function range(w) { return w > 1 ? "[" w - 1 ":0] " : "" }
function all(level, w) { return "{" w "{1'b" level "}}" }

function ports_of(m,   i, list) {
	for (i = 1; i <= n_pins[m]; i++)
		list = list (i > 1 ? ", " : "") (use[m, i] == "q" || use[m, i] == "open" ? "output" : "input") " wire " range(width[m, i]) name[m, i]
	return list
}

function box(m) {
	printf "(* blackbox *)\nmodule %s (%s);\nendmodule\n", m, ports_of(m)
}

# The pins of a use and port, joined: "A & B", each true where it acts; otherwise when there is none
function acting(m, u, port, otherwise,   i, text) {
	for (i = 1; i <= n_pins[m]; i++)
		if (use[m, i] == u && index(owner[m, i], port))
			text = text (text == "" ? "" : " & ") (level[m, i] ? "" : "~") name[m, i]
	return text == "" ? otherwise : text
}
function pin_of(m, u, port,   i) {
	for (i = 1; i <= n_pins[m]; i++)
		if (use[m, i] == u && index(owner[m, i], port))
			return name[m, i]
	return ""
}
function clock(m,   i) {
	for (i = 1; i <= n_pins[m]; i++)
		if (use[m, i] == "clk")
			return name[m, i]
}

function mask_of(m, port,   i) {
	for (i = 1; i <= n_pins[m]; i++)
		if (use[m, i] == "mask" && index(owner[m, i], port))
			return sprintf("%s%s[i / %d]", level[m, i] ? "" : "~", width[m, i] > 1 ? name[m, i] : "{" name[m, i] "}", bits[m] / width[m, i])
	return "1'b1"
}

# The enables of a port in a model. A port that reads and writes, without read enable, reads when it does not write.
function print_enables(m, w, r) {
	printf "\twire w_on = %s;\n", acting(m, "we", w, "1'b1") " & " acting(m, "ce", w, "1'b1")
	printf "\twire r_on = %s & %s;\n", acting(m, "ce", r, "1'b1"), acting(m, "re", r, w == r ? "~(" acting(m, "we", w, "1'b1") ")" : "1'b1")
}

function model(m,   i, w, r, mask) {
	w = ports[m] == 1 ? "x" : "w"
	r = ports[m] == 1 ? "x" : "r"
	printf "module %s (%s);\n", m, ports_of(m)
	printf "\treg [%d:0] memory [0:%d];\n\treg [%d:0] shown;\n\tinteger i;\n", bits[m] - 1, words[m] - 1, bits[m] - 1
	printf "\tinitial begin\n\t\tshown = {%d{$random}};\n\t\tfor (i = 0; i < %d; i = i + 1)\n\t\t\tmemory[i] = {%d{$random}};\n\tend\n", int(bits[m] / 32) + 1,
		words[m], int(bits[m] / 32) + 1
	print_enables(m, w, r)
	mask = mask_of(m, w)
	printf "\talways @(posedge %s) begin\n", clock(m)
	printf "\t\tif (w_on !== 1'b0)\n\t\t\tfor (i = 0; i < %d; i = i + 1)\n\t\t\t\tif (%s !== 1'b0)\n\t\t\t\t\tmemory[%s][i] <= w_on & %s ? %s[i] : 1'bx;\n", bits[m], mask,
		pin_of(m, "address", w), mask, pin_of(m, "data", w)
	printf "\t\tif (r_on !== 1'b0)\n\t\t\tshown <= r_on === 1'bx || (w_on !== 1'b0%s) ? %s : memory[%s];\n", w == r ? "" : " && " pin_of(m, "address", w) " === " pin_of(m, "address", r),
		"{" bits[m] "{1'bx}}", pin_of(m, "address", r)
	if (!keeps[m])
		printf "\t\telse\n\t\t\tshown <= {%d{1'bx}};\n", bits[m]
	printf "\tend\n\twire rests = 1'b1"
	for (i = 1; i <= n_pins[m]; i++)
		if (use[m, i] == "tie")
			printf " & %s === %s", name[m, i], all(level[m, i], width[m, i])
	printf ";\n\tassign %s = rests ? shown : {%d{1'bx}};\nendmodule\n", pin_of(m, "q", r), bits[m]
}

# What a pin of the macro in row r and column c of an array gets
function given(m, i,   u, o, on) {
	u = use[m, i]
	o = owner[m, i]
	if (u == "clk")
		return "clk"
	if (u == "tie" || u == "mask")
		return all(u == "tie" || level[m, i] ? level[m, i] : 0, width[m, i])
	if (u == "address")
		return "g_row[r]." (o == "r" ? "read_" : o == "w" ? "write_" : "") "word"
	if (u == "data")
		return "padded[c*" bits[m] " +: " bits[m] "]"
	if (u == "q")
		return "shown[(r*COLUMNS+c)*" bits[m] " +: " bits[m] "]"
	if (u == "open")
		return ""
	on = u == "we" ? "writes" : u == "re" ? "reads" : o == "w" ? "writes" : o == "r" ? "reads" : "(reads | writes)"
	return level[m, i] ? on : "~" on
}

function array(m,   i, side, two) {
	two = ports[m] == 2
	printf "// Of %s: columns for the width, rows for the depth; q shows the row that was read last.\n", m
	printf "module %s_array #(\n\tparameter BITS = %d,\n\tparameter DEPTH = %d\n) (\n\tinput  wire clk,\n\tinput  wire write,\n\tinput  wire read,\n", m, bits[m], words[m]
	if (two)
		printf "\tinput  wire [$clog2(DEPTH)-1:0] write_address,\n\tinput  wire [$clog2(DEPTH)-1:0] read_address,\n"
	else
		printf "\tinput  wire [$clog2(DEPTH)-1:0] address,\n"
	printf "\tinput  wire [BITS-1:0] in,\n\toutput wire [BITS-1:0] q\n);\n"
	printf "\tlocalparam COLUMNS = (BITS + %d) / %d, ROWS = (DEPTH + %d) / %d;\n", bits[m] - 1, bits[m], words[m] - 1, words[m]
	printf "\tlocalparam PLACE = %d, ROW_BITS = ROWS > 1 ? $clog2(ROWS) : 1; // bits of an address in a macro; of a row's number\n", place[m]
	printf "\twire [COLUMNS*%d-1:0] padded = in; // filled up with zeros\n\twire [ROWS*COLUMNS*%d-1:0] shown;\n", bits[m], bits[m]
	for (side = 1; side <= (two ? 2 : 1); side++) {
		at = !two ? "" : side == 1 ? "write_" : "read_"
		printf "\twire [PLACE+ROW_BITS+$clog2(DEPTH)-1:0] %splace = {{(PLACE+ROW_BITS){1'b0}}, %saddress};\n", at, at
	}
	printf "\twire [ROW_BITS-1:0] read_row = %splace[PLACE +: ROW_BITS], write_row = %splace[PLACE +: ROW_BITS];\n", two ? "read_" : "", two ? "write_" : ""
	printf "\treg [ROW_BITS-1:0] row_q;\n\talways @(posedge clk)\n\t\tif (read)\n\t\t\trow_q <= read_row;\n"
	printf "\tgenvar r, c;\n\tgenerate\n\t\tfor (r = 0; r < ROWS; r = r + 1) begin : g_row\n"
	for (side = 1; side <= (two ? 2 : 1); side++) {
		at = !two ? "" : side == 1 ? "write_" : "read_"
		printf "\t\t\twire [PLACE-1:0] %sword = %splace[PLACE-1:0];\n", at, at
	}
	printf "\t\t\twire reads = read & (ROWS == 1 || read_row == r), writes = write & (ROWS == 1 || write_row == r);\n"
	printf "\t\t\tfor (c = 0; c < COLUMNS; c = c + 1) begin : g_column\n\t\t\t\t%s macro (", m
	for (i = 1; i <= n_pins[m]; i++)
		printf "%s.%s(%s)", (i > 1 ? ", " : ""), name[m, i], given(m, i)
	printf ");\n\t\t\tend\n\t\tend\n\t\tif (ROWS == 1) begin : g_one\n\t\t\tassign q = shown[BITS-1:0];\n\t\tend else begin : g_many\n"
	printf "\t\t\tassign q = shown[row_q*(COLUMNS*%d) +: BITS];\n\t\tend\n\tendgenerate\nendmodule\n", bits[m]
}

# The memory of ram.v: a branch of macros for each size, then the flip-flops
function print_choices(   i, part) {
	printf "\twire [BITS-1:0] q_q;\n\tlocalparam CHOICE ="
	for (i = 1; i <= n_sizes; i++) {
		split(size[i], part, " ")
		printf " BITS == %d && DEPTH == %d && HALVES == %d ? %d :", part[1], part[2], part[5], i
	}
	print " 0;\n\tgenerate"
	for (i = 1; i <= n_sizes; i++) {
		split(size[i], part, " ")
		printf "\t\tif (CHOICE == %d) begin : g_macros_%d\n", i, i
		if (!keeps[part[3]])
			print "\t\t\twire [BITS-1:0] shown;"
		printf "\t\t\t%s_%s #(.BITS(BITS), .DEPTH(DEPTH)) words (.clk(clk), .write(write), .write_address(write_address), .in(in), .read(read), ", part[3],
			part[4] == "ports" ? "array" : part[4]
		printf ".read_address(read_address), .q(%s));\n", keeps[part[3]] ? "q_q" : "shown"
		if (!keeps[part[3]])
			print "\t\t\tram_keep #(.BITS(BITS)) keep (.clk(clk), .read(read), .shown(shown), .q(q_q));"
		print "\t\tend"
	}
	gsub(/q_q/, "word_q", flops)
	printf "\t\tif (CHOICE == 0) begin : g_flops\n%s\t\t\tassign q_q = word_q;\n\t\tend\n\tendgenerate\n", flops
}

# A file as it is, MACRO replaced by m; ram.v with the memory between the markers replaced
function print_file(file, m,   line, between, status) {
	while ((status = (getline line <file)) > 0) {
		gsub(/MACRO/, m, line)
		if (line ~ /\/\/Memory macro ends/) {
			between = 0
			print_choices()
		}
		if (between)
			flops = flops "\t\t" line "\n"
		else
			print line
		if (line ~ /\/\/Memory macro begins/)
			between = marked = 1
	}
	close(file)
	if (status < 0) {
		print file ": cannot be read" > "/dev/stderr"
		exit 2
	}
}

function print_rams(   i) {
	for (i = 1; i <= n_used; i++) {
		array(order[i])
		if (ports[order[i]] == 1)
			print_file(here "/ram_banks.v", order[i])
	}
	print_file(here "/ram_keep.v", "")
	print_file(ram, "")
	if (!marked) {
		print ram ": its memory does not stand between the markers \"Memory macro begins\" and \"ends\"" > "/dev/stderr"
		exit 2
	}
}

$1 == "macro" && NF == 7 {
	words[$2] = $3
	bits[$2] = $4
	ports[$2] = $6
	keeps[$2] = $7
	for (place[$2] = 0; 2 ^ place[$2] < $3; )
		place[$2]++
	next
}
$1 == "pin" && NF == 7 {
	i = ++n_pins[$2]
	name[$2, i] = $3
	width[$2, i] = $4
	use[$2, i] = $5
	level[$2, i] = $6
	owner[$2, i] = $7
	next
}
$4 in words {
	if (!($4 in used)) {
		used[$4] = 1
		order[++n_used] = $4
	}
	key = $2 " " $3 " " $4 " " $7 " " $8
	if (!(key in is_size)) {
		is_size[key] = 1
		size[++n_sizes] = key
	}
}
END {
	if (what == "rams")
		print_rams()
	for (i = 1; i <= n_used; i++)
		if (what == "boxes")
			box(order[i])
		else if (what == "models")
			model(order[i])
}
