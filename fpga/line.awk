# The largest number of PEs that fits a part, on straight lines through the counts of two sizes (modelled, not synthesised).
# usage: awk -f fpga/line.awk -v pes=P -v second=Q -v capacity="LUT FF BRAM DSP" -v most=MOST [-v at=R] P.counts Q.counts
# Prints shell assignments: largest, limit (what runs out first: a resource, or pes when MOST of them fit), largest_80 (at 80% of
# everything), and per_pe and rest as members of JSON objects. With -v at=R instead the line's "NAME COUNT" lines at R PEs.
# A slice has 4 LUTs, 1 CARRY4, 2 MUXF7 and 1 MUXF8 (UG474).
FNR == 1 { file++ }
{
	count[file, $1] = $2
	if (file == 1)
		name[++names] = $1
}

# fit(SHARE): the largest number at that share of the part; sets limit
function fit(share,   best, i, room) {
	best = most
	limit = "pes"
	for (i = 1; i <= names; i++) {
		if (!(name[i] in has) || slope[name[i]] <= 0)
			continue
		room = int((share * has[name[i]] - offset[name[i]]) / slope[name[i]] + 1e-9)
		if (room < best) {
			best = room < 0 ? 0 : room
			limit = name[i]
		}
	}
	return best
}

function members(table,   i, text) {
	for (i = 1; i <= names; i++)
		text = text (i > 1 ? ", " : "") sprintf("\"%s\": %.10g", name[i], int(table[name[i]] * 100 + (table[name[i]] < 0 ? -0.5 : 0.5)) / 100)
	return text
}

END {
	split(capacity, part)
	has["lut"] = part[1]
	has["ff"] = part[2]
	has["bram"] = part[3]
	has["dsp"] = part[4]
	has["carry4"] = has["muxf8"] = part[1] / 4
	has["muxf7"] = part[1] / 2
	for (i = 1; i <= names; i++) {
		slope[name[i]] = (count[2, name[i]] - count[1, name[i]]) / (second - pes)
		offset[name[i]] = count[1, name[i]] - slope[name[i]] * pes
		if (at)
			printf "%s %.10g\n", name[i], offset[name[i]] + slope[name[i]] * at
	}
	if (at)
		exit
	largest_80 = fit(0.8)
	printf "largest=%d\n", fit(1)
	printf "limit=%s\nlargest_80=%d\nper_pe='%s'\nrest='%s'\n", limit, largest_80, members(slope), members(offset)
}
