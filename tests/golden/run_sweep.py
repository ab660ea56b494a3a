#!/usr/bin/env python3
"""Runs one of the shipped sweeps with few queries, twice: all its points, and then none.

usage: run_sweep.py EDGECUT SWEEP TRACE_FOLDER
A sweep over recordings is skipped (exit 77) where the trace folder is absent. The verdict of so short
a run means nothing, so exits 3 and 4 (not converged, overloaded) are fine; failed points are not.
"""
import csv
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77


def sweep(edgecut, arguments):
    done = subprocess.run([edgecut, "sweep", *arguments], text=True, stderr=subprocess.PIPE)
    if done.returncode not in (0, 3, 4):
        sys.exit(f"exit code {done.returncode}: {done.stderr}")
    return done.stderr


def main():
    edgecut, file, traces = sys.argv[1:4]
    extra = ["--queries", "300", "--jobs", "2"]
    if "--trace-dir" in pathlib.Path(file).read_text():
        if not pathlib.Path(traces).is_dir():
            print(f"skipped: {file} needs recordings, and there is no {traces}")
            return SKIPPED
        extra += ["--trace-dir", traces]
    subprocess.run([edgecut, "validate", file, "--trace-dir", traces] if "--trace-dir" in extra
                   else [edgecut, "validate", file], check=True)
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        sweep(edgecut, [file, "--out", out, *extra])
        first = (out / "throughput.csv").read_bytes()
        with open(out / "points.csv", newline="") as table:
            points = list(csv.DictReader(table))
        again = sweep(edgecut, [file, "--out", out, *extra])
        kept = f"{len(points)}/{len(points)} points, {len(points)} kept" in again
        same = (out / "throughput.csv").read_bytes() == first
        if len(points) < 2 or not kept or not same:
            sys.exit(f"{len(points)} points; kept: {kept}, same bytes: {same}; {again}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
