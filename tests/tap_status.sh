# For test scripts of programs that keep output and errors apart: sourced from the repository's root. TAP.
# Sets dir (a folder that goes away at the end) and count.
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
count=0

# report STATUS NAME: one line of TAP, with what was printed when it failed
report() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		printf 'ok %s - %s\n' $count "$2"
	else
		printf 'not ok %s - %s\n' $count "$2"
		sed 's/^/# /' "$dir/out" "$dir/err"
	fi
}

# ends STATUS NAME MESSAGE COMMAND...: the exit status, and the message on standard error
ends() {
	want=$1 name=$2 message=$3
	shift 3
	"$@" >"$dir/out" 2>"$dir/err"
	[ $? -eq "$want" ] && grep -qF -- "$message" "$dir/err"
	report $? "$name"
}

# refuses NAME MESSAGE COMMAND...: exit status 2, the message, nothing on standard output
refuses() {
	name=$1 message=$2
	shift 2
	"$@" >"$dir/out" 2>"$dir/err"
	[ $? -eq 2 ] && grep -qF -- "$message" "$dir/err" && [ ! -s "$dir/out" ]
	report $? "$name"
}

# holds NAME EXPRESSION: an awk expression is true
holds() {
	awk "BEGIN { exit !($2) }"
	report $? "$1: $2"
}
