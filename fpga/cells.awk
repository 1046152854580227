# Counts of cells, from `stat -top TOP` after synth_xilinx; a module's own cells times the number of its instances.
# usage: awk -f scripts/hierarchy.awk -f fpga/cells.awk -v top=TOP [-v json=1] asic/categories stat.txt
# Prints "NAME COUNT" lines of the whole, or JSON members by_module, categories and modules.
# lut: LUT1 to LUT6, an INV as a LUT1, and the LUTs that RAMs and shift registers occupy (lut_memory, those alone); bram: blocks of
# 36 Kb, a RAMB18E1 is half of one. A cell that is none of these, nor a module, is an error.
BEGIN {
	fields = split("lut lut_memory ff carry4 muxf7 muxf8 bram dsp", field)
	for (i = 1; i <= 6; i++)
		weigh("LUT" i, "lut", 1)
	weigh("INV", "lut", 1)
	weigh("CARRY4", "carry4", 1)
	weigh("MUXF7", "muxf7", 1)
	weigh("MUXF8", "muxf8", 1)
	weigh("RAMB36E1", "bram", 1)
	weigh("RAMB18E1", "bram", 0.5)
	weigh("DSP48E1", "dsp", 1)
	words = split("FDRE FDSE FDCE FDPE FDRE_1 FDSE_1 FDCE_1 FDPE_1 LDCE LDPE", word)
	for (i = 1; i <= words; i++)
		weigh(word[i], "ff", 1)
	# LUTs of a slice that a memory cell takes: UG474, table 2-3, and UG953
	words = split("RAM32X1S 1 RAM32X1D 2 RAM32M 4 RAM64X1S 1 RAM64X1D 2 RAM64M 4 RAM128X1S 2 RAM128X1D 4 RAM256X1S 4 SRL16E 1 SRLC16E 1 SRLC32E 1", word)
	for (i = 1; i <= words; i += 2) {
		weigh(word[i], "lut", word[i + 1])
		weigh_memory[word[i]] = word[i + 1]
	}
	free["VCC"] = free["GND"] = 1
}

function weigh(type, name, count) {
	counted[type] = name
	weight[type] = count
}

# add TABLE PREFIX TYPE COUNT
function add(table, prefix, type, count) {
	table[prefix, counted[type]] += count * weight[type]
	if (type in weigh_memory)
		table[prefix, "lut_memory"] += count * weigh_memory[type]
}

function tally(row, kind, name, count,   i) {
	for (i = 1; i <= fields; i++) {
		row_sum[row, field[i]] += count * own[name, field[i]]
		kind_sum[kind, field[i]] += count * own[name, field[i]]
		sum[field[i]] += count * own[name, field[i]]
	}
}

# counts(TABLE, PREFIX): as the members of a JSON object
function counts(table, prefix,   i, text) {
	for (i = 1; i <= fields; i++)
		text = text (i > 1 ? ", " : "") "\"" field[i] "\": " table[prefix, field[i]] + 0
	return text
}

/^=== .* ===$/ && !hierarchy {
	name = $2
	sub(/^\\/, "", name)
	known[name] = 1
}
!hierarchy && NF == 2 && $2 ~ /^[0-9]+$/ {
	if ($1 in counted)
		add(own, name, $1, $2)
	else
		other[$1] = name
}
hierarchy == 2 && NF == 2 && ($1 in counted) { add(own, "whole", $1, $2) }

END {
	if (!hierarchy)
		visit(top, 1, 0)
	for (type in other)
		if (!(type in known) && !(type in free)) {
			printf "cell %s in %s is of no kind that fpga/cells.awk knows\n", type, other[type] > "/dev/stderr"
			exit 1
		}
	for (i = 1; i <= fields; i++) {
		sum["whole", field[i]] = sum[field[i]]
		if (hierarchy && sum[field[i]] + 0 != own["whole", field[i]] + 0) {
			printf "%s by module %s, stated %s\n", field[i], sum[field[i]], own["whole", field[i]] > "/dev/stderr"
			exit 1
		}
	}
	if (!json) {
		for (i = 1; i <= fields; i++)
			print field[i], sum[field[i]] + 0
		exit
	}
	printf "  \"by_module\": {%s},\n  \"categories\": {", counts(sum, "whole")
	for (i = 1; i <= n_kinds; i++)
		printf "%s\n    \"%s\": {%s}", (i > 1 ? "," : ""), kinds[i], counts(kind_sum, kinds[i])
	printf "\n  },\n  \"modules\": ["
	for (i = 1; i <= rows; i++)
		printf "%s\n    {\"name\": \"%s\", \"category\": \"%s\", \"instances\": %d, %s}", (i > 1 ? "," : ""), row_module[i],
			row_kind[i], instances[i], counts(row_sum, i)
	printf "\n  ]"
}
