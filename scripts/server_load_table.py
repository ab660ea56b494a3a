#!/usr/bin/env python3
"""Latency of each policy while the number of background processes on the server grows.

usage: server_load_table.py FOLDER     (of `edgecut run scenarios/server-load.json --query-log --out FOLDER`)

Prints a Markdown table: a row for each step of the background load, with the mean latency of each policy in
ms, and where the load-aware one cut. Queries that were decided before devices could know of a step (a poll
and its delay) are left out. --csv prints the same as CSV.
"""

import argparse
import csv
import json
import statistics
import sys
from pathlib import Path


def read_steps(folder):
    """The steps [(from_s, processes)], and how long after one the devices know of it."""
    info = json.loads((folder / "run_info.json").read_text(encoding="utf-8"))
    cloud = info["scenario"]["cloud"]
    steps = [(step["from_s"], step["processes"]) for step in cloud["background"]["steps"]]
    load = cloud["load"]
    return steps, load["poll_interval_s"] + load.get("delay_s", 0)


def by_step(folder, steps, late_s):
    """{step: {policy: [(latency_ms, device_layers)]}} of the queries that met one load all the time."""
    table = {}
    with open(folder / "queries.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            issued, completed = float(row["issued_at_s"]), float(row["completed_at_s"])
            index = max(i for i, (start, _) in enumerate(steps) if start <= issued)
            until = steps[index + 1][0] if index + 1 < len(steps) else float("inf")
            if issued >= steps[index][0] + late_s and completed < until:
                cell = table.setdefault(index, {}).setdefault(row["policy"], [])
                cell.append((1e3 * (completed - issued), int(row["device_layers"])))
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--csv", action="store_true")
    options = parser.parse_args()
    try:
        steps, late_s = read_steps(options.folder)
        table = by_step(options.folder, steps, late_s)
    except (OSError, KeyError, ValueError) as error:
        sys.exit(f"{options.folder}: not the output of server-load.json with --query-log: {error!r}")
    policies = list(dict.fromkeys(policy for cells in table.values() for policy in cells))
    aware = policies[-1]
    header = ["processes"] + [f"{policy}_ms" for policy in policies] + [f"{aware}_max_ms", f"{aware}_layers"]
    rows = []
    for index in sorted(table):
        cells = table[index]
        means = [f"{statistics.fmean(ms for ms, _ in cells[policy]):.1f}" for policy in policies]
        cuts = sorted({cut for _, cut in cells[aware]})
        rows.append([str(steps[index][1]), *means, f"{max(ms for ms, _ in cells[aware]):.1f}",
                     "/".join(map(str, cuts))])
    if options.csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows([header, *rows])
        return
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
