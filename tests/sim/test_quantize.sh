#!/bin/sh
# bitlet quantize: accuracy of the shipped network by width, search under both budgets, files that come out, and every complaint.
cd "$(dirname "$0")/../.." || exit 2
digits=sim/networks/digits
fp32=$digits/digits_fp32.onnx images=$digits/images.npy labels=$digits/labels.npy
. tests/tap_log.sh

# quantize STATUS ARGUMENT...: bitlet quantize exits with that status
quantize() { exits quantize "$@"; }
number() { tr -d ' \t\n' <"$1" | sed -n "s/.*\"$2\":{[^}]*\"$3\":\([0-9.e+-]*\).*/\1/p"; } # number FILE OBJECT KEY of the JSON
# correct PRECISION LEAST: images 101 to 450, calibrated on the others; at least so many of 350 are right
correct() {
	quantize 0 $fp32 --images $images --labels $labels --image-count 100 --check-count 350 --precision "$1" -o "$out/$1.onnx" --json "$out/$1.json" &&
		grep -q '"float_correct":	346' "$out/$1.json" && [ "$(number "$out/$1.json" result correct)" -ge "$2" ]
}

# --- accuracy; fp32 has 346 of 350
correct int8 343 && has 'same class 350 of 350' && ! grep -q bitlet "$out/int8.json" && ! grep -qa 'bitlet.Quant' "$out/int8.onnx"
report "int8: within 1 % of fp32, in plain ONNX"
correct int16 346 && correct bf16 346 && has 'rounded by the hardware' && correct w4a8 343 && correct int4 340 && correct int3 300 &&
	quantize 0 $fp32 --images $images --labels $labels --image-count 100 --check-count 350 --precision w4a8 --keep-bias -o "$out/k.onnx" --json "$out/k.json" &&
	[ "$(number "$out/k.json" result correct)" -lt "$(number "$out/w4a8.json" result correct)" ] &&
	! correct w1a8 200 && ! quantize 0 $fp32 --images $images --precision int0 -o "$out/x.onnx"
report "other widths: as accurate as they should be"
on_core() { # on_core PRECISION
	"$bitlet" run "$out/$1.onnx" --config paper --input $images --images 100:350 --labels $labels --output "$out/r" >"$out/log" 2>&1 &&
		has '5 of 5 quantised layers give exactly' && has "accuracy: $(number "$out/$1.json" result correct) of 350"
}
on_core int8 && on_core int4
report "the files run on the core, as accurate as said, with exactly the host's codes"
quantize 0 $fp32 --images $images --labels $labels --precision int8 --per-tensor --symmetric --calibrate percentile=99.99 --weights top -o "$out/s.onnx" \
	--json "$out/s.json" && [ "$(number "$out/s.json" result correct)" -ge 97 ] && ! grep -q '"input_zero":	[^0]' "$out/s.json" &&
	quantize 0 $fp32 --images $images --precision int8 --calibrate minmax -o "$out/m.onnx" && has ' 0.0039216 ' && has 'same class 100 of 100'
report "other rules: symmetric, one scale, percentile, minmax"

# --- precision by layer
printf 'conv1: int16\n"*wise": int6\ndefault: int4\n' >"$out/p.yaml"
quantize 0 $fp32 --images $images --labels $labels --image-count 100 --check-count 350 --precisions "$out/p.yaml" -o "$out/p.onnx" --save-precisions "$out/q.yaml" \
	--json "$out/p.json" && awk -v a="$(number "$out/p.json" result mean_relative_error)" -v b="$(number "$out/int4.json" result mean_relative_error)" 'BEGIN { exit !(a > 0 && a < 0.8 * b) }' &&
	[ "$(tr '\n' ' ' <"$out/q.yaml")" = '"conv1": int16 "conv2": int4 "depthwise": int6 "pointwise": int6 "dense": int4 ' ]
report "precisions from a file, and back into one: better than int4 alone"
search="$fp32 --images $images --labels $labels --image-count 100 --check-count 350 --search --candidates int8,int4,int2"
quantize 0 $search --budget-accuracy 0.5 -o "$out/a.onnx" --save-precisions "$out/a.yaml" --json "$out/a.json" &&
	[ "$(number "$out/a.json" result correct)" -ge 345 ] && has 'as chosen' && grep -q int4 "$out/a.yaml" &&
	quantize 0 $fp32 --images $images --labels $labels --image-count 100 --check-count 350 --precisions "$out/a.yaml" -o "$out/b.onnx" --json "$out/b.json" &&
	cmp "$out/a.onnx" "$out/b.onnx" && [ "$(number "$out/b.json" result correct)" = "$(number "$out/a.json" result correct)" ]
report "search under an accuracy budget; its file gives the same network"
quantize 0 $fp32 --images $images --search --budget-accuracy 12 --save-precisions "$out/e.yaml" --json "$out/e.json" && has 'same class' &&
	awk -v e="$(number "$out/e.json" result mean_relative_error)" 'BEGIN { exit !(e > 0.02 && e <= 0.12) }'
report "without labels the budget is the outputs' relative error"
cat >"$out/pack.yaml" <<-end
	n: 4
	pes: 4
	precisions: [int8, int4]
	packing: [1, 6]
	output_lanes: 4
	axi_bits: 128
