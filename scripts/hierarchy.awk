# Walks the tree that `stat -top TOP` prints of a design that was not flattened; for awk -f with a second file, which has
#   tally(row, kind, name, count)  called for each place in the tree: yosys' name of the module, and how often it stands there in all
# and reads `categories` first, then what stat printed (-v top=TOP; yosys prints no tree for a single module: call visit(top, 1, 0) then).
# Rows 1..rows are pairs of category and module: row_module[], row_kind[], instances[]; kinds[1..n_kinds] are the categories in order.
function base(name) {
	if (name ~ /^\$paramod\$/) {
		sub(/^.*\\/, "", name)
	} else if (name ~ /^\$paramod\\/) {
		sub(/^\$paramod\\/, "", name)
		sub(/\\.*$/, "", name)
	}
	return name
}

# A module whose category is not listed belongs to the one that instantiates it.
function visit(name, count, depth,   m, key) {
	times[depth] = depth == 0 ? count : times[depth - 1] * count
	m = base(name)
	kind[depth] = m in category ? category[m] : (depth == 0 ? "other" : kind[depth - 1])
	key = kind[depth] SUBSEP m
	if (!(key in row_of)) {
		row_of[key] = ++rows
		row_module[rows] = m
		row_kind[rows] = kind[depth]
	}
	instances[row_of[key]] += times[depth]
	tally(row_of[key], kind[depth], name, times[depth])
}

FNR == NR {
	if ($1 !~ /^#/ && NF == 2) {
		category[$1] = $2
		if (!($2 in is_kind)) {
			is_kind[$2] = 1
			kinds[++n_kinds] = $2
		}
	}
	next
}
FNR == 1 { kinds[++n_kinds] = "other" }
/^=== design hierarchy ===/ { hierarchy = 1; next }
hierarchy == 1 && NF == 2 && $2 ~ /^[0-9]+$/ {
	match($0, /^ */)
	visit($1, $2, (RLENGTH - 3) / 2)
}
hierarchy == 1 && /Number of/ { hierarchy = 2 }
