#!/usr/bin/env bash
# symbol_fence.sh ARCHIVE: no object of the archive may call a clock, a socket, a file, the environment, a thread, a
# random device or Asio.
set -euo pipefail
forbidden='(system_clock|steady_clock|clock_gettime|gettimeofday|\btime\b|\bsocket\b|\bconnect\b|\bfopen\b|basic_[io]?fstream|basic_filebuf|\bopen(64)?\b|getenv|std::thread|pthread_create|random_device|\brand\b|boost::asio)'
symbols=$(nm -C --undefined-only "$1" | sed -n 's/^ *U //p' | LC_ALL=C sort -u)
[ -n "$symbols" ] || { echo "no symbols in $1"; exit 1; }
bad=$(grep -E "$forbidden" <<<"$symbols" || true)
[ -z "$bad" ] || { sed 's/^/forbidden: /' <<<"$bad"; exit 1; }
echo "undefined symbols: $(wc -l <<<"$symbols"), none forbidden"
