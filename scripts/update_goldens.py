#!/usr/bin/env python3
"""Keeps the present results as the expected ones of tests/golden, and shows what moved.

usage: scripts/update_goldens.py [EDGECUT]   (default: build/release/bin/edgecut)
The commit that takes the new files says why the numbers moved; CHANGELOG.md lists it.
"""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"


def main():
    edgecut = sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/release/bin/edgecut"
    return subprocess.run([sys.executable, GOLDEN / "check_golden.py", edgecut,
                           GOLDEN / "mixed-fleet.json", GOLDEN / "expected", "--update"]).returncode


if __name__ == "__main__":
    sys.exit(main())
