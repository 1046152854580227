# From what sta.tcl printed to JSON members: fmax, the critical path, and the slowest pairs of start and end point with bit indices
# folded into one row each. Exit 1 when there is no path.
function plain(pin) {
	sub(/ .*$/, "", pin)
	gsub(/\\/, "", pin)
	sub(/_reg\/[A-Za-z0-9_]+$/, "", pin)
	return pin
}

function folded(pin) {
	gsub(/\[[0-9]+\]/, "[*]", pin)
	return pin
}

/^== / { part = $2; next }
/^(Startpoint|Endpoint) / || /^-+$/ { next }
(part == "paths" || part == "registers") && $NF ~ /^-?[0-9]+\.[0-9]+$/ && NF >= 3 {
	# "start (cell) end (cell) slack"; a port has "(input)" or "(output)"
	start = plain($1)
	end_at = plain($2 ~ /^\(/ ? $3 : $2)
	delay = 1000 - $NF
	if (part == "registers") {
		if (delay > register_delay)
			register_delay = delay
		next
	}
	if (!rows_seen++) {
		worst = delay
		worst_start = start
		worst_end = end_at
	}
	key = folded(start) SUBSEP folded(end_at)
	if (!(key in seen) && rows < 12) {
		seen[key] = delay
		row[++rows] = key
	}
}

END {
	if (!rows_seen || worst <= 0)
		exit 1
	printf "  \"fmax_mhz\": %.1f,\n", 1000 / worst
	if (register_delay > 0)
		printf "  \"fmax_register_to_register_mhz\": %.1f,\n", 1000 / register_delay
	printf "  \"critical_path\": {\"ns\": %.4f, \"start\": \"%s\", \"end\": \"%s\"},\n", worst, worst_start, worst_end
	printf "  \"slow_paths\": ["
	for (i = 1; i <= rows; i++) {
		split(row[i], part_of, SUBSEP)
		printf "%s\n    {\"ns\": %.4f, \"start\": \"%s\", \"end\": \"%s\"}", (i > 1 ? "," : ""), seen[row[i]], part_of[1], part_of[2]
	}
	printf "\n  ]"
}
