#!/usr/bin/env python3
"""The least mean latency that any rule for splitting could reach on a fleet, and what policies reached.

usage: fleet_optimum.py SCENARIO [FOLDER] [--edgecut PROGRAM]

SCENARIO has DNNs, constant uplinks and one FIFO queue of servers (scenarios/priced.json); FOLDER is what
`edgecut run SCENARIO --out FOLDER` wrote. Every class (device, network, DNN) may mix its cuts in any shares.
The queue is Sakasegawa's formula, exact for one GPU and Poisson arrivals. For each price of a GPU-second every
class has one best cut, which gives a work rate and a latency; between neighbouring prices the two are mixed
(the lower convex hull: no mixture is below it). The least sum of latency and waiting over the hull is the
optimum for the coefficient of variation at that point. Waiting for devices is left out, as in the policies.
"""
import argparse
import csv
import json
import math
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def cuts_of(edgecut, model, group, server):
    words = [edgecut, "plan", "--model", model, "--device", group["device"], "--network", group["network"],
             "--server", server, "--csv"]
    rows = list(csv.DictReader(subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()))
    return [(float(row["latency_s"]), float(row["server_s"])) for row in rows]


def classes_of(edgecut, scenario):
    """[(share of the queries, [(latency_s, server_s) of every cut])]"""
    queries = scenario["workload"]["queries"]
    weights = sum(query.get("weight", 1) for query in queries)
    nodes = sum(group["count"] for group in scenario["fleet"])
    return [(query.get("weight", 1) / weights * group["count"] / nodes,
             cuts_of(edgecut, query["model"], group, scenario["cloud"]["server"]))
            for group in scenario["fleet"] for query in queries]


def at_price(classes, price):
    """Means over the queries: latency, server time, its square, share that uses a server."""
    sums = [0, 0, 0, 0]
    for share, cuts in classes:
        latency, server = min(cuts, key=lambda cut: (cut[0] + price * cut[1], cut[1]))
        for i, value in enumerate((latency, server, server * server, server > 0)):
            sums[i] += share * value
    return tuple(sums)


def waiting_s(point, rate, gpus):
    """Mean wait of a query, those that use no server included."""
    _, server, square, used = point
    rho = rate * server / gpus
    if rho >= 1:
        return math.inf
    if server == 0:
        return 0
    variation = max(0, square * used / server**2 - 1)
    waiting = (1 + variation) / 2 * rho**math.sqrt(2 * (gpus + 1)) / (1 - rho)
    return waiting / rate


def optimum(classes, rate, gpus):
    prices = [0] + [10**(k / 200) for k in range(-600, 1201)]
    points = []
    for price in prices:
        point = at_price(classes, price)
        if not points or point != points[-1]:
            points.append(point)
    best = (math.inf, points[-1])
    for a, b in zip(points, points[1:] + points[-1:]):
        for k in range(101):
            mixed = tuple(x + k / 100 * (y - x) for x, y in zip(a, b))
            best = min(best, (mixed[0] + waiting_s(mixed, rate, gpus), mixed), key=lambda found: found[0])
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path, nargs="?")
    parser.add_argument("--edgecut", default=str(ROOT / "build/release/bin/edgecut"))
    options = parser.parse_args()
    scenario = json.loads(options.scenario.read_text())
    rate = scenario["workload"]["arrivals"]["rate_per_s"]
    gpus = scenario["cloud"].get("gpus", 1)
    least, point = optimum(classes_of(options.edgecut, scenario), rate, gpus)
    print(f"least mean latency: {1e3 * least:.2f} ms, servers used {100 * rate * point[1] / gpus:.1f} %, "
          f"{100 * point[3]:.1f} % of the queries use them")
    if options.folder:
        with open(options.folder / "throughput.csv", newline="") as file:
            for row in csv.DictReader(file):
                mean = row["latency_mean_s"]
                gap = f"{1e3 * float(mean):.2f} ms, {100 * (float(mean) / least - 1):+.1f} %" if mean else row["verdict"]
                print(f"{row['policy']}: {gap}")


if __name__ == "__main__":
    sys.exit(main())
