#!/bin/sh
# A network's RTL check as a Slurm array: SHARDS tasks run `bitlet run MODEL ... --shard K/SHARDS`, and a job that waits for all of them merges their reports.
#
#   scripts/slurm_array.sh [-s SBATCH_OPTION]... SHARDS FOLDER MODEL RUN_OPTION...
#   scripts/slurm_array.sh -s --partition=long 100 out net.onnx --config edge-int8 --input x.npy --on rtl
#
# FOLDER must be seen by all nodes: it gets shard-K.json, K/ (outputs), K.log, merged.json, merge.log. BITLET is the program (default build/bitlet); the
# first task builds the simulator in $BITLET_BUILD (default FOLDER/build), the others wait for it. Prints the numbers of both jobs. docs/shards.md tells more.
set -eu

if [ "${1-}" = task ]; then # on a node: task FOLDER SHARDS MODEL RUN_OPTION...
	folder=$2 shards=$3
	shift 3
	k=$SLURM_ARRAY_TASK_ID
	exec "$BITLET" run "$@" --shard "$k/$shards" --output "$folder/$k" --json "$folder/shard-$k.json"
fi
if [ "${1-}" = merge ]; then # merge FOLDER: of the reports that there are; bitlet merge names the shards that are missing
	exec "$BITLET" merge "$2"/shard-*.json -o "$2/merged.json"
fi

complain() {
	echo "slurm_array.sh: $*" >&2
	exit 2
}
# quote ARGUMENT...: as words for a shell
quote() {
	for word; do
		printf "'%s' " "$(printf %s "$word" | sed "s/'/'\\\\''/g")"
	done
}
# submit SBATCH_OPTION... -- COMMAND...: the job's number; --parsable prints "JOB" or "JOB;CLUSTER"
submit() {
	list=
	while [ "$1" != -- ]; do
		list="$list $(quote "$1")"
		shift
	done
	shift
	eval "sbatch --parsable --export=ALL $options $list --wrap \"exec \$(quote \"\$@\")\"" | sed 's/;.*//'
}

options=
while [ "${1-}" = -s ] && [ $# -ge 2 ]; do
	options="$options $(quote "$2")"
	shift 2
done
[ $# -ge 3 ] || complain "expected SHARDS FOLDER MODEL RUN_OPTION...; see the head of this file"
shards=$1 folder=$2
shift 2
case $shards in '' | *[!0-9]* | 0*) complain "SHARDS is '$shards'; expected a number from 1" ;; esac
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
! ls "$folder"/shard-*.json >/dev/null 2>&1 || complain "$folder holds reports of another run; expected a new folder"
program=${BITLET:-build/bitlet}
BITLET=$(command -v "$program") || complain "there is no program $program; expected build/bitlet here, or BITLET"
BITLET=$(cd "$(dirname "$BITLET")" && pwd)/$(basename "$BITLET")
BITLET_BUILD=${BITLET_BUILD:-$folder/build}
export BITLET BITLET_BUILD
case $BITLET_BUILD in *[[:space:]]*) complain "the simulator's folder is '$BITLET_BUILD'; expected one without spaces, since Verilator uses make: set BITLET_BUILD" ;; esac
mkdir -p "$BITLET_BUILD"
self=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")

array=$(submit --job-name=bitlet --array="1-$shards" --output="$folder/%a.log" -- "$self" task "$folder" "$shards" "$@")
[ -n "$array" ] || complain "sbatch took no job"
merge=$(submit --job-name=bitlet-merge --dependency="afterany:$array" --output="$folder/merge.log" -- "$self" merge "$folder")
[ -n "$merge" ] || complain "sbatch took job $array, but not the one that merges: run $self merge $folder when it has ended"
echo "array $array, merge $merge: $folder/merged.json"
