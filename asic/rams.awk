# What holds each size of memory: reads what macros.awk prints, then RTLIL of the memories' modules.
# usage: awk -f rams.awk -v flop=AREA -v limit=BITS [macros.facts] rams.il
# Prints "MODULE WIDTH DEPTH HOLDER MACROS AREA STYLE HALVES": HOLDER is a macro, `flops' or `none'; AREA of all its macros (um2). STYLE of a macro:
#   ports    of two ports, as many as width and depth take
#   halves   of one port, where reads and writes at one edge are in different halves (ram's HALVES)
#   banks    of one port, twice: a write goes to the bank that is not read, a flip-flop a word tells which bank has it
# A macro is taken where it, with the flip-flops beside it, is smaller than the flip-flops of the memory alone; without macros, `flops' up to limit bits.
function ceiling(x) { return x == int(x) ? x : int(x) + 1 }
function cells(i, bits, depth) { return ceiling(bits / width_of[i]) * ceiling(depth / words_of[i]) }
# a table's bit is a flip-flop and what reads and writes it, about as much again
function beside(i, bits, depth) { return flop * ((keeps[i] ? 0 : bits) + (style == "banks" ? 2 * depth : 0)) }
function choose(module, bits, depth, halves,   i, n, all, best, best_all, best_n, best_style) {
	best = 0
	for (i = 1; i <= n_macros; i++) {
		style = ports[i] == 2 ? "ports" : halves ? "halves" : "banks"
		n = style == "ports" ? cells(i, bits, depth) : style == "halves" ? 2 * cells(i, bits, depth / 2) : 2 * cells(i, bits, depth)
		all = n * area_of[i] + beside(i, bits, depth)
		if (!best || all < best_all) {
			best = i
			best_n = n
			best_all = all
			best_style = style
		}
	}
	if (best && best_all < bits * depth * flop)
		print module, bits, depth, name_of[best], best_n, best_n * area_of[best], best_style, halves
	else
		print module, bits, depth, best || bits * depth <= limit ? "flops" : "none", 0, 0, "-", halves
}

$1 == "macro" {
	n_macros++
	name_of[n_macros] = $2
	words_of[n_macros] = $3
	width_of[n_macros] = $4
	area_of[n_macros] = $5
	ports[n_macros] = $6
	keeps[n_macros] = $7
}
/^module / { module = $2; halves = 0 }
/^ *parameter \\HALVES / { halves = $NF + 0 }
/^ *memory width / {
	for (i = 1; i < NF; i++)
		v[$i] = $(i + 1)
	choose(module, v["width"], v["size"], halves)
}
