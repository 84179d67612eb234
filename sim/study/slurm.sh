#!/bin/bash
# A study on a Slurm cluster: an array job with one task a shard, and a merge once all are done.
#
#   sim/study/slurm.sh STUDY.yaml OUT [SHARDS] [-- more options of `wanwise study`]
#
# OUT is on a file system that all nodes see. Prints the number of the merge job. A task that is
# requeued, or an array that is submitted again, goes on where it was. The program is $WANWISE
# (default: wanwise, on the PATH); options for all jobs, such as --partition, are in $SBATCH_OPTIONS.
set -euo pipefail

usage() { echo "usage: $0 STUDY.yaml OUT [SHARDS] [-- OPTIONS of wanwise study]" >&2; exit 2; }

[ $# -ge 2 ] || usage
study=$(realpath "$1") out=$(realpath -m "$2")
shift 2
shards=4
if [ $# -gt 0 ] && [ "$1" != -- ]; then shards=$1; shift; fi
if [ $# -gt 0 ]; then [ "$1" = -- ] || usage; shift; fi
case $shards in ''|*[!0-9]*|0) usage;; esac
wanwise=${WANWISE:-wanwise}
read -r -a submit <<<"sbatch --parsable --requeue ${SBATCH_OPTIONS:-}"

mkdir -p "$out/logs"
parts=()
for i in $(seq "$shards"); do parts+=("$out/shard-$i"); done
quoted() { printf '%q ' "$@"; }

# exec: Slurm's SIGTERM before a time limit reaches the program, which records what it has.
run="exec $(quoted "$wanwise" study "$study" "$@") --jobs \${SLURM_CPUS_PER_TASK:-1}"
run+=" --out $(quoted "$out/shard-")\"\$SLURM_ARRAY_TASK_ID\""
run=${run/"shard- "/shard-}
run+=" --shard \"\$SLURM_ARRAY_TASK_ID/$shards\""
array=$("${submit[@]}" --job-name=wanwise-study --array="1-$shards" \
  --output="$out/logs/shard-%a.log" --wrap "$run")

merge="exec $(quoted "$wanwise" study merge "${parts[@]}" --out "$out")"
"${submit[@]}" --job-name=wanwise-merge --dependency="afterok:${array%%;*}" \
  --kill-on-invalid-dep=yes --output="$out/logs/merge.log" --wrap "$merge"
