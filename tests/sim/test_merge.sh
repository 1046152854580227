#!/bin/sh
# bitlet merge: reports of shards become one; what is missing, wrong or of another run is named; the exit status says whether all is well.
cd "$(dirname "$0")/../.." || exit 2
. tests/tap_log.sh

# merge STATUS ARGUMENT...
merge() { exits merge "$@"; }

# shard K FIRST SECOND: report K of 3; the units of two layers that it verified
shard() {
	cat >"$out/$1.json" <<-JSON
	{"network": "ignored", "verification": {"by": "simulated", "model": "0x01", "config": "0x02", "input": "0x03", "sample": 0.5, "seed": "1", "shard": $1, "shards": 3,
	"steps": [{"run": 0, "layer": "conv", "units": 8, "chosen": "0,2-5", "verified": "$2", "equal": true, "cycles": 100, "busy": 50},
	{"run": 0, "layer": "dense", "units": 2, "chosen": "0-1", "verified": "$3", "equal": true, "cycles": 11, "busy": 0}]}}
	JSON
}
shard 1 0,2 ""
shard 2 3-5 0
shard 3 "" 1

merge 0 "$out/1.json" "$out/2.json" "$out/3.json" -o "$out/all.json" && has 'every chosen unit was verified exactly once' &&
	has 'conv  *8  *5  *5  *300  50.0%  equal' && has 'dense  *2  *2  *2  *33  *0.0%  equal' && has 'all  *10  *7  *7  *333' &&
	grep -q '"complete":	true' "$out/all.json" && grep -q '"equal":	true' "$out/all.json" && grep -q '"model":	"0x01"' "$out/all.json"
report "three shards cover everything"
cp "$out/all.json" "$out/ordered.json"
merge 0 -o "$out/all.json" "$out/3.json" "$out/1.json" "$out/2.json" && cmp "$out/all.json" "$out/ordered.json" >>"$out/log"
report "in any order"
merge 1 "$out/1.json" "$out/3.json" -o "$out/all.json" && has 'missing shards: 2' && has '4 units are in no report, 0 in more' && has 'conv .*MISSING' &&
	grep -q '"complete":	false' "$out/all.json"
report "a shard is missing"
shard 3 4 1
merge 1 "$out/1.json" "$out/2.json" "$out/3.json" -o "$out/all.json" && has '0 units are in no report, 1 in more' && has 'conv .*TWICE'
report "a unit came twice"
shard 3 "" 1
sed -i '/dense/s/true/false/' "$out/3.json"
merge 1 "$out/1.json" "$out/2.json" "$out/3.json" -o "$out/all.json" && has 'dense .*DIFFERS' && has '1 of 2 steps DIFFER' && grep -q '"equal":	false' "$out/all.json"
report "a layer differed"
shard 3 "" 1

# refuse TEXT: shard 3 as it stands is refused with that
refuse() {
	rm -f "$out/all.json"
	merge 2 "$out/1.json" "$out/2.json" "$out/3.json" -o "$out/all.json" && has "3.json: $1" && [ ! -e "$out/all.json" ]
	report "refused: $1"
	shard 3 "" 1
}
# edit SED TEXT
edit() {
	sed -i "$1" "$out/3.json"
	refuse "$2"
}
edit 's/0x01/0x05/' "\"model\" is '0x05'; expected '0x01' as in $out/1.json"
edit 's/0x02/0x05/' "\"config\" is '0x05'; expected '0x02'"
edit 's/0x03/0x05/' "\"input\" is '0x05'; expected '0x03'"
edit 's/0\.5/0.25/' "\"sample\" is 0.25; expected 0.5"
edit 's/"seed": "1"/"seed": "2"/' "\"seed\" is '2'; expected '1'"
edit 's/simulated/modelled/' "\"by\" is 'modelled'; expected 'simulated'"
edit 's/"shards": 3/"shards": 4/' "\"shards\" is 4; expected 3"
edit 's/"shard": 3/"shard": 2/' "\"shard\" is 2, as in $out/2.json; expected each shard once"
edit 's/"shard": 3/"shard": 4/' '"shard" is 4; expected a whole number from 1 to 3'
edit 's/"shard": 3/"shard": 2.5/' '"shard" is 2.5; expected a whole number'
edit 's/"model": "0x01", //' '"model" is missing; expected a text'
edit 's/"steps": /"step": /' '"steps" is missing; expected a list'
edit 's/"steps": \[/"steps": [7, /' '"steps" has 3 entries; expected 2'
edit 's/dense/sense/' "a step is layer 'sense' of run 0"
edit 's/"chosen": "0-1"/"chosen": "0"/' "a step is layer 'dense' of run 0 with 2 units, '0' chosen"
edit 's/"verified": ""/"verified": "1"/' "layer 'conv': \"verified\" has unit 1; expected units of \"chosen\""
edit 's/"verified": ""/"verified": "5-4"/' "layer 'conv': \"verified\" is '5-4'; expected rising ranges of units below 8"
edit 's/"equal": true/"equal": 1/' '"equal" is of another type; expected true or false'
edit 's/"cycles": 100/"cycles": -1/' '"cycles" is -1; expected a number that is not negative'
edit 's/verification/falsification/' '"verification" is missing; expected the report of bitlet run'
edit '1d' 'not JSON'
echo '[3]' >"$out/3.json"
refuse '"verification" is missing'
rm "$out/3.json"
refuse 'No such file'
sed -i 's/"units": 8/"units": 1e9/' "$out/1.json"
merge 2 "$out/1.json" -o "$out/all.json" && has '"units" is 1e+09; expected a whole number from 1 to'
report "refused: a billion units"
shard 1 0,2 ""
sed -i 's/"chosen": "0,2-5"/"chosen": "0,2-8"/' "$out/1.json"
merge 2 "$out/1.json" -o "$out/all.json" && has "layer 'conv': \"chosen\" is '0,2-8'; expected rising ranges of units below 8"
report "refused: units that are not there"
awk 'BEGIN { printf "{\"verification\": {\"shards\": 1, \"steps\": ["; for (i = 0; i < 100; i++)
	printf "%s{\"run\": %d, \"layer\": \"a\", \"units\": 1048576, \"chosen\": \"0-1048575\"}", i ? "," : "", i; print "]}}" }' >"$out/1.json"
merge 2 "$out/1.json" -o "$out/all.json" && has "have more than 67108864 units"
report "refused: more units than memory should hold"
shard 1 0,2 ""
merge 2 -o "$out/all.json" && has 'no report given'
report "refused: no report"
merge 2 "$out/1.json" && has 'no -o FILE given'
report "refused: no -o"
merge 2 "$out/1.json" -o "$out/none/all.json" && has 'none/all.json'
report "refused: -o in a folder that is not there"
merge 0 --help && has 'usage: bitlet merge REPORT'
report "help"

echo "1..$count"
[ $bad -eq 0 ]
