# Shared by the bench scripts: sourced from the top folder. Everything measured goes to $out, one file a figure or table row.
set -u
build=${BUILD:-build}
out=$build/bench
bitlet=$build/bitlet
digits=sim/networks/digits
mkdir -p "$out/config" "$out/cycles" "$out/area" "$out/check" || exit 2

# bench_names LETTERS: configurations whose use holds one of them
bench_names() {
	awk -v use="[$1]" '$1 !~ /^#/ && NF && $2 ~ use { print $1 }' tests/bench/configs
}

# write_config NAME: its YAML goes to $out/config/NAME.yaml; later keys replace those of a preset
write_config() {
	awk -v name="$1" '
		$1 == name { sub(/^[^ ]+ +[^ ]+ +/, ""); text = $0 }
		END {
			count = split(text, item, /; */)
			set("name: " name)
			set("pes: 1")
			for (i = 1; i <= count; i++)
				if (item[i] ~ /^preset=/) {
					file = "gen/presets/" substr(item[i], 8) ".yaml"
					while ((getline line < file) > 0)
						if (line !~ /^(#|name:|pes:|output_lanes:)/ && line != "")
							set(line)
				} else
					set(item[i])
			for (i = 1; i <= keys; i++)
				print value[order[i]]
		}
		function set(line,   key) {
			key = line
			if (line !~ /^ /) sub(/:.*/, "", key)
			if (!(key in value)) order[++keys] = key
			value[key] = line
		}' tests/bench/configs >"$out/config/$1.yaml.tmp" && mv "$out/config/$1.yaml.tmp" "$out/config/$1.yaml"
}

# key NAME KEY: a scalar of its configuration
key() {
	sed -n "s/^$2: *//p" "$out/config/$1.yaml"
}

# json FILE KEY: the first value of that key
json() {
	sed -n "s/.*\"$2\":[[:space:]]*\"\{0,1\}\([^,\"}]*\).*/\1/p" "$1" | head -1
}
