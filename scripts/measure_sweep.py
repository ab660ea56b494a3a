#!/usr/bin/env python3
"""Measures campaigns: one worker against two, ranks against workers, overhead of small points, start-up.

usage: measure_sweep.py [--edgecut PROGRAM] [--points N] [--repetitions R]
Prints a table; each figure is the median of R repetitions, taken in turn. Needs an idle machine with
two cores; load of others shows in the ratios.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def tiny(queries):
    return {
        "workload": {"queries": [{"model": "imc"}], "arrivals": {"process": "poisson", "rate_per_s": 1}},
        "fleet": [{"count": 10, "device": "jetson-tk1-gpu", "network": "lte", "trace": "lte-driving"}],
        "cloud": {"server": "tesla-k40"},
        "allow_overload": True,
        "policies": ["cloud-only", "device-only", "neurosurgeon-latency", "oracle"],
        "stop": {"queries": queries},
    }


def sweep_file(folder, points, queries):
    axes = [{"pointer": "/seed", "from": 1, "to": points, "count": points}]
    file = folder / f"sweep-{points}-{queries}.json"
    file.write_text(json.dumps({"base": tiny(queries), "axes": axes}))
    return file


def timed(words):
    start = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


class Bench:
    def __init__(self, options):
        self.edgecut = str(options.edgecut)
        self.options = options
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="measure-sweep-"))

    def sweep(self, file, jobs=None, ranks=None):
        """Seconds of wall time, and what run_info.json says."""
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        words = [self.edgecut, "sweep", str(file), "--out", str(out), "--quiet"]
        if jobs:
            words += ["--jobs", str(jobs)]
        if ranks:
            root = ["--allow-run-as-root"] if os.getuid() == 0 else []
            words = ["mpirun", *root, "--oversubscribe", "-n", str(ranks), *words]
        seconds = timed(words)
        return seconds, json.loads((out / "run_info.json").read_text())

    def medians(self, runs):
        taken = {name: [] for name in runs}
        for _ in range(self.options.repetitions):
            for name, run in runs.items():
                taken[name].append(run())
        return {name: statistics.median(values) for name, values in taken.items()}

    def parallel(self):
        file = sweep_file(self.folder, 64, 100000)
        runs = {"jobs 1": lambda: self.sweep(file, jobs=1)[0], "jobs 2": lambda: self.sweep(file, jobs=2)[0]}
        if shutil.which("mpirun"):
            runs["4 ranks"] = lambda: self.sweep(file, ranks=4)[0]
        wall = self.medians(runs)
        for name, seconds in wall.items():
            print(f"64 points of 400,000 queries, {name}: {seconds:.2f} s")
        print(f"jobs 1 / jobs 2: {wall['jobs 1'] / wall['jobs 2']:.2f}")
        if "4 ranks" in wall:
            nothing = sweep_file(self.folder, 1, 1)
            start = statistics.median(self.sweep(nothing, ranks=4)[0] for _ in range(5))
            print(f"4 ranks for a point of 4 queries: {start:.2f} s")
            print(f"jobs 2 / 4 ranks: {wall['jobs 2'] / wall['4 ranks']:.2f}, "
                  f"without the ranks' start and end {wall['jobs 2'] / (wall['4 ranks'] - start):.2f}")

    def small_points(self):
        points = self.options.points
        file = sweep_file(self.folder, points, 20000)
        for jobs in (1, 2):
            wall, info = self.sweep(file, jobs=jobs)
            outside = 1 - info["simulation_s"] / (wall * jobs)
            print(f"{points} points of 80,000 queries, jobs {jobs}: {wall:.2f} s, {1e3 * wall * jobs / points:.2f} ms a point "
                  f"and worker, {100 * outside:.1f} % outside simulation, {info['peak_memory_mib']:.0f} MiB")
        out = self.folder / "out"
        words = [self.edgecut, "sweep", str(file), "--out", str(out), "--quiet", "--jobs", "1"]
        print(f"the same again, all kept: {timed(words):.2f} s")

    def start(self):
        file = self.folder / "tiny.json"
        file.write_text(json.dumps(tiny(100)))
        out = self.folder / "run"
        words = [self.edgecut, "run", str(file), "--out", str(out), "--quiet"]
        wall = statistics.median(timed(words) for _ in range(20))
        print(f"edgecut run of a tiny scenario: {1e3 * wall:.1f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edgecut", type=pathlib.Path, default=ROOT / "build/release/bin/edgecut")
    parser.add_argument("--points", type=int, default=10000)
    parser.add_argument("--repetitions", type=int, default=3)
    bench = Bench(parser.parse_args())
    try:
        bench.start()
        bench.parallel()
        bench.small_points()
    finally:
        shutil.rmtree(bench.folder)


if __name__ == "__main__":
    main()
