#!/usr/bin/env python3
"""Draws latency against bandwidth, a line a policy with intervals, from a sweep's throughput.csv.

usage: plot_sweep.py THROUGHPUT_CSV PNG [COLUMN=VALUE...]    (only rows with these values)
"""
import csv, subprocess, sys

table, png, *wanted = sys.argv[1:]
rows = [r for r in csv.DictReader(open(table, newline="")) if r["latency_mean_s"] and r["uplink_mean_mbps"]]
rows = [r for r in rows if all(r[w.split("=", 1)[0]] == w.split("=", 1)[1] for w in wanted)]
by_policy = {p: sorted((r for r in rows if r["policy"] == p), key=lambda r: float(r["uplink_mean_mbps"]))
             for p in dict.fromkeys(r["policy"] for r in rows)}
blocks = "\n\n\n".join("\n".join(f"{r['uplink_mean_mbps']} {r['latency_mean_s']} {r['latency_mean_s_half_width'] or 0}"
                                  for r in lines) for lines in by_policy.values())
plots = ", ".join(f"$d index {i} with yerrorlines pointtype 7 pointsize 0.5 title '{p}'" for i, p in enumerate(by_policy))
subprocess.run(["gnuplot"], text=True, check=True, input=f"""$d << E\n{blocks}\nE
set terminal pngcairo size 900,600\nset output '{png}'\nset logscale xy\nset grid\nset key outside top center horizontal
set xlabel 'mean uplink, Mbit/s'\nset ylabel 'mean latency, s (intervals as in the scenario)'\nplot {plots}\n""")
