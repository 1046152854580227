# What asic/ and fpga/ flows share; sourced. The caller sets prog (its name, for messages) and, before run_yosys and find_sources, work
# (directory of scripts and logs) and top (the module). Exit status: 1 a tool failed, 2 the input is at fault.
set -u

# die STATUS MESSAGE
die() {
	printf '%s: %s\n' "$prog" "$2" >&2
	exit "$1"
}

# need_tool COMMAND PACKAGE
need_tool() {
	command -v "$1" >/dev/null 2>&1 || die 2 "$1 is not installed; Debian's package $2 has it"
}

# find_sources DIR: sets rtl to its Verilog files, or those of its rtl/, and checks that $top is among their modules
find_sources() {
	[ -d "$1" ] || die 2 "$1: no such directory; expected one that holds *.v"
	dir=$1
	[ -d "$1/rtl" ] && dir=$1/rtl
	set -- "$dir"/*.v
	[ -e "$1" ] || die 2 "$dir: no *.v in it"
	rtl="$*"
	grep -Eqs "^[[:space:]]*module[[:space:]]+$top([[:space:](#;]|\$)" "$@" && return
	known=$(sed -n 's/^[[:space:]]*module[[:space:]][[:space:]]*\([A-Za-z0-9_]*\).*/\1/p' "$@" | sort | tr '\n' ' ')
	die 2 "$dir: no module $top; it has: ${known% }"
}

# run_yosys NAME: reads a script from standard input, runs it (for yosys_limit seconds at most, when that is set), says why when it fails
run_yosys() {
	cat >"$work/$1.ys"
	# shellcheck disable=SC2086
	${yosys_limit:+timeout --foreground $yosys_limit} yosys -q -e 'implicitly declared' -s "$work/$1.ys" >"$work/$1.log" 2>&1 && return
	grep -v '^Warning' "$work/$1.log" | tail -5 >&2
	die 1 "yosys failed on $top ($1)"
}

# chparam: the yosys commands that set the parameters NAME=N in $params
chparam() {
	for p in $params; do
		echo "chparam -set ${p%%=*} ${p#*=} $top"
	done
}

# generate CONFIG FLOW: generates a configuration (file or preset) into $flow/gen, flow = BUILD/NAME/FLOW; sets name and flow.
# BITLET names the program (default $build/bitlet).
generate() {
	build=${BITLET_BUILD:-build}
	bitlet=${BITLET:-$build/bitlet}
	[ -x "$bitlet" ] || die 2 "$bitlet is missing; make it first"
	first=$(mktemp -d) || die 2 "no room for temporary files"
	"$bitlet" gen "$1" -o "$first" || { rm -rf "$first"; exit 2; }
	name=$(sed -n 's/^`define BITLET_NAME "\(.*\)"$/\1/p' "$first/bitlet_params.vh")
	rm -rf "$first"
	flow=$build/$name/$2
	mkdir -p "$flow" || die 2 "$flow: cannot be made"
	"$bitlet" gen "$1" -o "$flow/gen" || exit 2
}
