#!/usr/bin/env bash
# Installs the Debian 12 packages that edgecut needs and that are missing.
# Quick and silent towards the network when nothing is missing; safe to run again.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/install-dependencies.sh [--run | --all] [--list]
  --run   what building and running the program needs (default)
  --all   also what the tests, the benchmarks and the checks need
  --list  only print the missing packages, one a line; installs nothing
Works as root or through sudo. Debian 12 (bookworm) or a distribution with the same packages.
TEXT
}

packages_run=(
  g++ cmake ninja-build                     # compiler and build
  libboost-dev libboost-graph-dev           # layer graphs, max-flow, distributions
  libeigen3-dev                             # regressions
  nlohmann-json3-dev libcli11-dev # JSON, command line
  librandom123-dev                          # counter-based random streams
  libxxhash-dev                             # fingerprints of inputs and points
  libopenmpi-dev openmpi-bin                # campaigns over a cluster; optional
  libsimgrid-dev                            # the SimGrid engine; optional
  libonnx-dev libprotobuf-dev protobuf-compiler # import of ONNX models
  gnuplot-nox python3 git                   # plots, scripts, the commit in run_info.json
)
packages_checks=(
  doctest-dev librapidcheck-dev             # unit, property, validation and golden tests
  libbenchmark-dev                          # bench
  clang-14 clang-tidy-14 clang-format-14    # second compiler, lint, format
  libclang-rt-14-dev                        # its sanitizers
  shellcheck
  ccache                                    # optional: makes repeated builds quick
)

group=run
list_only=no
for argument in "$@"; do
  case "$argument" in
    --run) group=run ;;
    --all) group=all ;;
    --list) list_only=yes ;;
    -h | --help) usage; exit 0 ;;
    *) echo "install-dependencies: unknown argument '$argument'" >&2; usage >&2; exit 2 ;;
  esac
done
packages=("${packages_run[@]}")
if [[ $group == all ]]; then
  packages+=("${packages_checks[@]}")
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  {
    echo "install-dependencies: this is no Debian-like system (no dpkg-query or apt-get)."
    echo "Install the counterparts of these Debian 12 packages by hand:"
    printf '  %s\n' "${packages[@]}"
    echo "and run the other scripts with EDGECUT_SKIP_INSTALL=1."
  } >&2
  exit 1
fi

# dpkg-query exits non-zero for names that it has never seen; those are simply missing.
installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null |
  sed -n 's/ installed$//p' || true)
missing=()
for package in "${packages[@]}"; do
  if ! grep -qxF -- "$package" <<<"$installed"; then
    missing+=("$package")
  fi
done

if [[ $list_only == yes ]]; then
  if ((${#missing[@]} > 0)); then
    printf '%s\n' "${missing[@]}"
  fi
  exit 0
fi
if ((${#missing[@]} == 0)); then
  echo "Dependencies ($group): all ${#packages[@]} packages are installed."
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "install-dependencies: neither root nor sudo here. Run as root:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  # Without a terminal nobody can type a password: fail at once instead of waiting for one.
  if [[ -t 0 ]]; then
    as_root=(sudo)
  else
    as_root=(sudo -n)
  fi
fi
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

echo "Dependencies ($group): installing ${#missing[@]} missing packages with apt-get:"
printf '  %s\n' "${missing[@]}"
if ! "${as_root[@]}" true </dev/null; then
  echo "install-dependencies: no rights to install. Run as root:" >&2
  echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
if ! apt update; then
  echo "install-dependencies: apt-get update failed; trying with the package lists at hand." >&2
fi
if ! apt install --yes --no-install-recommends "${missing[@]}"; then
  echo "install-dependencies: apt-get could not install them (see above). edgecut expects the" >&2
  echo "packages of Debian 12 (bookworm); an older release does not have all of them." >&2
  exit 1
fi
echo "Dependencies ($group): installed."
