#!/usr/bin/env python3
"""How often intervals hold the truth: queues with known laws, each run until it is precise.

usage: scripts/coverage.py [--runs 400] [--loads 0.3,0.5,0.7,0.9,0.95] [--queues M/M/1,...]
           [--rules batch-means,bighouse] [--jobs 1] [--file FILE] [--table]

Every run is a line of FILE (default build/coverage.csv), written when it is done: stop it at any
time and start it again, and it goes on where it was; runs have fixed seeds, so a line never
changes. Then the table of docs/validation.md is printed; --table prints it without running.
Needs build/release/bin/coverage_runs (or --program).
"""
import argparse
import collections
import concurrent.futures
import csv
import math
import pathlib
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
METRICS = ["latency_mean", "latency_p50", "latency_p95", "latency_p99", "latency_p999",
           "completed_rate"]
QUEUES = ["M/M/1", "M/M/8", "M/D/1", "M/G/1", "tandem"]
LOADS = ["0.3", "0.5", "0.7", "0.9", "0.95"]
RULES = ["batch-means", "bighouse"]


def read_rows(path):
    """Rows by (queue, load, rule), by run. A line cut short by an interruption is left out."""
    rows = collections.defaultdict(dict)
    if path.exists():
        with path.open(newline="") as file:
            for row in csv.reader(file):
                if len(row) == 7 + 2 * len(METRICS):
                    rows[row[0], row[1], row[3]][int(row[2])] = row
    return rows


def drop_torn_line(path):
    text = path.read_text() if path.exists() else ""
    if text and not text.endswith("\n"):
        path.write_text(text[:text.rfind("\n") + 1])


def run_cell(program, queue, load, first, count, rules, out):
    """Runs `count` runs from `first` on; gives every line to `out` as it comes."""
    command = [str(program), queue, load, str(first), str(count), *rules]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            out(line)
    if process.returncode != 0:
        raise SystemExit(f"coverage.py: {' '.join(command)} ended with {process.returncode}")


def run_all(arguments, program):
    path = arguments.file
    drop_torn_line(path)
    rows = read_rows(path)
    lock = threading.Lock()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file, concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        def out(line):
            with lock:
                file.write(line)
                file.flush()
        cells = []
        for load in arguments.loads:
            for queue in arguments.queues:
                done = {rule: set(rows[queue, load, rule]) for rule in arguments.rules}
                # The first run that some rule lacks; those after it are done again for that rule.
                for rule in arguments.rules:
                    first = next(i for i in range(arguments.runs + 1) if i not in done[rule])
                    done[rule] = first
                for first in sorted(set(done.values())):
                    rules = [rule for rule in arguments.rules if done[rule] == first]
                    if first < arguments.runs:
                        cells.append((queue, load, first, arguments.runs - first, rules))
        futures = [pool.submit(run_cell, program, *cell, out) for cell in cells]
        for future in concurrent.futures.as_completed(futures):
            future.result()


def read_truth(program):
    text = subprocess.run([str(program), "truth"], capture_output=True, text=True, check=True)
    return {(row["queue"], row["load"]): row for row in csv.DictReader(text.stdout.splitlines())}


def si(number):
    for size, suffix in ((1e6, " M"), (1e3, " k")):
        if number >= size:
            return f"{number / size:.3g}{suffix}"
    return f"{number:.0f}"


def print_table(arguments, program):
    truth = read_truth(program)
    rows = read_rows(arguments.file)
    print("| queue | load | stopped by | runs | mean | p50 | p95 | p99 | p99.9 | rate | jobs, mean |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for queue in arguments.queues:
        for load in arguments.loads:
            for rule in arguments.rules:
                runs = rows[queue, load, rule].values()
                if not runs:
                    continue
                shares = []
                for i, metric in enumerate(METRICS):
                    held = told = 0
                    for row in runs:
                        value, half_width = row[7 + 2 * i:9 + 2 * i]
                        if half_width:
                            told += 1
                            held += abs(float(value) - float(truth[queue, load][metric])) <= float(
                                half_width)
                    # Without an interval nothing is claimed; where that is common it is told.
                    shares.append(f"{100 * held / told:.1f}" if told == len(runs)
                                  else f"{100 * held / told:.1f} of {told}" if told else "-")
                jobs = sum(int(row[5]) for row in runs) / len(runs)
                missed = sum(row[4] == "0" for row in runs)
                count = f"{len(runs)}" + (f" ({missed} not precise)" if missed else "")
                print(f"| {queue} | {load} | {rule} | {count} | {' | '.join(shares)} | {si(jobs)} |")
    print(f"\nStandard error of a share near 95 %: {100 * math.sqrt(.95 * .05 / 400):.1f} points at "
          "400 runs.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    listed = lambda text: text.split(",")
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--loads", type=listed, default=LOADS)
    parser.add_argument("--queues", type=listed, default=QUEUES)
    parser.add_argument("--rules", type=listed, default=RULES)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--file", type=pathlib.Path, default=ROOT / "build/coverage.csv")
    parser.add_argument("--program", type=pathlib.Path,
                        default=ROOT / "build/release/bin/coverage_runs")
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    if not arguments.program.exists():
        raise SystemExit(f"coverage.py: {arguments.program} does not exist; build it first, or name "
                         "it with --program")
    if not arguments.table:
        run_all(arguments, arguments.program)
    print_table(arguments, arguments.program)
    return 0


if __name__ == "__main__":
    sys.exit(main())
