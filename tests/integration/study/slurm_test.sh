#!/bin/bash
# slurm_test.sh WANWISE SOURCE_DIR: a tiny study in two shards on a Slurm cluster of this machine
# alone, started here on free ports of the loopback, by the example script; its merge is equal to
# the study done at once. No munge: the daemons speak to nobody else (auth/none).
set -euo pipefail
wanwise=$1 source=$2
daemons=()

skip() { echo "skipped: $*"; echo "cases: 0"; exit 0; }
fail() { echo "FAILED: $*" >&2; tail -n 30 "$dir"/slurm*.log "$dir"/out/logs/* >&2 2>/dev/null || true; exit 1; }

for program in slurmctld slurmd sbatch scontrol; do
  PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || skip "slurm-wlm is not installed ($program)"
done
PATH=$PATH:/usr/sbin
# slurmd 22.05 does not start without them, although nothing here uses them.
[ -n "$(ls -A /sys/fs/cgroup 2>/dev/null)" ] || skip "slurmd needs cgroups, and /sys/fs/cgroup is empty"
[ -n "$("$wanwise" study list-policies)" ] || skip "this build has no policies to compare"

dir=$(mktemp -d)
cleanup() {
  for pid in "${daemons[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${daemons[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$dir"
}
trap cleanup EXIT

read -r ctld_port slurmd_port < <(perl -MIO::Socket::INET -e '
  my @s = map { IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 0, Listen => 1) } 1, 2;
  print join(" ", map { $_->sockport } @s), "\n"')
user=$(id -un)
mkdir "$dir/state" "$dir/spool"
cat >"$dir/slurm.conf" <<CONF
ClusterName=wanwise
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$ctld_port
SlurmdPort=$slurmd_port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/none
CredType=cred/none
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=only NodeAddr=127.0.0.1 NodeHostname=localhost CPUs=2 State=UNKNOWN
PartitionName=all Nodes=only Default=YES State=UP
CONF
export SLURM_CONF=$dir/slurm.conf
slurmctld -D -c >"$dir/slurmctld.log" 2>&1 &
daemons+=($!)
slurmd -D -N only >"$dir/slurmd.log" 2>&1 &
daemons+=($!)
for _ in $(seq 300); do
  [ "$(sinfo -h -o %T 2>/dev/null)" = idle ] && break
  kill -0 "${daemons[@]}" 2>/dev/null || fail "a daemon of Slurm ended"
  read -r -t 0.1 <> <(:) || true   # a tenth of a second
done
[ "$(sinfo -h -o %T)" = idle ] || fail "the node is not idle after 30 s: $(sinfo -h -o %T)"

study=$dir/study.yaml
cat >"$study" <<STUDY
study: slurm-test
question: Do two shards make the whole?
documents: [$source/policies]
site: harbour
horizon: 10s
warm-up: 20%
seeds: {count: 2}
baseline: always-edge
policies: [always-edge, always-cloud]
STUDY
"$wanwise" study "$study" --out "$dir/whole" >"$dir/whole.log" 2>&1 || fail "$(cat "$dir/whole.log")"
merge=$(WANWISE=$wanwise "$source/sim/study/slurm.sh" "$study" "$dir/out" 2)
for _ in $(seq 600); do
  state=$(scontrol -o show job "${merge%%;*}" | grep -o 'JobState=[A-Z_]*')
  case $state in *COMPLETED) break;; *FAILED|*CANCELLED|*TIMEOUT) fail "merge: $state";; esac
  read -r -t 0.1 <> <(:) || true
done
[ "$state" = JobState=COMPLETED ] || fail "after a minute the merge is $state"

records() { sed 's/"took":[0-9]*,//' "$1/runs/shard-1-of-1.jsonl" | sort; }
[ "$(records "$dir/out" | wc -l)" = 4 ] || fail "the merge has $(records "$dir/out" | wc -l) runs, not 4"
cmp <(records "$dir/whole") <(records "$dir/out") || fail "the merge differs from the whole"
echo "cases: 1"