end
quantize 0 $fp32 --images $images --search --config "$out/pack.yaml" --budget-cycles 1e9 --save-precisions "$out/c.yaml" && ! grep -q int4 "$out/c.yaml"
all=$(sed -n 's/^cycles an image: \([0-9]*\) with.*/\1/p' "$out/log")
quantize 1 $fp32 --images $images --search --config "$out/pack.yaml" --budget-cycles 10 --save-precisions "$out/d.yaml" && has 'the cheapest choice costs more' &&
	[ ! -e "$out/d.yaml" ]
least=$(sed -n 's/^cycles an image: .*, \([0-9]*\) as chosen.*/\1/p' "$out/log")
quantize 0 $fp32 --images $images --search --config "$out/pack.yaml" --budget-cycles $(((all + least) / 2)) --save-precisions "$out/c.yaml" &&
	[ "$all" -gt "$least" ] && grep -q int8 "$out/c.yaml" && grep -q int4 "$out/c.yaml" &&
	[ "$(sed -n 's/^cycles an image: .*, \([0-9]*\) as chosen.*/\1/p' "$out/log")" -le $(((all + least) / 2)) ]
report "search under a budget of cycles: all, none, half way"

# --- complaints
wrong() { # wrong TEXT ARGUMENT...: exit 2, the text is said, no file
	text=$1
	shift
	rm -f "$out/x.onnx"
	quantize 2 "$@" && has "$text" && [ ! -e "$out/x.onnx" ] && [ "$(wc -l <"$out/log")" -eq 1 ]
}
to="-o $out/x.onnx"
wrong 'no network given; expected one MODEL.onnx' && wrong 'too many arguments' a b && wrong 'no --images given' $fp32 --precision int8 $to &&
	wrong 'no -o given' $fp32 --images $images --precision int8 && wrong 'no --precision, --precisions or --search given' $fp32 --images $images $to &&
	wrong "--precision 'int25'; expected" $fp32 --precision int25 && wrong "--calibrate 'max'; expected minmax" $fp32 --calibrate max &&
	wrong "--calibrate percentile '50'; expected a number from 50.001" $fp32 --calibrate percentile=50 && wrong "--weights 'x'; expected auto" $fp32 --weights x &&
	wrong "--image-count '0'; expected" $fp32 --image-count 0 && wrong "--check-count '1.5'; expected a whole" $fp32 --check-count 1.5 &&
	wrong "--threads 'x'" $fp32 --threads x && wrong "--budget-accuracy '101'" $fp32 --budget-accuracy 101 && wrong "--candidates 'int8'; expected each" $fp32 --candidates int8,int8
report "complaints about options"
wrong 'go with --search' $fp32 --images $images --precision int8 --candidates int8,int4 $to &&
	wrong 'without a budget' $fp32 --images $images --search $to && wrong 'needs --config' $fp32 --images $images --search --budget-cycles 5 $to &&
	wrong 'chooses precisions itself' $fp32 --images $images --search --budget-accuracy 5 --precision int8 $to &&
	wrong '1 precisions to choose from' $fp32 --images $images --search --budget-accuracy 5 --candidates int8 $to &&
	wrong 'edge-int8 has no precision int4' $fp32 --images $images --search --budget-accuracy 5 --candidates int8,int4 --config edge-int8 $to &&
	wrong 'nothing:1:1: ' $fp32 --config nothing
report "complaints about searches"
printf 'conv9: int8\n' >"$out/idle.yaml"
head -c 3000 $fp32 >"$out/cut.onnx"
head -c 100 $images >"$out/cut.npy"
printf '\034\0\0\0TFL3....................................' >"$out/x.tflite"
wrong 'idle.yaml:1:1: no node is called .conv9.; expected' $fp32 --images $images --precisions "$out/idle.yaml" $to &&
	wrong 'digits_int8.onnx: node .* is quantised already; expected a float network' $digits/digits_int8.onnx --images $images --precision int4 $to &&
	wrong 'cut.onnx is the network itself; expected another file' "$out/cut.onnx" --images $images --precision int4 -o "$out/cut.onnx" &&
	wrong 'cut.onnx: ' "$out/cut.onnx" --images $images --precision int4 $to && wrong 'cut.npy: ' $fp32 --images "$out/cut.npy" --precision int4 $to &&
	wrong 'x.tflite: ' "$out/x.tflite" --images $images --precision int4 $to &&
	wrong "labels.npy: images are uint8; input 'image' is float32" $fp32 --images $labels --precision int4 $to &&
	wrong 'labels are 4500 numbers of type float32; expected 450 integers' $fp32 --images $images --labels $digits/logits_fp32.npy --precision int8 $to
report "complaints about files"
wrong '450 images; --image-count wants 451' $fp32 --images $images --image-count 451 --precision int8 $to &&
	wrong '450 images; --check-count wants 999' $fp32 --images $images --check-count 999 --precision int8 $to &&
	wrong 'weights below 0 in an unsigned field' $fp32 --images $images --precision uint8 $to &&
	wrong 'missing/x.onnx: ' $fp32 --images $images --precision int8 -o "$out/missing/x.onnx"
report "complaints about numbers of images, unsigned weights, a folder that is not there"

echo "1..$count"
[ $bad -eq 0 ]
