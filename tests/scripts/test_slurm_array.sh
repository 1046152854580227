#!/bin/sh
# scripts/slurm_array.sh against an sbatch that runs jobs at once: arguments arrive whole, tasks and merge do their part, wrong usage is refused.
cd "$(dirname "$0")/../.." || exit 2
. tests/tap_log.sh
BITLET=${BITLET:-build/bitlet}
export BITLET BITLET_BUILD="$out/build"

mkdir "$out/bin"
cat >"$out/bin/sbatch" <<'SBATCH'
#!/bin/bash
# every task of an array in turn, with %a in --output; the wrapped text by sh, as sbatch does; writes down its arguments; $FAKE_SKIP: this task fails
printf '%s\n' "$@" "" >>"$FAKE_LOG"
for a; do
	[ "$last" = --wrap ] && wrap=$a
	case $a in --array=*) to=${a#--array=1-} ;; --output=*) output=${a#--output=} ;; esac
	last=$a
done
for k in $(seq "${to:-1}"); do
	[ "${to:+$k}" = "${FAKE_SKIP:-none}" ] || SLURM_ARRAY_TASK_ID=$k sh -c "$wrap" >"${output//%a/$k}" 2>&1
done
echo "17;cluster"
SBATCH
chmod +x "$out/bin/sbatch"
export FAKE_LOG="$out/sbatch"

# submit ARGUMENT...
submit() {
	rm -f "$FAKE_LOG"
	PATH="$out/bin:$PATH" scripts/slurm_array.sh "$@" >"$out/log" 2>&1
}

digits=sim/networks/digits
mkdir "$out/it's here" && cp $digits/digits_int8.onnx "$out/it's here/my net.onnx"
run="--config tiny --precision int8 --input $digits/images.npy --images 0:1 --cycles"
# shellcheck disable=SC2086
submit -s --comment='a b' 3 "$out/one run" "$out/it's here/my net.onnx" $run
has "array 17, merge 17: $out/one run/merged.json" && grep -q 'exactly once' "$out/one run/merge.log" && grep -q '"complete":	true' "$out/one run/merged.json" &&
	grep -qx -- '--comment=a b' "$FAKE_LOG" && grep -qx -- '--array=1-3' "$FAKE_LOG" && grep -qx -- '--dependency=afterany:17' "$FAKE_LOG" &&
	[ -s "$out/one run/2/logits.npy" ]
report "three shards, names with spaces and quotes"
# shellcheck disable=SC2086
FAKE_SKIP=2 submit 3 "$out/lost" "$out/it's here/my net.onnx" $run
grep -q 'missing shards: 2' "$out/lost/merge.log"
report "a task is lost"
# refuse TEXT ARGUMENT...
refuse() {
	text=$1
	shift
	submit "$@"
	[ $? -eq 2 ] && has "$text" && [ ! -e "$FAKE_LOG" ]
	report "refused: $text"
}
refuse "holds reports of another run" 3 "$out/one run" net.onnx
refuse "expected a number from 1" 0 "$out/x" net.onnx
refuse "expected a number from 1" many "$out/x" net.onnx
refuse "expected SHARDS FOLDER MODEL" 3 "$out/x"
BITLET=$out/none refuse "there is no program" 3 "$out/x" net.onnx
BITLET_BUILD="$out/b b" refuse "expected one without spaces" 3 "$out/x" net.onnx

echo "1..$count"
[ $bad -eq 0 ]
