#!/usr/bin/env bash
# format_fence.sh ROOT: clang-format has nothing to change, no line is over 100 columns, no file over 600 lines.
set -euo pipefail
cd "$1"
mapfile -t files < <(find . \( -name build -o -name .git -o -path '*/fence/control' \) -prune -o \
  \( -name '*.cpp' -o -name '*.hpp' \) -print | sort)
[ ${#files[@]} -gt 0 ] || { echo "no files below $1"; exit 1; }
broken=0
for file in "${files[@]}"; do
  awk -v file="${file#./}" 'length($0) > 100 { print file ":" FNR ": line of " length($0) " columns"; bad = 1 }
    END { if (FNR > 600) { print file ": " FNR " lines, more than 600"; bad = 1 } exit bad }' "$file" || broken=1
done
format=$(command -v clang-format-14 || command -v clang-format || true)
if [ -n "$format" ]; then "$format" --dry-run --Werror "${files[@]}" || broken=1; else echo "no clang-format: layout not checked"; fi
echo "files: ${#files[@]}, broken: $broken"
exit $broken
