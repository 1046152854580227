#!/bin/sh
# bitlet run on networks: outputs, accuracy, table, JSON, tensors, pictures, shares of the work, RTL; and every complaint. Expected outputs of the shipped
# networks come from scripts/train_digits.py, not from the C code.
cd "$(dirname "$0")/../.." || exit 2
digits=sim/networks/digits
fp32=$digits/digits_fp32.onnx int8=$digits/digits_int8.onnx images=$digits/images.npy
. tests/tap_log.sh

# run STATUS ARGUMENT...: bitlet run exits with that status
run() { exits run "$@"; }

# data FILE: bytes of an .npy behind its header
data() { tail -c +$(($(od -An -tu2 -j8 -N2 "$1") + 11)) "$1"; }
same() { data "$1" >"$out/a" && data "$2" >"$out/b" && cmp "$out/a" "$out/b" >>"$out/log" 2>&1 && [ -s "$out/a" ]; }

# near A B LIMIT: floats; the largest difference in parts of the largest |b| is at most LIMIT
near() {
	data "$1" | od -An -v -tf4 -w4 >"$out/a"
	data "$2" | od -An -v -tf4 -w4 >"$out/b"
	paste "$out/a" "$out/b" | awk -v limit="$3" 'function abs(x) { return x < 0 ? -x : x }
		NF != 2 { bad = 1 } { d = abs($1 - $2); if (d > worst) worst = d; if (abs($2) > top) top = abs($2); if (d != d) bad = 1 }
		END { print "worst", worst / top, "of", NR; exit bad || NR == 0 || worst / top > limit }' >>"$out/log"
}

# --- values
run 0 $fp32 --config fp32-n16 --input $images --images 0:450 --labels $digits/labels.npy --output "$out/f" --json "$out/f.json" &&
	has 'accuracy: 440 of 450 (97.78%)' && has '(estimated)' && has '450 images in 8 runs' && ! has '(modelled)' &&
	near "$out/f/logits.npy" $digits/logits_fp32.npy 2e-6
report "fp32 network, all images: outputs and accuracy"
run 0 $int8 --config tiny --input $images --images 0:450 --batch 450 --labels $digits/labels.npy --output "$out/q" --tensors "$out/t" --json "$out/q.json" &&
	has 'accuracy: 441 of 450 (98.00%)' && has '5 of 5 quantised layers give exactly' && same "$out/t/logits_q.npy" $digits/logits_int8.npy
report "int8 network, all images: every code as expected"
[ "$(wc -l <"$out/t/index.tsv")" -eq 11 ] && grep -q "^image.npy	image	float32	\[450, 1, 8, 8\]	[0-9a-f]*\$" "$out/t/index.tsv" &&
	grep -q "^conv1_q.npy	conv1_q	int8	\[450, 16, 8, 8\]	" "$out/t/index.tsv" && cmp -s "$out/t/logits.npy" "$out/q/logits.npy" &&
	same "$out/t/image.npy" $images &&
	[ "$(grep '^features_q' "$out/t/index.tsv" | cut -f 5)" = "$(data "$out/t/features_q.npy" | gzip -c | tail -c 8 | od -An -tx4 -N4 | tr -d ' ')" ]
report "all tensors as files, with an index and the CRC that gzip computes"
run 0 $int8 --config tiny --input $images --images 446:4 --batch 3 --output "$out/r" && has '4 images in 2 runs' &&
	data "$out/q/logits.npy" | tail -c 160 >"$out/want" && data "$out/r/logits.npy" | cmp - "$out/want"
report "the last rows in two runs of different batches are those rows of the whole"
run 0 $fp32 --config fp32-n16 --input $images --images 0:450 --labels $digits/labels.npy --precision int8 --output "$out/x" &&
	has 'MatMul  *int8' && has 'accuracy: 44[0-9] of 450' && ! near "$out/x/logits.npy" $digits/logits_fp32.npy 1e-3 && near "$out/x/logits.npy" $digits/logits_fp32.npy 0.1
report "fp32 network in int8: near"
printf 'default: fp32\nconv*: int16\ndense: int8\n' >"$out/mixed.yaml"
run 0 $fp32 --config fp32-n16 --input $images --images 0:20 --precisions "$out/mixed.yaml" --output "$out/x" && has 'conv2  *Conv  *int16' &&
	has 'depthwise  *Conv  *fp32' && has 'dense  *MatMul  *int8'
report "precisions from a file"
run 0 $int8 --config tiny --input $images --images 0:20 --reference $fp32 --output "$out/x" && has 'exact' && has "output 'logits' .*, error 0.0[0-9]*\$"
report "an int8 network against the float one"

# --- reports
run 0 $int8 --config tiny --input $images --images 0:1 --cycles --output "$out/c" --json "$out/c.json" && has 'cycles modelled' && has '(modelled), MAC/cycle' &&
	has 'array busy' && holds "$out/c.json" '"source":"modelled"' && holds "$out/c.json" '"name":"conv1","op":"QLinearConv","where":"core","number":1,"macs":9216' &&
	holds "$out/c.json" '"error":{"kind":"codes","elements":1024,"off":0' && holds "$out/c.json" '"config":"tiny","config_hash":"0x'
