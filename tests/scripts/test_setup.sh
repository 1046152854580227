#!/bin/bash
# scripts/setup against stand-ins of dpkg-query, apt-get, sudo and id: what it would install, and when it refuses.
setup=$PWD/scripts/setup
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
count=0

check() {
	local name=$1
	shift
	count=$((count + 1))
	if "$@"; then echo "ok $count - $name"; else echo "not ok $count - $name"; fi
}

stand_in() { # NAME BODY
	printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
	chmod +x "$work/bin/$1"
}

# run: setup with the stand-ins and nothing else but what it runs itself; fills $status
run() {
	: >"$work/log"
	PATH=$work/bin "$work/bin/sh" "$setup" >"$work/out" 2>"$work/err"
	status=$?
}

for tool in sh sed; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
all='for p in "$@"; do case $p in -*|*"{"*) ;; *) echo "$p:amd64 installed" ;; esac; done'
but_z3='for p in "$@"; do case $p in -*|*"{"*|z3) ;; verilator) echo "$p config-files" ;; *) echo "$p installed" ;; esac; done; exit 1'
stand_in id 'echo 0'
stand_in apt-get "echo \"apt-get \$*\" >>$work/log"

stand_in dpkg-query "$all"
run
check "all there: good" [ $status -eq 0 ]
check "all there: nothing is run" [ ! -s "$work/log" ]
check "all there: nothing is said" [ ! -s "$work/out" ]

stand_in dpkg-query "$but_z3"
run
check "two missing: good" [ $status -eq 0 ]
check "two missing: only they are installed" [ "$(cat "$work/log")" = "apt-get install -y --no-install-recommends verilator z3" ]
check "two missing: that is said" grep -q '^setup: installing verilator z3$' "$work/out"

stand_in id 'echo 1000'
run
check "neither root nor sudo: refused" [ $status -eq 2 ]
check "neither root nor sudo: says what is missing" [ "$(cat "$work/err")" = "setup: missing packages, and neither root nor sudo to install them: verilator z3" ]
check "neither root nor sudo: nothing is run" [ ! -s "$work/log" ]

stand_in sudo "echo \"sudo \$*\" >>$work/log"
run
check "with sudo: used" [ "$(cat "$work/log")" = "sudo apt-get install -y --no-install-recommends verilator z3" ]

stand_in sudo "echo \"sudo \$*\" >>$work/log; case \$* in *update*) : >$work/updated ;; *) [ -e $work/updated ] ;; esac"
run
check "stale package lists: updated, tried again" [ "$(cut -d ' ' -f 3 "$work/log" | tr '\n' ' ')" = "install update install " ]
check "stale package lists: good" [ $status -eq 0 ]

stand_in sudo 'exit 100'
run
check "apt-get fails: so does setup" [ $status -eq 100 ]

rm "$work/bin/dpkg-query"
run
check "no Debian: refused" [ $status -eq 2 ]
check "no Debian: names the packages" grep -q 'verilator' "$work/err"

start=$(date +%s%N)
check "on this machine everything is there" "$setup"
check "... and found so within a second" [ $((($(date +%s%N) - start) / 1000000)) -lt 1000 ]
echo "1..$count"
