# What became of the memories, as a JSON member: the choices of rams.awk, then `stat` of the flattened design, which counts black boxes.
# usage: awk -f rams_json.awk -v nand2=AREA rams.choice rams.count
FNR == NR {
	order[++rows] = $1
	width[$1] = $2
	depth[$1] = $3
	holder[$1] = $4
	macros[$1] = $5
	area[$1] = $6
	ports[$1] = $7
	next
}
$1 in width { count[$1] = $2 }
END {
	printf ",\n  \"rams\": {\n    \"method\": \"estimated: area of the macros that hold each memory, from their Liberty files; not in area_um2; parity logic of these is left out; a macro of one port needs twice the clock, or a second bank, for a read and a write in one cycle\",\n    \"sizes\": ["
	for (i = 1; i <= rows; i++) {
		r = order[i]
		printf "%s\n      {\"width\": %d, \"depth\": %d", (i > 1 ? "," : ""), width[r], depth[r]
		if (holder[r] == "flops")
			printf ", \"held_by\": \"flops\"}"
		else if (holder[r] == "none")
			printf ", \"instances\": %d, \"held_by\": null}", count[r]
		else
			printf ", \"instances\": %d, \"held_by\": \"%s\", \"macros\": %d, \"macro_ports\": %d, \"area_um2\": %.2f}", count[r], holder[r],
				count[r] * macros[r], ports[r], count[r] * area[r]
		total += count[r] * area[r]
		used += count[r] * macros[r]
		if (holder[r] == "none")
			left += count[r] * width[r] * depth[r]
	}
	printf "\n    ],\n    \"macros\": %d, \"area_um2\": %.2f, \"kge\": %.3f, \"bits_left_out\": %d\n  }", used, total, total / nand2 / 1000, left
}
