#!/usr/bin/env bash
# Holds the C++ files to .clang-format: names the files that differ and how to mend them.
# usage: scripts/check_format.sh [--fix]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fix=no
case "${1:-}" in
  "") ;;
  --fix) fix=yes ;;
  *) echo "usage: scripts/check_format.sh [--fix]" >&2; exit 2 ;;
esac
# Other versions of clang-format lay out the same file differently; 14 is Debian 12's.
formatter=clang-format-14
if ! command -v "$formatter" >/dev/null; then
  echo "check_format: $formatter is missing; scripts/install-dependencies.sh --all brings it" >&2
  exit 1
fi

# Tracked files and new ones that git does not ignore; a file deleted but still tracked is skipped.
files=()
while IFS= read -r -d '' file; do
  if [[ -f $file ]]; then
    files+=("$file")
  fi
done < <(git ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.hpp')
if ((${#files[@]} == 0)); then
  echo "check_format: no C++ files found (is this a git checkout?)" >&2
  exit 1
fi

if [[ $fix == yes ]]; then
  "$formatter" -i "${files[@]}"
  echo "format: laid out ${#files[@]} files"
  exit 0
fi
# One start for all files; each finding begins with the file's name.
if ! findings=$("$formatter" --dry-run "${files[@]}" 2>&1); then
  echo "$findings" >&2
  exit 1
fi
mapfile -t wrong < <(sed -nE 's/^([^:]+):[0-9]+:[0-9]+: .*/\1/p' <<<"$findings" | sort -u)
if ((${#wrong[@]} > 0)); then
  echo "format: ${#wrong[@]} of ${#files[@]} files differ from .clang-format:"
  printf '  %s\n' "${wrong[@]}"
  echo "mend them with: scripts/check_format.sh --fix"
  exit 1
fi
echo "format: ${#files[@]} files are in order"
