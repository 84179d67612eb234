#!/usr/bin/env bash
# format_fence.sh ROOT: clang-format has nothing to change, no line is over 100 columns, no file over 600 lines.
set -euo pipefail
cd "$1"
mapfile -t files < <(find . \( -name build -o -name .git -o -path '*/fence/control' \) -prune -o \
  \( -name '*.cpp' -o -name '*.hpp' \) -print | sort)
[ ${#files[@]} -gt 0 ] || { echo "no files below $1"; exit 1; }
broken=0
for file in "${files[@]}"; do
  long=$(LC_ALL=C.UTF-8 grep -nE '^.{101,}' "$file" | cut -d: -f1 || true)
  for line in $long; do echo "${file#./}:$line: line of more than 100 columns"; broken=1; done
  lines=$(wc -l < "$file")
  [ "$lines" -le 600 ] || { echo "${file#./}: $lines lines, more than 600"; broken=1; }
done
format=$(command -v clang-format-14 || command -v clang-format || true)
if [ -n "$format" ]; then "$format" --dry-run --Werror "${files[@]}" || broken=1; else echo "no clang-format: layout not checked"; fi
echo "files: ${#files[@]}, broken: $broken"
exit $broken
