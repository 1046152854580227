# For test scripts that keep one log a step: sourced from the repository's root. TAP.
# Sets bitlet (the program), out (a folder that goes away at the end), count and bad.
bitlet=${BITLET:-build/bitlet}
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
count=0 bad=0

# report NAME: the test's result is $? of what came before; a failure shows the end of $out/log
report() {
	result=$?
	count=$((count + 1))
	if [ $result -eq 0 ]; then
		echo "ok $count - $1"
	else
		bad=$((bad + 1))
		echo "not ok $count - $1"
		sed 's/^/# /' "$out/log" | tail -25
	fi
}

# exits VERB STATUS ARGUMENT...: bitlet VERB exits with that status
exits() {
	verb=$1 want=$2
	shift 2
	"$bitlet" "$verb" "$@" >"$out/log" 2>&1
	[ $? -eq "$want" ]
}

has() { grep -q -- "$1" "$out/log"; }
holds() { tr -d ' \t\n' <"$1" | grep -qF -- "$2"; } # JSON without its white space
