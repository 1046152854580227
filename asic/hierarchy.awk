# Area by module and by category, from `stat -liberty L -top T` of a design that was not flattened; prints JSON members.
# usage: awk -f hierarchy.awk -v nand2=AREA -v top=TOP categories stat.txt
# A module's area is its own cells', without what it instantiates, times the number of its instances.
function base(name) {
	if (name ~ /^\$paramod\$/) {
		sub(/^.*\\/, "", name)
	} else if (name ~ /^\$paramod\\/) {
		sub(/^\$paramod\\/, "", name)
		sub(/\\.*$/, "", name)
	}
	return name
}

function visit(name, count, depth,   m, key) {
	times[depth] = depth == 0 ? count : times[depth - 1] * count
	m = base(name)
	kind[depth] = m in category ? category[m] : (depth == 0 ? "other" : kind[depth - 1])
	key = kind[depth] SUBSEP m
	if (!(key in instances))
		order[++rows] = key
	instances[key] += times[depth]
	area[key] += times[depth] * own[name]
	total[kind[depth]] += times[depth] * own[name]
	all += times[depth] * own[name]
}

FNR == NR {
	if ($1 !~ /^#/ && NF == 2) {
		category[$1] = $2
		if (!($2 in total)) {
			total[$2] = 0
			kinds[++n_kinds] = $2
		}
	}
	next
}
/^=== design hierarchy ===/ { hierarchy = 1; next }
/Chip area for (top )?module/ && !hierarchy {
	name = $0
	sub(/^[^']*'\\?/, "", name)
	sub(/':.*$/, "", name)
	own[name] = $NF
}
hierarchy == 1 && NF == 2 && $2 ~ /^[0-9]+$/ {
	match($0, /^ */)
	visit($1, $2, (RLENGTH - 3) / 2)
}
hierarchy == 1 && /Number of/ { hierarchy = 2 }
hierarchy == 2 && /Chip area for top module/ { stated = $NF }

END {
	if (!hierarchy) { # yosys prints no tree for a single module
		visit(top, 1, 0)
		stated = own[top]
	}
	kinds[++n_kinds] = "other"
	printf "  \"by_module\": {\"area_um2\": %.2f, \"kge\": %.3f},\n", all, all / nand2 / 1000
	printf "  \"categories\": {"
	for (i = 1; i <= n_kinds; i++)
		printf "%s\n    \"%s\": {\"kge\": %.3f, \"share\": %.4f}", (i > 1 ? "," : ""), kinds[i], total[kinds[i]] / nand2 / 1000,
			all ? total[kinds[i]] / all : 0
	printf "\n  },\n  \"modules\": ["
	for (i = 1; i <= rows; i++) {
		split(order[i], part, SUBSEP)
		printf "%s\n    {\"name\": \"%s\", \"category\": \"%s\", \"instances\": %d, \"area_um2\": %.2f, \"kge\": %.3f}", (i > 1 ? "," : ""),
			part[2], part[1], instances[order[i]], area[order[i]], area[order[i]] / nand2 / 1000
	}
	printf "\n  ]"
	if (all == 0 || (stated > 0 && (all / stated > 1.001 || all / stated < 0.999))) {
		printf "area by module %s, stated %s\n", all, stated > "/dev/stderr"
		exit 1
	}
}
