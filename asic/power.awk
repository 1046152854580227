# Power from toggles: the sum over cells of P0 + a (P1 - P0), where a is the toggles of the cell's busiest output a cycle, and P0, P1 what
# sta says of the cell at activity 0 and 1.
# usage: awk -f power.awk kind=models cells.v kind=netlist FILE kind=power sta.log kind=toggles FILE [kind=places FILE]
# Prints "total DUMP CYCLES WATTS" for each dump, "all CYCLES WATTS" for them together and, given places, "category NAME WATTS".
kind == "models" && $1 == "module" { cell = $2; sub(/\(.*$/, "", cell) }
kind == "models" && $1 == "output" { sub(/;$/, "", $NF); is_output[cell, $NF] = 1 }
kind == "netlist" && NF == 3 && $3 == "(" { sub(/^\\/, "", $2); type[$2] = $1 }
kind == "power" && $1 == "==" { run = $2; next }
kind == "power" && NF == 5 && $4 ~ /^-?[0-9.]+e[-+][0-9]+$/ {
	if (!($5 in type)) {
		print "sta knows " $5 ", which the netlist does not have" > "/dev/stderr"
		exit bad = 1
	}
	watts[$5, run] = $4
	seen[run]++
	if (run == 1)
		order[++cells] = $5
}
kind == "toggles" && $1 == "cycles" { cycles[$2] = $3; dumps = $2 + 1; all_cycles += $3 }
kind == "toggles" && $1 == "pin" && (type[$3], $4) in is_output && $5 > toggles[$2, $3] { toggles[$2, $3] = $5 }
kind == "places" { place[$1] = $2 }

END {
	if (bad)
		exit 1
	if (!cells || seen[0] != cells || !all_cycles) {
		print "no power of the cells, or no cycles" > "/dev/stderr"
		exit 1
	}
	for (i = 1; i <= cells; i++) {
		c = order[i]
		own = 0
		for (d = 0; d < dumps; d++) {
			w = watts[c, 0] * cycles[d] + toggles[d, c] * (watts[c, 1] - watts[c, 0]) # times cycles
			sum[d] += w
			own += w
			if ((d, c) in toggles)
				found++
		}
		at = c
		if (!sub(/\.[^.]*$/, "", at))
			at = "."
		category[at in place ? place[at] : "other"] += own
		total += own
	}
	if (!found) {
		print "no cell of the netlist toggles" > "/dev/stderr"
		exit 1
	}
	for (d = 0; d < dumps; d++)
		printf "total %d %d %.9g\n", d, cycles[d], sum[d] / cycles[d]
	printf "all %d %.9g\n", all_cycles, total / all_cycles
	for (k in category)
		printf "category %s %.9g\n", k, category[k] / all_cycles
}
