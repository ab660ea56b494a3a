#!/usr/bin/env python3
"""Validates and runs one of the shipped scenarios with few queries.

usage: run_scenario.py EDGECUT SCENARIO TRACE_FOLDER
A scenario that needs recordings is skipped (exit 77) where the trace folder is absent. The verdict
of so short a run means nothing, so exits 3 and 4 (not converged, overloaded) are fine.
"""
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77


def main():
    edgecut, scenario, traces = sys.argv[1:4]
    extra = []
    if "--trace-dir" in pathlib.Path(scenario).read_text():
        if not pathlib.Path(traces).is_dir():
            print(f"skipped: {scenario} needs recordings, and there is no {traces}")
            return SKIPPED
        extra = ["--trace-dir", traces]
    subprocess.run([edgecut, "validate", scenario, *extra], check=True)
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        done = subprocess.run([edgecut, "run", scenario, "--out", out, "--queries", "20000", *extra])
        if done.returncode not in (0, 3, 4):
            return 1
        rows = (out / "throughput.csv").read_text().splitlines()
        return 0 if len(rows) >= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
