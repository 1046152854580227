# Category of each place of a hierarchical netlist. usage: awk -f places.awk -v top=TOP categories tree.v
# Prints "INSTANCE CATEGORY", instances with dots between, `.' for TOP. A module that is not listed belongs to the one that instantiates it.
function plain(name) {
	sub(/^\\/, "", name)
	return name
}
function base(name) {
	if (name ~ /^\$paramod\$/)
		sub(/^.*\\/, "", name)
	else if (name ~ /^\$paramod\\/) {
		sub(/^\$paramod\\/, "", name)
		sub(/\\.*$/, "", name)
	}
	return name
}
function visit(module, path, kind,   i, m) {
	m = base(module)
	kind = m in category ? category[m] : kind
	print (path == "" ? "." : path), kind
	for (i = 1; i <= children[module]; i++)
		visit(child_type[module, i], path (path == "" ? "" : ".") child_name[module, i], kind)
}
FNR == NR {
	if ($1 !~ /^#/ && NF == 2)
		category[$1] = $2
	next
}
$1 == "module" {
	module = $2
	if (module !~ /^\\/)
		sub(/\(.*$/, "", module)
	module = plain(module)
	known[module] = 1
	next
}
NF == 3 && $3 == "(" {
	n = ++all[module]
	type[module, n] = plain($1)
	name[module, n] = plain($2)
}
END {
	for (module in known)
		for (i = 1; i <= all[module]; i++)
			if (type[module, i] in known) {
				n = ++children[module]
				child_type[module, n] = type[module, i]
				child_name[module, n] = name[module, i]
			}
	visit(top, "", "other")
}
