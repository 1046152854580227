#!/bin/sh
# `bitlet expand`: values of the configuration and of the command line, and every message. TAP.
. tests/tap_status.sh
bitlet=${BITLET_BUILD:-build}/bitlet

# expands NAME WANTED TEMPLATE WORD...: the template's text expands to WANTED
expands() {
	name=$1 wanted=$2
	printf '%b' "$3" >"$dir/template"
	shift 3
	$bitlet expand tiny "$dir/template" "$@" >"$dir/out" 2>"$dir/err" && [ "$(cat "$dir/out")" = "$wanted" ]
	report $? "$name"
}

# refuses NAME MESSAGE WORD...: exit status 2, the message, nothing on standard output
refuses() {
	name=$1 message=$2
	shift 2
	$bitlet expand "$@" >"$dir/out" 2>"$dir/err"
	[ $? -eq 2 ] && grep -qF -- "$message" "$dir/err" && [ ! -s "$dir/out" ]
	report $? "$name"
}

printf 'rtl/a.v\n\nrtl/b.v\r\n12\n' >"$dir/list"
expands 'a value of the configuration' 'n is 4' 'n is @{n}\n'
expands 'numbers and texts' '14 top' '@{2*clock} @{name_of}\n' clock=7 name_of=top
expands 'a text that starts like a number' '7ns' '@{clock}\n' clock=7ns
expands 'an empty text' '[]' '[@{text}]\n' text=
expands 'a list from a file' "$(printf 'rtl/a.v\nrtl/b.v\n12')" '//@ for f in files\n@{f}\n//@ end\n' files=@"$dir/list"
expands 'elements of a list' '3 13' '@{files[2]/4} @{files[2]+1}\n' files=@"$dir/list"
expands 'conditions on texts' 'b' '//@ if kind == "x"\na\n//@ else\nb\n//@ end\n' kind=y

: >"$dir/template"
refuses 'nothing given' 'a configuration and a template are needed'
refuses 'no template' 'a configuration and a template are needed' tiny
refuses 'unknown option' "unknown option '-x'" -x tiny
refuses 'unknown configuration' 'nowhere' nowhere.yaml "$dir/template"
refuses 'missing template' 'none: No such file' tiny "$dir/none"
refuses 'missing list' 'none: No such file' tiny "$dir/template" files=@"$dir/none"
refuses 'a word without a value' "'top': expected NAME=VALUE" tiny "$dir/template" top
refuses 'a word without a name' "'=3': expected NAME=VALUE" tiny "$dir/template" =3
refuses 'a value of the configuration' 'n is a value of the configuration' tiny "$dir/template" n=3
refuses 'a value given twice' 'given twice' tiny "$dir/template" a=3 a=4
head -c 1048577 /dev/zero >"$dir/large"
refuses 'a template that is too large' 'too large' tiny "$dir/large"
printf '@{nothing}\n' >"$dir/template"
refuses 'an undefined name' "template:1:3: undefined name 'nothing'" tiny "$dir/template"
printf 'half\n@{n\n' >"$dir/template"
refuses 'no half of an output' "template:2:4: expected '}'" tiny "$dir/template"
printf '1..%s\n' $count
