# Area by module and by category, from `stat -liberty L -top T` of a design that was not flattened; prints JSON members.
# usage: awk -f scripts/hierarchy.awk -f asic/area.awk -v nand2=AREA -v top=TOP categories stat.txt
# A module's area is its own cells', without what it instantiates, times the number of its instances.
function tally(row, kind, name, count) {
	area[row] += count * own[name]
	total[kind] += count * own[name]
	all += count * own[name]
}

/Chip area for (top )?module/ && !hierarchy {
	name = $0
	sub(/^[^']*'\\?/, "", name)
	sub(/':.*$/, "", name)
	own[name] = $NF
}
hierarchy == 2 && /Chip area for top module/ { stated = $NF }

END {
	if (!hierarchy) {
		visit(top, 1, 0)
		stated = own[top]
	}
	printf "  \"by_module\": {\"area_um2\": %.2f, \"kge\": %.3f},\n", all, all / nand2 / 1000
	printf "  \"categories\": {"
	for (i = 1; i <= n_kinds; i++)
		printf "%s\n    \"%s\": {\"kge\": %.3f, \"share\": %.4f}", (i > 1 ? "," : ""), kinds[i], total[kinds[i]] / nand2 / 1000,
			all ? total[kinds[i]] / all : 0
	printf "\n  },\n  \"modules\": ["
	for (i = 1; i <= rows; i++)
		printf "%s\n    {\"name\": \"%s\", \"category\": \"%s\", \"instances\": %d, \"area_um2\": %.2f, \"kge\": %.3f}", (i > 1 ? "," : ""),
			row_module[i], row_kind[i], instances[i], area[i], area[i] / nand2 / 1000
	printf "\n  ]"
	if (all == 0 || (stated > 0 && (all / stated > 1.001 || all / stated < 0.999))) {
		printf "area by module %s, stated %s\n", all, stated > "/dev/stderr"
		exit 1
	}
}
