# Figures of a routed DEF as shell assignments: cells, registers, fillers, nets, vias, die_um2, wire_mm; usage: awk -f def_figures.awk DEF
# A wire is a run of points "( x y )", "*" repeating the coordinate before; widths and vias are names in between.
function fault(text) {
	print "def_figures.awk: " FILENAME ":" FNR ": " text > "/dev/stderr"
	failed = 1
	exit 1
}
/^UNITS DISTANCE MICRONS/ { unit = $4 }
/^DIEAREA/ { die = ($7 - $3) * ($8 - $4) }
/^COMPONENTS/ { part = "components" }
/^NETS/ { part = "nets"; nets = $2 }
/^(SPECIALNETS|PINS)/ { part = "other" }
/^END/ { part = "" }
part == "components" && $1 == "-" {
	if ($3 ~ /^FILL/)
		fillers++
	else
		cells++
	if ($3 ~ /^DFF/)
		registers++
}
part == "nets" && /(ROUTED|NEW) / {
	have = 0
	for (i = 1; i <= NF; i++) {
		if ($i == "(") {
			nx = $(i + 1) == "*" ? x : $(i + 1)
			ny = $(i + 2) == "*" ? y : $(i + 2)
			if (have) {
				if (nx != x && ny != y)
					fault("a wire that is not straight")
				length_ += (nx > x ? nx - x : x - nx) + (ny > y ? ny - y : y - ny)
			}
			x = nx; y = ny; have = 1
			i += 3
		} else if (have && $i ~ /^M[0-9]_M[0-9]/)
			vias++
	}
}
END {
	if (failed)
		exit 1
	if (!unit || !die || !cells || !length_)
		fault("no routed layout: it lacks a unit, a die, cells or wires")
	printf "cells=%d registers=%d fillers=%d nets=%d vias=%d die_um2=%.0f wire_mm=%.2f\n", cells, registers, fillers, nets, vias, die / unit / unit, length_ / unit / 1000
}
