#!/usr/bin/env python3
"""Throughput and latency as functions of the batch limit, from scenarios/batching.json.

usage: batching_curve.py PROGRAM [--models imc,asr,pos] [--limits 1,2,4,8,16,32,64] [--queries N]

For each model and limit the scenario is run with that model and limit at a rate beyond what the server can
do (its throughput is what it then completes), and at half and four fifths of the rate that a server
*without* batching can complete. Cloud-only over a network without delays, so that the latency is the
server's. Prints CSV: model, size_max, throughput_per_s, then mean and p95 in ms at both rates.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARES = (0.5, 0.8)


def run(program, scenario):
    """The only policy's entry in summary.json."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.json"
        path.write_text(json.dumps(scenario), encoding="utf-8")
        out = Path(folder) / "out"
        done = subprocess.run([program, "run", str(path), "--out", str(out)], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            sys.exit(done.stderr)
        return json.loads((out / "summary.json").read_text(encoding="utf-8"))["policies"][0]


def variant(template, model, size_max, rate, queries):
    scenario = json.loads(json.dumps(template))
    scenario["workload"]["queries"] = [{"model": model}]
    scenario["workload"]["arrivals"] = {"process": "poisson", "rate_per_s": rate}
    scenario["fleet"] = [{"count": 1, "device": "jetson-tk1-gpu", "network": "ideal"}]
    scenario["cloud"]["batching"]["size_max"] = size_max
    scenario["stop"] = {"queries": queries}
    scenario["allow_overload"] = True
    return scenario


def completed_per_s(program, template, model, size_max, queries):
    """What the server completes at most: the rate is doubled until it is far from keeping up, all
    batches full."""
    rate = 100
    while True:
        summary = run(program, variant(template, model, size_max, rate, queries))
        if summary["completed_per_s"]["value"] < 0.8 * rate:
            return summary["completed_per_s"]["value"]
        rate *= 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--models", default="imc,asr,pos")
    parser.add_argument("--limits", default="1,2,4,8,16,32,64")
    parser.add_argument("--queries", type=int, default=100000)
    options = parser.parse_args()
    template = json.loads((ROOT / "scenarios" / "batching.json").read_text(encoding="utf-8"))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["model", "size_max", "throughput_per_s"] +
                    [f"{what}_ms_at_{share}" for share in SHARES for what in ("mean", "p95")])
    for model in options.models.split(","):
        alone = completed_per_s(options.program, template, model, 1, options.queries)
        for limit in map(int, options.limits.split(",")):
            row = [model, limit, f"{completed_per_s(options.program, template, model, limit, options.queries):.4g}"]
            for share in SHARES:
                summary = run(options.program, variant(template, model, limit, share * alone, options.queries))
                for key in ("latency_mean_s", "latency_p95_s"):
                    row.append(f"{1e3 * summary[key]['value']:.4g}")
            writer.writerow(row)


if __name__ == "__main__":
    main()
