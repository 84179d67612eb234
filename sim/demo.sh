#!/usr/bin/env bash
# sim/demo.sh: the main job on this machine. Installs what is missing, builds, then runs the IR1101 emulator and
# wanwise as two processes that talk NETCONF over SSH on the loopback, and tells what happens as it happens.
#   bash sim/demo.sh                            90 seconds on the built-in LTE trace
#   bash sim/demo.sh --seconds 60 --json out.json
#   bash sim/demo.sh --radio FILE --rate FILE   on recordings: radio values (FjordLink, CICV5G), uplink (mahimahi)
#   bash sim/demo.sh --keep DIR                 keep journal, logs and site documents there
set -euo pipefail
cd "$(dirname "$0")/.."

usage() { sed -n '2,7s/^# \{0,1\}//p' "$0"; }
seconds=90 json= keep= recordings=() scenario=sim/scenarios/demo.yaml
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=$2; shift 2 ;;
    --json) json=$2; shift 2 ;;
    --radio|--rate) recordings+=("$1" "$2"); scenario=sim/scenarios/recorded.yaml; shift 2 ;;
    --keep) keep=$2; shift 2 ;;
    -h|--help) usage; exit 0 ;;
    *) echo "demo.sh: unknown option '$1'" >&2; usage >&2; exit 2 ;;
  esac
done
[[ $seconds =~ ^[0-9]+$ && $seconds -ge 20 ]] || { echo "demo.sh: --seconds takes a whole number from 20 (got '$seconds')" >&2; exit 2; }

echo "== dependencies and build (once)"
bash .ci/install.sh
preset=${PRESET:-release}
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" --target wanwise wanwise-router
bin=$PWD/build/$preset
wanwise=$bin/adapters/cli/wanwise

dir=${keep:-$(mktemp -d)}
mkdir -p "$dir/documents"
rm -f "$dir/router.json" "$dir/wanwise.json"
router_pid= wanwise_pid=
cleanup() {
  for pid in $wanwise_pid $router_pid; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  [ -n "$keep" ] || rm -rf "$dir"
}
trap cleanup EXIT

wait_for() { # FILE PID WHAT LOG: waits until FILE exists
  for _ in $(seq 150); do
    [ -e "$1" ] && return
    kill -0 "$2" 2>/dev/null || break
    sleep 0.1
  done
  echo "demo.sh: $3 did not come up:" >&2
  cat "$4" >&2
  exit 1
}
field() { sed -n "s/.*\"$2\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$1"; }

echo "== the site: router emulator, TX2 and cloud (wanwise-router)"
(umask 077; head -c 18 /dev/urandom | base64 > "$dir/password")
"$bin/sim/router/wanwise-router" --policy policies --site harbour --scenario "$scenario" "${recordings[@]}" \
  --port 0 --door-port 0 --host-key "$dir/host_key" --user wanwise --password-file "$dir/password" \
  --seconds $((seconds + 10)) --scenario-seconds "$seconds" --ready-file "$dir/router.json" > "$dir/router.log" 2>&1 &
router_pid=$!
wait_for "$dir/router.json" $router_pid wanwise-router "$dir/router.log"

echo "== wanwise, told where they are and which host key to expect"
cp -r policies/smart-city.yaml policies/profiles "$dir/documents/"
sed -e "s|port: 830\$|port: $(field "$dir/router.json" netconf_port)|" \
    -e "s|host-key: \"[^\"]*\"|host-key: \"$(field "$dir/router.json" host_key)\"|" \
    -e "s|password: {file: [^}]*}|password: {file: $dir/password}|" \
    -e "s|port: 7830|port: $(field "$dir/router.json" door_port)|" \
    policies/sites/harbour.yaml > "$dir/documents/harbour.yaml"
"$wanwise" validate "$dir/documents"
tail -n +1 -F "$dir/router.log" --pid=$router_pid 2>/dev/null | sed -un 's/^scenario: /          ---- /p' &
"$wanwise" run --policy "$dir/documents" --journal "$dir/journal" --api-port 0 --ready-file "$dir/wanwise.json" \
  --seconds "$seconds" --timeline &
wanwise_pid=$!
wait $wanwise_pid || { echo "demo.sh: wanwise failed" >&2; cat "$dir/router.log" >&2; exit 1; }
wanwise_pid=
kill $router_pid 2>/dev/null || true

echo "== what the run was worth (from its journal, decided again)"
"$wanwise" replay "$dir/journal" --summary "$dir/summary.json"
[ -z "$json" ] || cp "$dir/summary.json" "$json"
