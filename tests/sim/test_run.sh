#!/bin/sh
# bitlet run: a layer from files through interpreter, model and RTL gives the numbers of its definition; the table and its JSON say how fast; wrong
# files and wrong usage are refused.
cd "$(dirname "$0")/../.." || exit 2
. tests/tap_log.sh

# run STATUS ARGUMENT...: bitlet run exits with that status
run() { exits run "$@"; }

# --- layers and what must come out, from their definition
python3 - "$out" <<'PYTHON' || exit 2
import random, struct, sys
out = sys.argv[1]
rng = random.Random(7)

def save(name, shape, values, kind):
    header = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }" % (kind, ", ".join(map(str, shape)) + "," * (len(shape) == 1))
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(out + "/" + name, "wb") as f:
        f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        f.write(struct.pack("<%d%s" % (len(values), {"|i1": "b", "<i4": "i", "<f4": "f"}[kind]), *values))

H, W, C, O, K = 7, 6, 5, 9, 3  # stride 2 x 1, padding 1, channels last
def conv(x, w, b, shift):
    y = []
    for oy in range((H + 2 - K) // 2 + 1):
        for ox in range(W + 2 - K + 1):
            for o in range(O):
                s = b[o]
                for ky in range(K):
                    for kx in range(K):
                        iy, ix = 2 * oy + ky - 1, ox + kx - 1
                        if 0 <= iy < H and 0 <= ix < W:
                            s += sum(x[(iy * W + ix) * C + c] * w[((o * K + ky) * K + kx) * C + c] for c in range(C))
                s = (s + (1 << (shift - 1))) >> shift  # half up
                y.append(max(0, min(127, s)))          # relu
    return y

x = [rng.randrange(-128, 128) for _ in range(H * W * C)]
x2 = [rng.randrange(-128, 128) for _ in range(H * W * C)]
w = [rng.randrange(-128, 128) for _ in range(O * K * K * C)]
b = [rng.randrange(-5000, 5000) for _ in range(O)]
shape = (1, (H + 2 - K) // 2 + 1, W + 2 - K + 1, O)
save("x.npy", (1, H, W, C), x, "|i1")
save("x2.npy", (1, H, W, C), x2, "|i1")
save("w.npy", (O, K, K, C), w, "|i1")
save("b.npy", (O,), b, "<i4")
save("want.npy", shape, conv(x, w, b, 9), "|i1")
save("want2.npy", shape, conv(x2, w, b, 9), "|i1")
with open(out + "/conv.yaml", "w") as f:
    f.write("op: conv\nprecision: int8\ninput: x.npy\nweights: w.npy\nbias: b.npy\nstrides: [2, 1]\npads: [1, 1, 1, 1]\n"
            "output: {format: int8, rounding: half_up, multiplier: 1, shift: 9, relu: relu}\n")
save("f.npy", (3, 8), [rng.gauss(0, 1) for _ in range(24)], "<f4")
save("one.npy", (8, 8), [float(i % 9 == 0) for i in range(64)], "<f4")
with open(out + "/copy.yaml", "w") as f: # times the identity
    f.write("op: dense\nprecision: fp32\ninput: f.npy\nweights: one.npy\n")
PYTHON

same() { cmp -s "$1" "$2" || { cmp "$1" "$2" >>"$out/log" 2>&1; return 1; }; }

run 0 "$out/conv.yaml" --config tiny --output "$out/fast" --fast && has 'interpreted' && same "$out/fast/output.npy" "$out/want.npy"
report "a convolution by the interpreter"
run 0 "$out/conv.yaml" --config tiny --output "$out/model" --json "$out/model.json" && has '(modelled)' && has 'array busy (utilisation)' &&
	has 'DRAM channel 1' && has 'frames/s at 200 MHz' && same "$out/model/output.npy" "$out/want.npy"
report "a convolution on the model"
run 0 "$out/conv.yaml" --config tiny --output "$out/rtl" --on rtl --json "$out/rtl.json" && has '(simulated)' && same "$out/rtl/output.npy" "$out/want.npy"
report "a convolution on RTL"
python3 - "$out/model.json" "$out/rtl.json" >"$out/log" 2>&1 <<'PYTHON'
import json, sys
model, rtl = (json.load(open(f)) for f in sys.argv[1:])
assert model.pop("source") == "modelled" and rtl.pop("source") == "simulated" and model == rtl
c = model["counters"]
assert c["cycles"] == c["busy"] + c["wait_out"] + c["wait_act"] + c["wait_wgt"] + c["idle"] and c["outputs"] == 2 * 4 * 6 * 9 # two chunks
assert abs(model["utilisation"] - c["busy"] / c["cycles"]) < 1e-12 and model["macs"] == 4 * 6 * 9 * 45
assert abs(model["frames_per_second"] - 200e6 / c["cycles"]) < 1e-6 * model["frames_per_second"]
PYTHON
report "the model, run alone, predicts every counter of the RTL, run alone"
run 0 "$out/conv.yaml" --config tiny --output "$out/both" --on both --stalls 40 --seed 3 --latency 7 --bandwidth 0.5 --outstanding 2 --clock 150 \
	--input "$out/x2.npy" && has 'equal to the model in every cycle' && has 'at 150 MHz' && same "$out/both/output.npy" "$out/want2.npy"
report "other activations on both, with a slow memory that stalls"
run 0 "$out/conv.yaml" --config tiny --output "$out/icarus" --on icarus --json "$out/icarus.json" && has 'by Icarus, equal to the model in every cycle' &&
	same "$out/icarus/output.npy" "$out/want.npy" && sed 's/"source.*//' "$out/model.json" >"$out/one" && sed 's/"source.*//' "$out/icarus.json" | cmp - "$out/one"
report "a convolution in Icarus, in the model's cycles"
run 0 "$out/copy.yaml" --config tiny --output "$out/copy" --on both && same "$out/copy/output.npy" "$out/f.npy"
report "floats pass a product with the identity unchanged"

# --- what is wrong
# refuse TEXT ARGUMENT...
refuse() {
	text=$1
	shift
	run 2 "$@" && has "$text"
	report "refused: bitlet run $(echo "$*" | sed "s:$out:DIR:g")"
}
sed 's/precision: int8/precision: int9/' "$out/conv.yaml" >"$out/other.yaml"
sed 's/x.npy/no-such.npy/' "$out/conv.yaml" >"$out/missing.yaml"
head -c 200 "$out/x.npy" >"$out/short.npy"
refuse "other.yaml:2:" "$out/other.yaml" --config tiny --output "$out/x"
refuse "no-such.npy" "$out/missing.yaml" --config tiny --output "$out/x"
refuse "no-such.yaml" "$out/no-such.yaml" --config tiny --output "$out/x"
refuse "short.npy" "$out/conv.yaml" --config tiny --output "$out/x" --input "$out/short.npy"
refuse "f.npy" "$out/conv.yaml" --config tiny --output "$out/x" --input "$out/f.npy"
refuse "not one of the configuration's" "$out/copy.yaml" --config edge-int8 --output "$out/x"
refuse "no-such-preset" "$out/conv.yaml" --config no-such-preset --output "$out/x"
refuse "x.npy" "$out/conv.yaml" --config tiny --output "$out/x.npy"
refuse "no --config given" "$out/conv.yaml" --output "$out/x"
refuse "no --output given" "$out/conv.yaml" --config tiny
refuse "no MODEL given" --config tiny --output "$out/x"
refuse "too many arguments" "$out/conv.yaml" "$out/copy.yaml" --config tiny --output "$out/x"
refuse "expected model, rtl, both or icarus" "$out/conv.yaml" --config tiny --output "$out/x" --on paper
refuse "goes with --on model only" "$out/conv.yaml" --config tiny --output "$out/x" --fast --on rtl
refuse "expected a number from 1 to" "$out/conv.yaml" --config tiny --output "$out/x" --latency 0
refuse "expected a whole number" "$out/conv.yaml" --config tiny --output "$out/x" --stalls 1.5
refuse "expected a number from 0 to" "$out/conv.yaml" --config tiny --output "$out/x" --bandwidth nan
refuse "expected a number from 0" "$out/conv.yaml" --config tiny --output "$out/x" --seed -1
refuse "unrecognized option" "$out/conv.yaml" --config tiny --output "$out/x" --frobnicate

echo "1..$count"
[ $bad -eq 0 ]
