#!/usr/bin/env python3
"""What the estimate of the uplink costs: scenarios/estimators.json over shipped and recorded traces.

    scripts/estimator_regrets.py --program build/release/bin/edgecut --trace-dir FOLDER

Prints a Markdown table: a row a trace, the mean latency with each cut's own rate known, and the regret
of every estimator against it on the same queries, with 95 % intervals. Recordings that are not below
FOLDER are left out and named.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRACES = [
    ("lte-driving", "lte-2015"), ("lte-walking", "lte-2015"), ("wifi-home", "wifi-2015"), ("3g-driving", "3g-2015"),
    ("lte-mahimahi/ATT-LTE-driving-2016.up", "lte-2015"), ("lte-mahimahi/Verizon-LTE-short.up", "lte-2015"),
    ("lte-nyu-mets/bus57_1.csv", "lte-2015"), ("lte-nyu-mets/Q_Train1.csv", "lte-2015"),
    ("lte-sabre-json/report_tram_0002.json", "lte-2015"),
    ("5g-mixed-ucc-gnettrack/B_2020.02.27_17.30.15.csv", "lte-2015"),
    ("3g-mahimahi/TMobile-UMTS-driving.up", "3g-2015"), ("3g-nyc2018/uplink-3g-no-cross-subway.pps", "3g-2015"),
    ("wifi-solis-pairs/wifi_cafe_231115-154511.txt", "wifi-2015"),
    ("wifi-solis-pairs/wifi_office_231114-154408.txt", "wifi-2015"),
]
ESTIMATORS = [
    ("last 1 s", "last-sample"),
    ("last 0.1 s", {"kind": "last-sample", "sample_interval_s": 0.1}),
    ("EWMA 0.5", {"kind": "ewma", "weight": 0.5}),
    ("EWMA 0.3", {"kind": "ewma", "weight": 0.3}),
    ("half-life 8 s", {"kind": "ewma", "half_life_s": 8}),
    ("harmonic 5", {"kind": "harmonic-mean", "windows": 5}),
]


def scenario(trace, network):
    document = json.loads((ROOT / "scenarios/estimators.json").read_text())
    group = document["fleet"][0]
    group.update(trace=trace, network=network)
    if "gnettrack" in trace:
        group["trace_direction"] = "downlink"
    document["workload"]["arrivals"]["rate_per_s"] = 5
    document["policies"] = [{"policy": "neurosurgeon-latency", "label": "knows", "estimator": "oracle"}]
    document["policies"] += [{"policy": "neurosurgeon-latency", "label": label, "estimator": estimator}
                             for label, estimator in ESTIMATORS]
    document["stop"] = {"queries": 400000}
    return document


def run(program, document, trace_dir):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "scenario.json"
        path.write_text(json.dumps(document))
        out = pathlib.Path(folder) / "out"
        command = [program, "run", str(path), "--out", str(out), "--quiet"]
        if trace_dir:
            command += ["--trace-dir", trace_dir]
        subprocess.run(command, check=True)
        return json.loads((out / "summary.json").read_text())


def cell(regret):
    value = regret["latency_mean_s"]
    return f"{1e3 * value['value']:.1f} ± {1e3 * value.get('half_width', float('nan')):.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / "build/release/bin/edgecut"))
    parser.add_argument("--trace-dir", default="", help="folder of the public recordings")
    arguments = parser.parse_args()
    print("| trace | knows, ms | " + " | ".join(label for label, _ in ESTIMATORS) + " |")
    print("|---" * (2 + len(ESTIMATORS)) + "|")
    for trace, network in TRACES:
        if "/" in trace and not (pathlib.Path(arguments.trace_dir) / trace).is_file():
            print(f"left out, no such recording: {trace}", file=sys.stderr)
            continue
        summary = run(arguments.program, scenario(trace, network), arguments.trace_dir)
        known = 1e3 * summary["policies"][0]["latency_mean_s"]["value"]
        regrets = " | ".join(cell(regret) for regret in summary["estimate_regrets"])
        print(f"| `{trace}` | {known:.1f} | {regrets} |", flush=True)


if __name__ == "__main__":
    main()
