#!/bin/sh
# Proofs of proofs.txt, and planted bugs of bugs.txt that must be found. Prints TAP. FORMAL=full: the methods of `make formal`.
here=$(cd "$(dirname "$0")" && pwd)
[ "$FORMAL" != full ] || export SECONDS_LIMIT="${SECONDS_LIMIT:-600}"
number=0
report() { # GOOD NAME
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

grep -v '^#' "$here/proofs.txt" | {
	while read -r top quick full; do
		method=$quick
		[ "$FORMAL" != full ] || method=$full
		[ "$method" != - ] || continue
		result=$("$here/prove" "$method" "$top")
		report $? "$top, $method: $result"
	done
	grep -v '^#' "$here/bugs.txt" | {
		while read -r top method bug; do
			result=$("$here/prove" -b "$bug" "$method" "$top")
			[ $? -eq 1 ]
			report $? "$top, $method, bug in ${bug%%:*}: $result"
		done
	}
}
