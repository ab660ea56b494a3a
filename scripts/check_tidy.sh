#!/usr/bin/env bash
# Runs clang-tidy 14 with .clang-tidy over library sources; findings are errors.
# usage: scripts/check_tidy.sh [files]; without files, every source of the libraries and program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=build/tidy
jobs=${EDGECUT_JOBS:-$(nproc)}
folders=(base workloads platforms predictors policies results planning sim scenarios reproduction
  campaigns cli)

cmake --preset tidy --log-level=WARNING -DEDGECUT_BUILD_TESTS=OFF -DEDGECUT_BUILD_BENCH=OFF \
  >/dev/null
files=("$@")
if ((${#files[@]} == 0)); then
  for folder in "${folders[@]}"; do
    while IFS= read -r -d '' file; do
      files+=("$file")
    done < <(git ls-files -z --cached --others --exclude-standard -- "$folder/*.cpp")
  done
fi
echo "tidy: ${#files[@]} files, $jobs at a time"
# --quiet hides the counts of suppressed findings in system headers, which go to stderr.
if ! printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$jobs" \
  clang-tidy-14 --quiet --warnings-as-errors='*' -p "$build" 2>"$build/tidy.log"; then
  grep -v ' warnings generated\.$' "$build/tidy.log" >&2 || true
  echo "tidy: findings above; a false one takes NOLINT(check-name) with the reason beside it" >&2
  exit 1
fi
echo "tidy: no findings"
