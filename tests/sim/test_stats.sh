#!/bin/sh
# bitlet stats: figures of the shipped network, which numpy gave from the files (not from the C code), precisions, activations, and every complaint.
cd "$(dirname "$0")/../.." || exit 2
digits=sim/networks/digits
fp32=$digits/digits_fp32.onnx int8=$digits/digits_int8.onnx images=$digits/images.npy
. tests/tap_log.sh

# stats STATUS ARGUMENT...: bitlet stats exits with that status
stats() { exits stats "$@"; }

stats 0 $int8 --json "$out/q.json" && has 'groups of N = 64 slots (paper)' && has '^conv2  *QLinearConv  *73728 int8  *4608   0.80  55.88    27.72    21.18    29.51     1.63$' &&
	holds "$out/q.json" '"ones":[2345,2283,2225,2201,2131,1781,1265],"numbers":4608,"zeros":37,"bits":7' &&
	holds "$out/q.json" '"ones":[604,614,629,580,522,416,173],"numbers":1280,"zeros":12,"bits":7' && holds "$out/q.json" '"groups":20,"busiest":34.1' && holds "$out/q.json" '"average":25.271428571428' && holds "$out/q.json" '"speed":1.87408491' &&
	! has act0
report "int8 network: zeros, ones by significance, groups"
stats 0 $fp32 --json "$out/f.json" && has '^conv2  *Conv  *73728 fp32  *4608   0.00  49.09    30.14    22.41    31.65     1.52$' &&
	holds "$out/f.json" '"ones":[2248,2307,2246,2279,2312,2271,2353,2263,2265,2337,2313,2241,2286,2289,2242,2298,2246,2248,2261,2280,2181,2035,1898,4608]'
report "fp32 network: significands with the hidden bit, aligned groups"
stats 0 $fp32 --precision int8 --precision bf16 --precision w5a7 --images $images --image-count 2 --json "$out/p.json" &&
	[ "$(grep -c 'groups of N = 64' "$out/log")" -eq 3 ] && has act0 && holds "$out/p.json" '"precision":"w5a7"' && holds "$out/p.json" '"images":2' &&
	[ "$(grep -c '"activations":' "$out/p.json")" -eq 15 ] && stats 0 $int8 --config tiny && has 'N = 4 slots (tiny)'
report "precisions in turn, also such as the configuration lacks; activations"
# the first image's zeros: those of the file behind its header of 128 bytes
zeros=$(tail -c +129 $images | head -c 256 | od -An -v -tx4 -w4 | grep -c 00000000)
stats 0 $fp32 --images $images --image-count 1 --json "$out/a.json" && holds "$out/a.json" "\"activations\":{\"ones\":[" && holds "$out/a.json" "\"numbers\":64,\"zeros\":$zeros,\"bits\":24"
report "zeros among the first layer's activations are those of the image"

wrong() { # wrong TEXT ARGUMENT...
	text=$1
	shift
	stats 2 "$@" && has "$text" && [ "$(wc -l <"$out/log")" -eq 1 ]
}
head -c 3000 $fp32 >"$out/cut.onnx"
head -c 100 $images >"$out/cut.npy"
wrong 'no network given; expected one network' && wrong 'too many arguments' a b && wrong "--precision 'int25'; expected" $fp32 --precision int25 &&
	wrong "--image-count '0'; expected" $fp32 --image-count 0 && wrong 'cut.onnx: ' "$out/cut.onnx" && wrong 'cut.npy: ' $fp32 --images "$out/cut.npy" &&
	wrong '450 images; expected 451' $fp32 --images $images --image-count 451 && wrong 'nothing:1:1: ' $fp32 --config nothing &&
	wrong 'images are uint8' $fp32 --images $digits/labels.npy && wrong 'no convolution or product can run in fp32: conv1: ' $int8 --precision fp32 &&
	stats 2 $fp32 --json "$out/missing/x.json" && has 'missing/x.json: '
report "complaints"

echo "1..$count"
[ $bad -eq 0 ]
