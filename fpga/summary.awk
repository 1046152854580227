# JSON members of a whole: its counts, and what they are of a part.
# usage: awk -f fpga/summary.awk -v capacity="LUT FF BRAM DSP" [-v table=1] COUNTS
# With table a text for readers. Exit status 1 when it does not fit.
{
	count[$1] = $2
	name[++names] = $1
}

END {
	split(capacity, part)
	n = split("lut ff bram dsp", resource)
	for (i = 1; i <= n; i++) {
		fits_not += count[resource[i]] > part[i]
		used = sprintf("%.2f", 100 * count[resource[i]] / part[i])
		room = room (i > 1 ? ", " : "") "\"" resource[i] "\": " part[i]
		percent = percent (i > 1 ? ", " : "") "\"" resource[i] "\": " used
		if (table)
			printf "  %-6s %9s of %7d  %6s%%\n", resource[i], count[resource[i]], part[i], used
	}
	if (table) {
		printf "  carry4 %d, muxf7 %d, muxf8 %d; %d of the LUTs are memory or shift registers\n", count["carry4"], count["muxf7"],
			count["muxf8"], count["lut_memory"]
	} else {
		for (i = 1; i <= names; i++)
			printf "  \"%s\": %s,\n", name[i], count[name[i]]
		printf "  \"capacity\": {%s},\n  \"used_percent\": {%s},\n  \"fits\": %s", room, percent, fits_not ? "false" : "true"
	}
	exit fits_not > 0
}
