#!/bin/bash
# The command line: verbs, exit codes, messages, what `gen` writes and what it leaves behind.
bitlet=${BITLET:-$PWD/build/bitlet}
top=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
count=0

# check NAME CONDITION...: one TAP line
check() {
	local name=$1
	shift
	count=$((count + 1))
	if "$@"; then echo "ok $count - $name"; else echo "not ok $count - $name"; fi
}

# run STATUS ARGUMENT...: runs bitlet; fills $out and $err; true when the exit status is as told
run() {
	local want=$1 got
	shift
	"$bitlet" "$@" >out.txt 2>err.txt
	got=$?
	out=$(cat out.txt) err=$(cat err.txt)
	[ $got -eq "$want" ] || { echo "# bitlet $*: exit $got, not $want: $err"; return 1; }
}

# says STATUS MESSAGE ARGUMENT...: the one message, on standard error alone
says() {
	local want=$1 message=$2
	shift 2
	run "$want" "$@" && [ "$err" = "$message" ] && [ -z "$out" ] || { echo "# got: $err"; return 1; }
}

prints() { # PATTERN ARGUMENT...: exit 0, nothing on standard error
	local pattern=$1
	shift
	run 0 "$@" && [ -z "$err" ] && grep -q -- "$pattern" out.txt
}

only() { [ "$(ls -A "$1")" = "$2" ] || { echo "# $1 has: $(ls -A "$1")"; return 1; }; } # DIR NAMES
same() { diff -r "$1" "$2"; }

