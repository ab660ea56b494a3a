#!/usr/bin/env bash
# Builds everything (preset release) and runs every test; ends with ctest's closing lines.
# usage: scripts/test.sh [options of ctest], for example: scripts/test.sh -L unit
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jobs=${EDGECUT_JOBS:-$(nproc)}

if [[ -z ${EDGECUT_SKIP_INSTALL:-} ]]; then
  scripts/install-dependencies.sh --all
fi
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
cmake --preset release --log-level=WARNING >/dev/null
cmake --build --preset release --parallel "$jobs"
ctest --preset release --parallel "$jobs" --no-tests=error "$@"