report "cycles by the model, in table and JSON"
run 0 $int8 --config tiny --input $images --images 0:1 --on rtl --output "$out/s" --json "$out/s.json" && has 'simulated, equal to the model in every cycle' &&
	same "$out/s/logits.npy" "$out/c/logits.npy" &&
	[ "$(tr -d ' \t\n' <"$out/s.json" | grep -o '"counters":{[^}]*}')" = "$(tr -d ' \t\n' <"$out/c.json" | grep -o '"counters":{[^}]*}')" ]
report "a whole network on RTL: outputs and counters of the model"
run 0 $int8 --config tiny --input $images --images 0:1 --on rtl-alone --layers 'conv1,3..4' --sample 0.3 --output "$out/s" --json "$out/s.json" &&
	has 'conv1 .* 3 of 8 units' && has 'conv2 .*interpreted, cycles estimated' && has 'depthwise .* 5 of 16 units' && has 'pointwise .* 5 of 16 units' &&
	has 'of 3 layers and 13 of 77 units' && ! has 'frames/s' && same "$out/s/logits.npy" "$out/c/logits.npy"
report "some layers, a share of their units, on RTL"
units=0 good=0
for k in 1 2 3; do
	run 0 $int8 --config tiny --input $images --images 0:1 --cycles --shard $k/3 --output "$out/s" --json "$out/s$k.json" || good=1
	n=$(sed -n 's/^cycles .* of [0-9]* layers and \([0-9]*\) of 77 units$/\1/p' "$out/log")
	units=$((units + ${n:-1000}))
done
[ $good -eq 0 ] && [ $units -eq 77 ] && holds "$out/s2.json" '"shard":2,"shards":3'
report "shards run every unit once"
"$bitlet" merge "$out"/s1.json "$out"/s2.json "$out"/s3.json -o "$out/all.json" >"$out/log" 2>&1 && has 'all  *77  *77  *77' && has 'exactly once'
report "and their reports merge"
good=0
for k in 1 2; do
	run 0 $int8 --config tiny --input $images --images 0:2 --batch 1 --cycles --sample 0.3 --seed 5 --shard $k/2 --output "$out/s" --json "$out/s$k.json" || good=1
done
[ $good -eq 0 ] && "$bitlet" merge "$out"/s1.json "$out"/s2.json -o "$out/all.json" >"$out/log" 2>&1 && has 'all  *154  *50  *50' && has 'exactly once'
report "shards of a sample"
printf 'zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n' >"$out/names"
run 0 $int8 --config tiny --input $images --images 0:2 --top 2 --names "$out/names" --no-compare --output "$out/x" && has '^image 0: 1 (one) 3.28746, 6 (six) 0.234' &&
	has '^image 1: 9 (nine) ' && ! has exactly
report "the largest classes by name"

# --- pictures: row 0 of the images, 15 for each of its sixteenths
echo 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAANUlEQVR42mNgYLD58NCGAQQqPnyAMLZ8OAym5T58mAZm6H74UAET2QJmMLTDFOtuubSUgQEA0ewUC7ehZEYAAAAASUVORK5CYII=' |
	base64 -d >"$out/one.png"
run 0 $fp32 --config fp32-n16 --input "image=$out/one.png" --scale 0.0041666666666666667 --output "$out/p" && has "input 'image': .*one.png: 8 x 8 grey, not scaled" &&
	data "$out/f/logits.npy" | head -c 40 >"$out/want" && data "$out/p/logits.npy" | cmp - "$out/want"
report "a picture gives what its array gives"

