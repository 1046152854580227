# What holds each size of memory: reads Liberty files of memory macros, then RTLIL of the memories' modules.
# usage: awk -f rams.awk -v flop=AREA -v limit=BITS [macro.lib...] rams.il
# Prints "MODULE WIDTH DEPTH HOLDER MACROS AREA PORTS": HOLDER is a macro, `flops' or `none'; AREA of all its macros (um2), PORTS of one (self-test apart).
# A macro is taken where it is smaller than the flip-flops alone would be; without macros, `flops' up to limit bits.
function ceiling(x) { return x == int(x) ? x : int(x) + 1 }
function value(line) {
	sub(/^[^:]*:[ \t]*/, "", line)
	sub(/[ \t]*;.*$/, "", line)
	gsub(/["\r]/, "", line)
	return line
}
function close_macro() {
	if (macro == "")
		return
	if (!(words > 0 && width > 0 && area > 0)) {
		print "macro " macro ": no area, address_width or word_width" > "/dev/stderr"
		bad = 1
	}
	n_macros++
	name_of[n_macros] = macro
	words_of[n_macros] = words
	width_of[n_macros] = width
	area_of[n_macros] = area
	ports_of[n_macros] = ports
	macro = ""
}
function choose(module, bits, depth,   i, n, best, best_area, best_n) {
	best = 0
	for (i = 1; i <= n_macros; i++) {
		n = ceiling(bits / width_of[i]) * ceiling(depth / words_of[i])
		if (!best || n * area_of[i] < best_area) {
			best = i
			best_n = n
			best_area = n * area_of[i]
		}
	}
	if (best && best_area < bits * depth * flop)
		print module, bits, depth, name_of[best], best_n, best_area, ports_of[best]
	else if (best || bits * depth <= limit)
		print module, bits, depth, "flops", 0, 0, 0
	else
		print module, bits, depth, "none", 0, 0, 0
}

FNR == 1 { close_macro() }
/^[ \t]*cell[ \t]*\(/ {
	close_macro()
	macro = $0
	sub(/^[^(]*\([ \t"]*/, "", macro)
	sub(/[ \t"]*\).*$/, "", macro)
	words = width = area = ports = 0
	split("", seen)
}
/^[ \t]*area[ \t]*:/ && macro != "" && !area { area = value($0) + 0 }
/^[ \t]*address_width[ \t]*:/ { words = 2 ^ value($0) }
/^[ \t]*word_width[ \t]*:/ { width = value($0) + 0 }
/^[ \t]*address[ \t]*:/ && macro != "" && !(value($0) in seen) && value($0) !~ /BIST/ {
	seen[value($0)] = 1
	ports++
}
/^module / { module = $2 }
/^ *memory width / {
	for (i = 1; i < NF; i++)
		v[$i] = $(i + 1)
	choose(module, v["width"], v["size"])
}
END { exit bad }
