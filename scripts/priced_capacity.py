#!/usr/bin/env python3
"""What Neurosurgeon, load-aware and priced sustain at one p99, in the cells of the throughput experiment.

usage: priced_capacity.py [--edgecut PROGRAM] [--slack 1.2]

For each network and share of boards with GPU: `scenarios/priced.json` with that fleet; the limit is SLACK times
Neurosurgeon's p99 at 5 queries/s; `edgecut capacity` finds the highest arrival rate of each policy. Prints a
Markdown table as it goes; minutes.
"""
import argparse
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
POLICIES = ["neurosurgeon-latency", "load-aware", "priced"]


def run(words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def fleet(network, gpu_percent):
    groups = [("jetson-tk1-cpu", 100 * (100 - gpu_percent)), ("jetson-tk1-gpu", 100 * gpu_percent)]
    return [{"count": count, "device": device, "network": network} for device, count in groups if count]


def cell(edgecut, folder, scenario, slack):
    file = folder / "scenario.json"
    scenario["workload"]["arrivals"]["rate_per_s"] = 5
    scenario["stop"]["queries"] = 20000
    file.write_text(json.dumps(scenario))
    run([edgecut, "run", file, "--out", folder / "idle", "--quiet"])
    with open(folder / "idle" / "throughput.csv", newline="") as table:
        idle = {row["policy"]: row for row in csv.DictReader(table)}
    limit_s = slack * float(idle[POLICIES[0]]["latency_p99_s"])
    scenario["workload"]["arrivals"]["rate_per_s"] = 60
    scenario["stop"]["queries"] = 2000000  # the price takes minutes to settle, and the rush until then to drain
    file.write_text(json.dumps(scenario))
    text = run([edgecut, "capacity", file, "--metric", "latency_p99", "--at-most", f"{limit_s:.4g}", "--no-curve"])
    found = []
    for policy in POLICIES:
        value, low, high = re.search(rf"^{policy} +([\d.]+) +([\d.]+) to ([\d.]+)", text, re.M).groups()
        found.append(f"{value} ({low} to {high})")
    return limit_s, found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edgecut", default=str(ROOT / "build/release/bin/edgecut"))
    parser.add_argument("--slack", type=float, default=1.2)
    options = parser.parse_args()
    os.environ.setdefault("EDGECUT_DATA", str(ROOT))
    scenario = json.loads((ROOT / "scenarios" / "priced.json").read_text())
    scenario["policies"] = scenario["policies"][:3]
    print("| network | GPU boards | p99 at most, s | " + " | ".join(POLICIES) + " |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for network in ("wifi-2015", "lte-2015", "3g-2015"):
            for gpu_percent in (0, 30, 70, 100):
                scenario["fleet"] = fleet(network, gpu_percent)
                limit_s, found = cell(options.edgecut, pathlib.Path(folder), scenario, options.slack)
                print(f"| {network} | {gpu_percent} % | {limit_s:.3f} | " + " | ".join(found) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
