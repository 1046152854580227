# What became of the memories, as a JSON member: the choices of rams.awk, then `stat` of the design with its memories as black boxes.
# usage: awk -f rams_json.awk -v nand2=AREA rams.choice rams.count
FNR == NR {
	order[++rows] = $1
	width[$1] = $2
	depth[$1] = $3
	holder[$1] = $4
	macros[$1] = $5
	area[$1] = $6
	style[$1] = $7
	next
}
$1 in width { count[$1] = $2 }
END {
	printf ",\n  \"rams\": {\n    \"method\": \"synthesised: the netlist has the macros, and area_um2 has their area, which is their Liberty file's; style ports: of two ports; halves: of one port, one for each half; banks: of one port, twice, with a table that says which bank has a word\",\n    \"sizes\": ["
	for (i = 1; i <= rows; i++) {
		r = order[i]
		printf "%s\n      {\"width\": %d, \"depth\": %d, \"instances\": %d", (i > 1 ? "," : ""), width[r], depth[r], count[r]
		if (holder[r] == "flops")
			printf ", \"held_by\": \"flops\"}"
		else if (holder[r] == "none")
			printf ", \"held_by\": null}"
		else
			printf ", \"held_by\": \"%s\", \"style\": \"%s\", \"macros\": %d, \"area_um2\": %.2f}", holder[r], style[r],
				count[r] * macros[r], count[r] * area[r]
		total += count[r] * area[r]
		used += count[r] * macros[r]
		if (holder[r] == "none")
			left += count[r] * width[r] * depth[r]
	}
	printf "\n    ],\n    \"macros\": %d, \"area_um2\": %.2f, \"kge\": %.3f, \"bits_left_out\": %d\n  }", used, total, total / nand2 / 1000, left
}