# verbs
check "no verb" says 2 "bitlet: no verb is given; try 'bitlet --help'"
check "unknown verb" says 2 "bitlet: unknown verb 'frobnicate'; try 'bitlet --help'" frobnicate
check "unknown option" says 2 "bitlet: unknown option '--nosuch'; try 'bitlet --help'" --nosuch
check "empty verb" says 2 "bitlet: unknown verb ''; try 'bitlet --help'" ""
check "version" prints '^bitlet [0-9]*\.[0-9]*\.[0-9]*$' --version
check "help names every verb" prints '^  gen ' --help
check "help as a verb" prints '^  presets ' help
for verb in $("$bitlet" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	check "$verb --help" prints "^usage: bitlet $verb" "$verb" --help
	check "help $verb" prints "^usage: bitlet $verb" help "$verb"
	check "$verb --version" prints '^bitlet [0-9]' "$verb" --version
done
check "help of nothing" says 2 "bitlet help: there is no verb 'x'; try 'bitlet help --help'" help x
check "help of two" says 2 "bitlet help: unexpected 'presets'; try 'bitlet help --help'" help gen presets
check "presets" run 0 presets
check "presets are four" [ "$out" = "edge-int8
fp32-n16
paper
tiny" ]
check "presets take nothing" says 2 "bitlet presets: unexpected 'x'; try 'bitlet presets --help'" presets x
check "documentation is up to date" run 0 help config
check "docs/configuration.md equals it" cmp -s out.txt "$top/docs/configuration.md"
check "registers are described" run 0 help registers
check "docs/registers.md equals it" cmp -s out.txt "$top/docs/registers.md"

# options of gen
check "gen without anything" says 2 "bitlet gen: no configuration is given; try 'bitlet gen --help'" gen
check "gen without directory" says 2 "bitlet gen: no output directory is given; try 'bitlet gen --help'" gen tiny
check "gen with a lone -o" says 2 "bitlet gen: -o needs a directory; try 'bitlet gen --help'" gen tiny -o
check "gen with -o twice" says 2 "bitlet gen: -o is given twice; try 'bitlet gen --help'" gen tiny -o a -o b
check "gen with two configurations" says 2 "bitlet gen: more than one configuration: 'tiny' and 'paper'; try 'bitlet gen --help'" gen tiny paper -o a
check "gen with an unknown option" says 2 "bitlet gen: unknown option '--fast'; try 'bitlet gen --help'" gen tiny -o a --fast
check "gen with an empty directory name" says 2 "bitlet: the output directory has no name" gen tiny -o ""
check "nothing was written so far" only . "err.txt
out.txt"

# what gen writes
for p in $("$bitlet" presets); do
	check "gen $p" run 0 gen "$p" -o "$p.1"
	check "gen $p says nothing" [ -z "$out$err" ]
	check "gen $p again" run 0 gen -o "$p.2" "$p"
	check "$p is the same twice" same "$p.1" "$p.2"
	check "$p has the eleven things" only "$p.1" "bitlet.core
bitlet.svd
bitlet_params.h
bitlet_params.vh
bitlet_regs.h
component.xml
driver
filelist.f
registers.md
rtl
tb"
	check "$p lists every file" [ "$(sort "$p.1/filelist.f")" = "$(cd "$p.1" && ls rtl/*.v | sort)" ]
	check "$p has the tops last" [ "$(tail -n 3 "$p.1/filelist.f" | tr '\n' ' ')" = "rtl/bitlet_pe.v rtl/bitlet_array.v rtl/bitlet_top.v " ]
	check "$p holds no template text" [ "$(grep -l -e '@{' -e '//@' "$p.1"/rtl/*.v | wc -l)" -eq 0 ]
	echo '#include "bitlet_params.h"' >include.c
	check "$p has a host driver" cc -std=c11 -ffreestanding -Wall -Wextra -Wconversion -Werror -I"$p.1" -fsyntax-only "$p.1/driver/bitlet_driver.c"
	check "$p has the driver of the sources" same "$p.1/driver" "$top/sim/driver"
	check "$p has one register header like all" cmp -s "$p.1/bitlet_regs.h" edge-int8.1/bitlet_regs.h
	check "$p has an SVD file" xmllint --noout "$p.1/bitlet.svd"
	check "$p has a C header" cc -std=c11 -Wall -Wextra -Werror -I"$p.1" -fsyntax-only include.c
done
check "a path is a configuration like its preset" run 0 gen "$top/gen/presets/tiny.yaml" -o tiny.3
check "... with the same bytes" same tiny.1 tiny.3
mkdir elsewhere
from_elsewhere() { (cd elsewhere && run 0 gen tiny -o here); }
check "from another folder" from_elsewhere
check "... with the same bytes" same tiny.1 elsewhere/here
check "-oDIR" run 0 gen tiny -otiny.4
check "--output=DIR" run 0 gen tiny --output=tiny.5/
check "-- ends the options" run 0 gen -o tiny.6 -- tiny
check "... all the same" same tiny.4 tiny.6
check "slashes at the end" same tiny.1 tiny.5
check "parents are made" run 0 gen tiny -o a/b/c
check "no hidden files stay" [ -z "$(find . -name '.*' ! -name .)" ]

# every derived number reaches the headers: the fields of derive.h, but for the mode array, the precision and the hash, are all there
fields=$(sed -n '/^struct bitlet_derived/,/^}/p' "$top/gen/derive.h" | sed 's,/\*.*,,' | sed -n 's/^\t\(unsigned\|bool\) \(.*\);.*/\2/p' | tr -d ' ' | tr ',' '\n')
for f in $fields; do
	check "field $f" grep -q "^#define BITLET_$(echo "$f" | tr a-z A-Z) [0-9]*$" tiny.1/bitlet_params.h
done
fields=$(sed -n '/^struct bitlet_mode/,/^}/p' "$top/gen/derive.h" | sed 's,/\*.*,,' | sed -n 's/^\tunsigned \(.*\);.*/\1/p' | tr -d ' ' | tr ',' '\n')
for f in $fields; do
	check "mode field $f" grep -q "^\`define BITLET_MODE1_$(echo "$f" | tr a-z A-Z) [0-9]*$" tiny.1/bitlet_params.vh
done
check "index of a precision" grep -q '^#define BITLET_PRECISION_INT8 1$' tiny.1/bitlet_params.h
check "hash" grep -q '^#define BITLET_HASH 0x[0-9a-f]\{16\}ull$' tiny.1/bitlet_params.h
check "both headers hold the same" [ "$(sed -n 's/^#define \(BITLET_.* [0-9"].*\)/\1/p' tiny.1/bitlet_params.h | grep -v HASH)" = \
	"$(sed -n 's/^`define \(BITLET_.* [0-9"].*\)/\1/p' tiny.1/bitlet_params.vh | grep -v HASH)" ]

# the registers say the same everywhere
svd() { xmllint --xpath "$1" tiny.1/bitlet.svd; } # XPATH
svd '//register/name/text()' >names.txt
svd '//register/addressOffset/text()' >offsets.txt
paste -d ' ' names.txt offsets.txt >svd.txt
sed -n 's/^#define BITLET_REG_\([A-Z_]*\) \(0x[0-9a-f]*\)u .*/\1 \2/p' tiny.1/bitlet_regs.h >regs.txt
sed -n 's/^| \(0x[0-9a-f]*\) | \([A-Z_]*\) | R.*/\2 \1/p; s/^| \(0x[0-9a-f]*\) | \(CONTROL\) | WO.*/\2 \1/p' tiny.1/registers.md >page.txt
check "registers are there" [ "$(wc -l <regs.txt)" -gt 60 ]
check "SVD and header agree" cmp -s svd.txt regs.txt
check "page and header agree" cmp -s page.txt regs.txt
check "the SVD holds the hash" grep -q "^#define BITLET_HASH $(svd 'string(//register[name="HASH_HIGH"]/resetValue)')$(svd 'string(//register[name="HASH_LOW"]/resetValue)' |
	sed 's/0x//')ull\$" tiny.1/bitlet_params.h
check "errors have names in the SVD" [ "$(svd 'string(//field[name="code"]//enumeratedValue[value="10"]/name)')" = PARITY ]
check "cleared by writing 1" [ "$(svd 'count(//field[modifiedWriteValues="oneToClear"])')" = 7 ]

# replacing an earlier output
check "another configuration over an earlier output" run 0 gen edge-int8 -o tiny.2
check "... replaces it" same edge-int8.1 tiny.2
echo mine >tiny.2/notes.txt
touch tiny.2/rtl/stale.v
check "once more" run 0 gen tiny -o tiny.2
check "other files stay" [ "$(cat tiny.2/notes.txt)" = mine ]
check "stale RTL does not" [ ! -e tiny.2/rtl/stale.v ]
mkdir empty
check "an empty directory is filled" run 0 gen tiny -o empty
check "... completely" same tiny.1 empty
mkdir foreign && touch foreign/precious
check "a directory of others is refused" says 2 "bitlet: $work/foreign holds files that are not an earlier output; expected a new or an empty directory" gen tiny -o foreign
check "... and untouched" only foreign precious
mkdir fake && echo '#define X' >fake/bitlet_params.h
check "a bitlet_params.h of others does not help" run 2 gen tiny -o fake
check "a file in the way" says 2 "bitlet: $work/err.txt is not a directory; expected a new one or an earlier output" gen tiny -o err.txt
check "the current directory" run 2 gen tiny -o .
ln -s tiny.2 link
check "through a link" run 0 gen paper -o link
check "... the link stays" [ -L link ]
check "... its target is new" grep -q 'BITLET_N 64' tiny.2/bitlet_params.h

# errors leave nothing
rm -rf nothing && mkdir nothing && cd nothing || exit 1
bitlet_in() { local want=$1; shift; "$bitlet" "$@" >"$work/out.txt" 2>"$work/err.txt"; [ $? -eq "$want" ]; }
echo 'n: 16' >"$work/bad.yaml"
check "bad configuration" bitlet_in 2 gen "$work/bad.yaml" -o d
check "... leaves nothing" only . ""
check "missing configuration" bitlet_in 2 gen nosuch -o d
check "... leaves nothing" only . ""
check "bad configuration, directory far down" bitlet_in 2 gen "$work/bad.yaml" -o a/b/c
check "... leaves nothing" only . ""
full() { (ulimit -f "$1"; trap '' XFSZ; exec "$bitlet" gen tiny -o "$2") >"$work/out.txt" 2>"$work/err.txt"; [ $? -eq 2 ]; }
check "files that cannot grow" full 1 d
check "... are reported" grep -q 'cannot be written: File too large' "$work/err.txt"
check "... leave nothing" only . ""
check "files that cannot grow, parents made" full 1 a/b/c
check "... leave nothing" only . ""
cp -r "$work/tiny.1" kept
check "files that cannot grow over an earlier output" full 1 kept
check "... leave the earlier output" same "$work/tiny.1" kept
rm -rf kept
check "a parent that is a file" bitlet_in 2 gen tiny -o "$work/bad.yaml/d"
check "a name that is too long" bitlet_in 2 gen tiny -o "$(printf '%0255d' 0)"
check "... leaves nothing" only . ""
if [ "$(id -u)" -ne 0 ]; then
	chmod a-w .
	check "a folder without write permission" bitlet_in 2 gen tiny -o d
	chmod u+w .
else
	check "a folder that takes no files" bitlet_in 2 gen tiny -o /proc/d
fi
check "... leaves nothing" only . ""
to_full() { "$bitlet" "$@" >/dev/full 2>"$work/err.txt"; [ $? -eq 2 ] && grep -q 'standard output cannot be written: No space left' "$work/err.txt"; }
check "presets to a full disk" to_full presets
check "help to a full disk" to_full help config
check "version to a full disk" to_full --version
cd "$work" || exit 1

# speed: the best of ten, since other tests may run beside this one
cat >big.yaml <<'END'
n: 128
pes: 64
precisions: [fp32, tf32, bf16, fp16, int24, int16, int12, int8, int6, int4, int3, int2, int1, uint8, w4a16, w8au8]
packing: [2, 3, 6, 12, 24]
run_ahead: 3
END
best=1000000
for i in 1 2 3 4 5 6 7 8 9 10; do
	start=$(date +%s%N)
	"$bitlet" gen big.yaml -o big || best=1000000
	took=$((($(date +%s%N) - start) / 1000000))
	[ $took -lt $best ] && best=$took
done
echo "# $best ms for the largest configuration"
check "under 100 ms" [ $best -lt 100 ]
check "the largest configuration is there" [ -s big/rtl/bitlet_pe.v ]

# files that are none
mkdir dir && printf '\377\376' >utf16.yaml && head -c 70000 /dev/zero | tr '\0' '#' >large.yaml && : >void.yaml
check "a directory as configuration" says 2 "dir:1:1: Is a directory; expected a YAML file or a preset: edge-int8 fp32-n16 paper tiny" gen dir -o d
check "a file that is not text" says 2 "utf16.yaml:1:1: byte 0xff is not UTF-8; expected UTF-8 text" gen utf16.yaml -o d
check "a large file" says 2 "large.yaml:1:1: the file is larger than 65536 bytes; expected a configuration" gen large.yaml -o d
check "an empty file" says 2 "void.yaml:1:1: the file is empty; expected parameters such as 'n: 16'" gen void.yaml -o d
check "an endless file" run 2 gen /dev/zero -o d
check "no directory came of these" [ ! -e d ]
echo "1..$count"
