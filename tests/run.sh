#!/usr/bin/env bash
# tests/run.sh [LABEL…]: installs what is missing, builds, runs every test or those with the named ctest labels.
#   bash tests/run.sh                 everything
#   bash tests/run.sh unit golden     two kinds
#   PRESET=asan bash tests/run.sh     the same tests under another preset (asan, tsan, release)
#   PRESET=tsan TARGET=threaded_tests bash tests/run.sh threads    builds and runs only what has threads
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${PRESET:-dev}
jobs=$(nproc)
bash .ci/install.sh
bash tests/integration/kubernetes/build_plane.sh || echo "the tests of a real Kubernetes control plane will be skipped"
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" -j "$jobs" ${TARGET:+--target "$TARGET"}
labels=()
if [ $# -gt 0 ]; then labels=(-L "^($(IFS='|'; echo "$*"))\$"); fi
export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp ${TSAN_OPTIONS:-}"
# Half of the time a test waits for another process: one more than there are cores keeps them busy.
ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$((jobs + 1))" "${labels[@]}"
