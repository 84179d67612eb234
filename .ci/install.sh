#!/usr/bin/env bash
# Installs what .ci/packages.txt names and this machine lacks. Debian 12; needs root only when something is missing.
set -euo pipefail
list=$(cd "$(dirname "$0")" && pwd)/packages.txt
mapfile -t packages < <(grep -vE '^(#|$)' "$list")
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