# --- complaints: one line, status 2
refuse() { # TEXT ARGUMENT...
	text=$1
	shift
	run 2 "$@" --output "$out/x" && [ "$(wc -l <"$out/log")" -eq 1 ] && has "$text"
	report "refused: $text"
}
npy() { # FILE DESCR SHAPE BYTES: an array of zeros
	header="{'descr': '$2', 'fortran_order': False, 'shape': ($3), }"
	{ printf '\223NUMPY\001\000v\000%-117s\n' "$header" && head -c "$4" /dev/zero; } >"$1"
}
npy "$out/wrong.npy" '<f4' '1, 1, 8, 9' 288
npy "$out/code.npy" '|i1' '1, 1, 8, 8' 64
npy "$out/flat.npy" '<f4' '5,' 20
npy "$out/few.npy" '|u1' '3,' 3
npy "$out/single.npy" '<f4' '1, 8, 8' 256
head -c 100 "$out/one.png" >"$out/short.png"
head -c 5000 $int8 >"$out/short.onnx"
echo text >"$out/text"
run 0 $int8 --config tiny --input "$out/single.npy" --output "$out/x"
report "a batch of one that is missing is added"
refuse "wrong.npy: shape \[1, 1, 8, 9\]; expected \[-1, 1, 8, 8\]" $int8 --config tiny --input "$out/wrong.npy"
refuse "code.npy: type int8; expected float32" $int8 --config tiny --input "$out/code.npy"
refuse "the network has no such input; expected one of 'image' float32 \[-1, 1, 8, 8\]" $int8 --config tiny --input "picture=$images"
refuse "all inputs have files already" $int8 --config tiny --input $images --input $images
refuse "input 'image' has a file already" $int8 --config tiny --input $images --input image=$images
refuse "no --input for 'image' (float32 \[-1, 1, 8, 8\])" $int8 --config tiny
refuse "no-such.npy: " $int8 --config tiny --input "$out/no-such.npy"
refuse "text: is no .npy, PNG or JPEG file" $int8 --config tiny --input "$out/text"
refuse "short.png: damaged PNG" $int8 --config tiny --input "$out/short.png"
refuse "short.onnx: " "$out/short.onnx" --config tiny --input $images
refuse "no-such.onnx: " no-such.onnx --config tiny --input $images
refuse "expected fp32, int8, int4, as the configuration has them" $int8 --config tiny --input $images --precision int9
printf 'default: int8\nconv1: int3x\n' >"$out/p.yaml"
refuse "p.yaml:2:8: " $int8 --config tiny --input $images --precisions "$out/p.yaml"
printf 'default: int8\nconv1: bf16\n' >"$out/p.yaml"
refuse "p.yaml:2:1: bf16 is no precision of configuration tiny" $int8 --config tiny --input $images --precisions "$out/p.yaml"
printf 'convolution*: int8\n' >"$out/p.yaml"
refuse "p.yaml:1:1: no node is called 'convolution\*'" $int8 --config tiny --input $images --precisions "$out/p.yaml"
refuse "exclude each other" $int8 --config tiny --input $images --precisions "$out/p.yaml" --precision int8
refuse "input 'image' has 450 rows; expected at least 451" $int8 --config tiny --input $images --images 449:2
refuse "expected FIRST:COUNT" $int8 --config tiny --input $images --images 3
refuse "expected FIRST:COUNT" $int8 --config tiny --input $images --images 3:0
refuse "few.npy: 3 labels; expected at least 4, one a row" $int8 --config tiny --input $images --images 2:2 --labels "$out/few.npy"
refuse "flat.npy: float32 of shape \[5\]; expected whole numbers" $int8 --config tiny --input $images --labels "$out/flat.npy"
refuse "expected numbers from 1 to 5" $int8 --config tiny --input $images --images 0:1 --cycles --layers 5..6
refuse "'pool\*' is no layer of the core" $int8 --config tiny --input $images --images 0:1 --cycles --layers 'conv1,pool*'
refuse "nothing in ','" $int8 --config tiny --input $images --images 0:1 --cycles --layers ,
refuse "go with --cycles or --on" $int8 --config tiny --input $images --layers conv1
refuse "goes with --on model only" $int8 --config tiny --input $images --cycles --on rtl
refuse "expected K/N" $int8 --config tiny --input $images --cycles --shard 4/3
refuse "expected a number from 1e-09 to 1" $int8 --config tiny --input $images --cycles --sample 0
refuse "expected model, rtl, rtl-alone or icarus" $int8 --config tiny --input $images --on paper
refuse "expected WIDTHxHEIGHT" $int8 --config tiny --input "$out/one.png" --resize 8
refuse "expected 1 to 3 numbers" $int8 --config tiny --input "$out/one.png" --mean 1,2,3,4
refuse "expected numbers other than 0" $int8 --config tiny --input "$out/one.png" --std 0
refuse "--resize 4x4; expected at least" $int8 --config tiny --input "$out/one.png" --resize 4x4
refuse "expected nchw or nhwc" $int8 --config tiny --input "$out/one.png" --layout chw
refuse "2 runs; expected a single one" $int8 --config tiny --input $images --images 0:4 --batch 2 --tensors "$out/t"
refuse "names goes with --top" $int8 --config tiny --input $images --names "$out/names"
refuse "batch goes with --images" $int8 --config tiny --input $images --batch 2
refuse "fast is for a layer" $int8 --config tiny --input $images --fast
refuse "exclude each other" $int8 --config tiny --input $images --reference $fp32 --no-compare
refuse "no-such.onnx: " $int8 --config tiny --input $images --reference no-such.onnx
refuse "no MODEL given" --config tiny --input $images
refuse "no --config given" $int8 --input $images
run 2 $int8 --config tiny --input $images && has 'no --output given'
report "refused: no --output given"
run 2 $int8 --config tiny --input $images --images 0:1 --output "$out/text" && has "output .*text: Not a directory; expected a folder" && [ "$(wc -l <"$out/log")" -eq 1 ]
report "refused: an output folder that is a file"
run 2 $int8 --config tiny --input $images --images 0:1 --output "$out/none" --json "$out/no/such/folder" && has "no/such/folder: No such file" &&
	run 2 $int8 --config tiny --input $images --images 0:1 --output "$out/none" --json "$out" && has ": Is a directory; expected a file" && [ ! -e "$out/none" ]
report "refused: a report that cannot be written, before anything runs"

echo "1..$count"
[ $bad -eq 0 ]
