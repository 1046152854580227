# Facts about memory macros, from their Liberty files.
# usage: awk -f macros.awk -v told="[CELL.]PIN=USE..." macro_pins macro.lib...
# Prints for each macro:
#   macro NAME WORDS BITS AREA PORTS KEEPS   PORTS 1: one that reads or writes; 2: one that writes, one that reads. KEEPS: 1 the output shows a word
#                                           until the next read; 0 for one cycle only
#   pin NAME PIN WIDTH USE LEVEL PORTS      USE: clk, address, data, q, ce, we, re, mask (these with PORTS: x, or w, r or wr), tie (input at LEVEL), open
# USE in `told': 0 or 1 (tie), ce, we, re, mask, !ce, !we, !re, !mask (low), clk, or brief (an output that shows a word for one cycle only); ce@ADDRESS
# says whose port's it is. Exit status 2 with messages when a macro cannot be used.
function complain(text) {
	print file_of[cell] ": cell " cell text > "/dev/stderr"
	bad = 1
}

# ---- Liberty: statements and groups, one character class at a time ----
function name_in(header) {
	sub(/^[^(]*\([ \t"]*/, "", header)
	sub(/[ \t"]*\)[ \t]*$/, "", header)
	return header
}

function open_group(header,   kind, name) {
	kind = header
	sub(/[ \t]*\(.*$/, "", kind)
	name = name_in(header)
	depth++
	group[depth] = kind
	if (kind == "cell") {
		cell = name
		cells[++n_cells] = cell
		file_of[cell] = FILENAME
		pin = ""
	} else if (kind == "type") {
		type = name
	} else if ((kind == "pin" || kind == "bus") && depth == cell_depth() + 1) {
		pin = base(name)
		if (!((cell, pin) in seen)) {
			seen[cell, pin] = 1
			pins[cell] = pins[cell] " " pin
		}
		if (name ~ /\[[0-9]+\]$/)
			widen(name)
	} else if (kind == "pin" && name ~ /\[/) {
		widen(name)
	} else if (kind == "timing") {
		related = kind_of_timing = condition = ""
	}
}

function cell_depth(   d) {
	for (d = depth; d > 0 && group[d] != "cell"; d--)
		continue
	return d
}

# a[7], a[7:0]: a has 8 bits at least
function base(name) {
	sub(/\[.*$/, "", name)
	return name
}
function widen(name,   n) {
	n = name
	sub(/^.*\[/, "", n)
	sub(/[:\]].*$/, "", n)
	if (base(name) == pin && n + 1 > counted[cell, pin])
		counted[cell, pin] = n + 1
}

function close_group() {
	if (group[depth] == "timing" && pin != "")
		close_timing()
	if (group[depth] == "cell")
		cell = ""
	if ((group[depth] == "pin" || group[depth] == "bus") && depth == cell_depth() + 1)
		pin = ""
	if (depth > 0)
		depth--
}

function close_timing() {
	if (kind_of_timing ~ /^setup/)
		conditions[cell, pin] = conditions[cell, pin] " & " condition
	if (kind_of_timing ~ /_edge$|^setup/ && related != "")
		clock_of[cell, pin] = related
	if (kind_of_timing ~ /^setup_falling/)
		falls[cell, pin] = 1
}

function attribute(text,   key, value) {
	key = value = text
	sub(/[ \t]*:.*$/, "", key)
	sub(/^[^:]*:[ \t]*/, "", value)
	gsub(/"/, "", value)
	sub(/[ \t]+$/, "", value)
	if (key == "bit_width" && group[depth] == "type")
		bits_of_type[FILENAME, type] = value
	else if (cell == "")
		return
	else if (key == "area" && group[depth] == "cell")
		area[cell] = value
	else if (group[depth] == "memory")
		memory[cell, key] = value
	else if (pin == "")
		return
	else if (key == "bus_type")
		type_of[cell, pin] = value
	else if (key == "direction" && (direction[cell, pin] == "" || group[depth] != "timing"))
		direction[cell, pin] = value
	else if (key == "clock")
		clocks[cell, pin] = value == "true"
	else if (group[depth] == "memory_read" && key == "address")
		reads[cell, pin] = value
	else if (group[depth] == "memory_write" && key == "address")
		writes[cell, pin] = value
	else if (group[depth] == "memory_write" && key == "clocked_on")
		clock_of[cell, pin] = value
	else if (key == "related_pin")
		related = value
	else if (key == "timing_type")
		kind_of_timing = value
	else if (key == "when" && group[depth] == "timing")
		condition = value
}

# a statement may lack its semicolon at the end of a line
function is_whole(text) {
	return text ~ /^[A-Za-z_]+[ \t]*:[ \t]*("[^"]*"|[^" \t\\]+)$/
}

function take(line,   at, sign) {
	while (match(line, /[{};]/)) {
		at = RSTART
		sign = substr(line, at, 1)
		pending = pending substr(line, 1, at - 1)
		line = substr(line, at + 1)
		gsub(/^[ \t]+|[ \t]+$/, "", pending)
		if (sign == "{")
			open_group(pending)
		else if (pending ~ /:/)
			attribute(pending)
		if (sign == "}")
			close_group()
		pending = ""
	}
	pending = pending line
	gsub(/^[ \t]+|[ \t]+$/, "", pending)
	if (is_whole(pending)) {
		attribute(pending)
		pending = ""
	}
}

# ---- uses ----
function width(p) {
	if (type_of[cell, p] != "" && bits_of_type[file_of[cell], type_of[cell, p]] > 0)
		return bits_of_type[file_of[cell], type_of[cell, p]]
	return counted[cell, p] > 0 ? counted[cell, p] : 1
}

# What stands around a stem in a name: affixes of a port, from its address's and clock's names.
function note_affixes(port, name, stems,   n, i, at, s, part) {
	name = tolower(name)
	n = split(stems, part, " ")
	for (i = 1; i <= n; i++) {
		s = part[i]
		for (at = 1; at + length(s) - 1 <= length(name); at++)
			if (substr(name, at, length(s)) == s)
				affixes[port] = affixes[port] " " substr(name, 1, at - 1) "," substr(name, at + length(s))
	}
}

# The level at which p acts, as the conditions of the set-up times of data and addresses say it; "" when they do not.
function level_told(p,   text, high, low) {
	text = " " evidence " "
	if (text ~ /[!]\(/ || text ~ /\)'/)
		return ""
	gsub(/[ \t]+/, "", text)
	gsub(/[&|*+()]/, " ", text)
	text = " " text " "
	high = index(text, " " p " ")
	low = index(text, " !" p " ") || index(text, " " p "' ")
	return high && low ? "" : high ? 1 : low ? 0 : ""
}

function can(port, use) {
	return use == "we" || use == "mask" ? port ~ /[xw]/ : use == "re" ? port ~ /[xr]/ : 1
}

# Sets use, level and owner of an input by the table; "several" when names may be read in two ways.
function look_up(p,   low, i, n, part, pair, stem, key, found) {
	use = level = owner = found = ""
	low = tolower(p)
	for (port in affixes) {
		n = split(affixes[port], part, " ")
		for (i = 1; i <= n; i++) {
			split(part[i], pair, ",")
			if (length(low) <= length(pair[1]) + length(pair[2]) || substr(low, 1, length(pair[1])) != pair[1] ||
			    substr(low, length(low) - length(pair[2]) + 1) != pair[2])
				continue
			stem = substr(low, length(pair[1]) + 1, length(low) - length(pair[1]) - length(pair[2]))
			if (!(stem in table))
				continue
			key = table[stem]
			if (found != "" && found != key)
				return use = "several"
			found = key
			split(key, pair, " ")
			if (can(port, pair[1]) && index(owner, port) == 0)
				owner = owner port
		}
	}
	if (found == "" && low in table && table[low] ~ /^tie/)
		found = table[low]
	if (found == "")
		return ""
	split(found, pair, " ")
	use = pair[1]
	level = pair[2]
	return use
}

# What the user says of p; sets use, level, owner
function look_told(p,   key, word) {
	key = (cell "." p) in told_of ? cell "." p : p
	if (!(key in told_of))
		return 0
	told_used[key] = 1
	told_word = word = told_of[key]
	owner = ""
	if (word ~ /@/) {
		owner = port_of[substr(word, index(word, "@") + 1)]
		sub(/@.*$/, "", word)
	}
	level = word ~ /^!/ ? 0 : 1
	sub(/^!/, "", word)
	use = word
	if (word == "0" || word == "1") {
		use = "tie"
		level = word
	}
	if (owner == "")
		owner = use == "we" || use == "mask" ? (ports == 1 ? "x" : "w") : use == "re" ? (ports == 1 ? "x" : "r") : ports == 1 ? "x" : "wr"
	return 1
}

function say(p, u, l, o) {
	text = text "pin " cell " " p " " width(p) " " u " " l " " o "\n"
	if (o != "")
		has[u, o] = 1
}

# Ports by their address: what can each do? Two of them when one reads and another writes, else one that does both.
function find_ports(   n, i, p, a, list) {
	split("", can_read)
	split("", can_write)
	evidence = ""
	n = split(pins[cell], list, " ")
	for (i = 1; i <= n; i++) {
		p = list[i]
		if (p ~ /[Bb][Ii][Ss][Tt]/)
			continue
		if ((cell, p) in reads)
			can_read[reads[cell, p]] = p
		if ((cell, p) in writes)
			can_write[writes[cell, p]] = p
	}
	for (p in can_write)
		evidence = evidence " & " conditions[cell, p] " & " conditions[cell, can_write[p]]
	for (p in can_read)
		evidence = evidence " & " conditions[cell, p]
	writer = reader = both = ""
	for (i = 1; i <= n; i++) { # in the file's order
		a = list[i]
		if (a in can_write && a in can_read && both == "")
			both = a
		if (a in can_write && (writer == "" || (writer in can_read && !(a in can_read))))
			writer = a
	}
	for (i = 1; i <= n; i++) {
		a = list[i]
		if (a in can_read && a != writer && (reader == "" || (reader in can_write && !(a in can_write))))
			reader = a
	}
	if (writer != "" && reader != "")
		return 2
	return both != "" ? 1 : 0
}

function is_clock(p) {
	return clocks[cell, p] || p == write_clock || p == read_clock
}

# An input that is neither clock, address nor data of a port that is used
function judge_input(p,   seen_level) {
	if (look_told(p)) {
		if (use !~ /^(ce|we|re|mask|clk|tie)$/)
			complain(", pin " p ": MACRO_PINS says " told_word "; expected 0, 1, ce, we, re, mask, a ! before these, or clk")
		say(p, use, level, use == "tie" || use == "clk" ? "-" : owner)
		return
	}
	if (tolower(p) ~ /bist/ || idle[p]) {
		say(p, "tie", 0, "-")
		return
	}
	look_up(p)
	if (use == "" || use == "several") {
		complain(", pin " p ": its use is not known" (use == "several" ? " (its name can be read in two ways)" : "") "; say it by MACRO_PINS=\"" p \
			"=USE\": 0 or 1 where it is tied, ce, we, re, mask (with a ! before it where it acts low), or clk")
		return
	}
	if (use != "tie") {
		seen_level = level_told(p)
		if ((level == "?" && seen_level == "") || (level != "?" && seen_level != "" && seen_level != level)) {
			complain(", pin " p ": the level at which it acts is not known; say it by MACRO_PINS=\"" p "=" use "\" or \"" p "=!" use "\"")
			return
		}
		level = seen_level == "" ? level : seen_level
	}
	if (use != "tie" && owner == "") { # of what a port could do and is not used for
		use = "tie"
		level = 1 - level
	}
	say(p, use, level, use == "tie" ? "-" : length(owner) > 1 ? "wr" : owner)
}

function judge_pin(p) {
	if (direction[cell, p] == "output") {
		if (p == q && look_told(p) && use != "brief")
			complain(", pin " p ": MACRO_PINS says " told_word "; expected brief")
		brief = brief || (p == q && use == "brief")
		say(p, p == q ? "q" : "open", 1, p == q ? (ports == 1 ? "x" : "r") : "-")
	} else if (direction[cell, p] != "input") {
		complain(", pin " p ": neither input nor output")
	} else if (is_clock(p) && tolower(p) !~ /bist/ && !idle[p]) {
		say(p, "clk", 1, "-")
	} else if (p == writer) {
		say(p, "address", 1, ports == 1 ? "x" : "w")
	} else if (p == reader) {
		say(p, "address", 1, "r")
	} else if (p == d) {
		say(p, "data", 1, ports == 1 ? "x" : "w")
	} else {
		judge_input(p)
	}
}

function check_sizes(   words, bits) {
	words = memory[cell, "address_width"]
	bits = memory[cell, "word_width"]
	if (memory[cell, "type"] != "" && memory[cell, "type"] != "ram")
		complain(": its memory is of type " memory[cell, "type"] "; expected ram")
	if (!(area[cell] > 0 && words > 0 && bits > 0)) {
		complain(": no area, address_width or word_width")
		return
	}
	if (width(writer) != words)
		complain(", pin " writer ": " width(writer) " bits; expected the address_width " words)
	if (ports == 2 && width(reader) != words)
		complain(", pin " reader ": " width(reader) " bits; expected the address_width " words)
	if (width(d) != bits)
		complain(", pin " d ": " width(d) " bits; expected the word_width " bits)
	if (width(q) != bits)
		complain(", pin " q ": " width(q) " bits; expected the word_width " bits)
}

# Pins of ports that nobody uses rest: their enables by the table, the rest at 0
function note_idle(   n, i, list) {
	split("", idle)
	n = split(pins[cell], list, " ")
	for (i = 1; i <= n; i++)
		if (((cell, list[i]) in writes && list[i] != d) || ((list[i] in can_read || list[i] in can_write) && list[i] != writer && list[i] != reader))
			idle[list[i]] = 1
}

function judge_cell(   n, i, list, keeps) {
	ports = find_ports()
	if (!ports) {
		complain(": no port that reads and writes, nor one of each (expected groups memory_read and memory_write with their addresses)")
		return
	}
	if (ports == 1) {
		writer = both
		reader = ""
	}
	d = can_write[writer]
	q = can_read[ports == 1 ? writer : reader]
	write_clock = clock_of[cell, d]
	read_clock = clock_of[cell, q]
	check_sizes()
	if (write_clock == "" || read_clock == "")
		complain(": the clock of " (write_clock == "" ? d : q) " is not known (expected clocked_on, or timing with a related_pin)")
	if (falls[cell, d] || falls[cell, writer])
		complain(", pin " d ": set up before falling edges; expected rising ones")
	split("", affixes)
	split("", port_of)
	split("", has)
	port_of[writer] = ports == 1 ? "x" : "w"
	note_affixes(port_of[writer], writer, "address addr adr ad a")
	note_affixes(port_of[writer], write_clock, "clock clk ck")
	if (ports == 2) {
		port_of[reader] = "r"
		note_affixes("r", reader, "address addr adr ad a")
		note_affixes("r", read_clock, "clock clk ck")
	}
	note_idle()
	text = ""
	brief = 0
	n = split(pins[cell], list, " ")
	for (i = 1; i <= n; i++)
		judge_pin(list[i])
	if (!(("we", "x") in has || ("we", "w") in has || (ports == 2 && (("ce", "w") in has || ("ce", "wr") in has))))
		complain(": no write enable")
	# a word stays where no other access can disturb it: none comes without a read enable, or through a port that also writes
	keeps = ("re", "x") in has || ("re", "r") in has || (ports == 2 && ("ce", "r") in has)
	printf "macro %s %d %d %s %d %d\n%s", cell, 2 ^ memory[cell, "address_width"], memory[cell, "word_width"], area[cell], ports, keeps && !brief, text
}

BEGIN {
	n_told = split(told, word, " ")
	for (i = 1; i <= n_told; i++) {
		at = index(word[i], "=")
		if (at < 2 || at == length(word[i])) {
			print "MACRO_PINS: " word[i] "; expected [CELL.]PIN=USE" > "/dev/stderr"
			bad = 1
			continue
		}
		told_of[substr(word[i], 1, at - 1)] = substr(word[i], at + 1)
	}
}
FNR == NR {
	if ($1 !~ /^#/ && NF == 3)
		table[$1] = $2 " " $3
	next
}
FNR == 1 { depth = 0; pending = cell = pin = ""; in_comment = 0 }
{
	sub(/\r$/, "")
	gsub(/\/\*[^*]*\*\//, "")
	if (in_comment) {
		if (!sub(/^.*\*\//, ""))
			next
		in_comment = 0
	}
	if (sub(/\/\*.*$/, ""))
		in_comment = 1
	take($0)
}
END {
	for (c = 1; c <= n_cells; c++) {
		cell = cells[c]
		if ((cell, "word_width") in memory || (cell, "address_width") in memory)
			judge_cell()
	}
	for (i in told_of)
		if (!(i in told_used)) {
			print "MACRO_PINS: no macro has an input " i > "/dev/stderr"
			bad = 1
		}
	exit bad ? 2 : 0
}
