#!/usr/bin/env python3
"""Keeps the present results as the expected ones of tests/golden and results/reference, and shows
what moved.

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
    commands = [["check_golden.py", edgecut, GOLDEN / "mixed-fleet.json", GOLDEN / "expected"],
                ["check_reference.py", edgecut, ROOT / "results" / "reference"]]
    return max(subprocess.run([sys.executable, GOLDEN / command[0], *command[1:], "--update"]).returncode
               for command in commands)


if __name__ == "__main__":
    sys.exit(main())
