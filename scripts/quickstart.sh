#!/usr/bin/env bash
# From a fresh checkout to the first results: installs what is missing, builds the program alone
# (no tests, no benchmarks) and runs scenarios/quickstart.json.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=build/quickstart
scenario=scenarios/quickstart.json
out=results/runs/quickstart
jobs=${EDGECUT_JOBS:-$(nproc)}
log=$build/configure.log

say() { printf '\n== %s\n' "$*"; }

say "1/3 Dependencies"
if [[ -n ${EDGECUT_SKIP_INSTALL:-} ]]; then
  echo "skipped (EDGECUT_SKIP_INSTALL is set)"
else
  scripts/install-dependencies.sh --run
fi

say "2/3 Building the program in $build"
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
mkdir -p "$build"
if ! cmake --preset release -B "$build" -DEDGECUT_BUILD_TESTS=OFF -DEDGECUT_BUILD_BENCH=OFF \
  >"$log" 2>&1; then
  cat "$log" >&2
  echo "quickstart: cmake could not configure the build (see above)" >&2
  exit 1
fi
# Ninja rewrites one progress line on a terminal; elsewhere it would print one for every file.
quiet=()
if [[ ! -t 1 ]]; then
  quiet=(-- --quiet)
fi
cmake --build "$build" --target edgecut --parallel "$jobs" "${quiet[@]}"
program=$build/bin/edgecut
echo "built $program"

say "3/3 Running $scenario"
echo "$program run $scenario --out $out"
"$program" run "$scenario" --out "$out"

say "Done"
echo "Results: $out"
for file in "$out"/*; do
  printf '  %s\n' "${file#"$out"/}"
done
cat <<TEXT
docs/formats.md explains every key and column. Next, for example:
  $program list
  $program run $scenario --help
  scripts/test.sh
TEXT
