#!/usr/bin/env python3
"""Constructs workloads/arrivals/google-search.cdf, the gaps between queries of a web-search service.

Known of the measured distribution (Google web search, published with BigHouse: Meisner, Wu and
Wenisch, ISPASS 2012; moments and quantiles as used by Kang et al., ASPLOS 2017) are its mean, its
coefficient of variation, four quantiles and the largest value; its points are not. Between two
quantiles the gap is taken as exponential, truncated to the interval:

    P(gap > x) falls by exp(-r x) in each interval, rescaled to the probabilities at its ends.

In the middle intervals r follows from the ends (log P(gap > x) is linear). In the last one r is
chosen so that the mean square is the published one, in the first so that the mean is; both by
bisection on the moments of the piecewise linear CDF that is written. The result is deterministic.

usage: make_google_search_arrivals.py [--check] [FILE]
"""

import argparse
import math
import pathlib
import sys

MEAN_MS = 0.3192
CV = 1.179
# (gap in ms, probability); the smallest gap is taken as 0.
QUANTILES = [(0.0, 0.0), (0.195, 0.5), (0.76, 0.9), (1.03, 0.95), (1.78, 0.99), (10.0, 1.0)]
STEPS = 40  # linear pieces between two quantiles, equal in probability


def interval(index, rate):
    """The points after the left end of an interval: quantiles of a truncated exponential."""
    (low, p_low), (high, p_high) = QUANTILES[index], QUANTILES[index + 1]
    kept = -math.expm1(-rate * (high - low))
    points = []
    for step in range(1, STEPS):
        share = step / STEPS
        points.append((low - math.log1p(-share * kept) / rate, p_low + share * (p_high - p_low)))
    return points + [(high, p_high)]


def points_for(rate_first, rate_last):
    points = [QUANTILES[0]]
    for i in range(len(QUANTILES) - 1):
        (low, p_low), (high, p_high) = QUANTILES[i], QUANTILES[i + 1]
        if i == 0:
            rate = rate_first
        elif i == len(QUANTILES) - 2:
            rate = rate_last
        else:
            rate = math.log((1 - p_low) / (1 - p_high)) / (high - low)
        points += interval(i, rate)
    return points


def moments(points):
    mean = square = 0.0
    for (x, p), (y, q) in zip(points, points[1:]):
        mean += (q - p) * (x + y) / 2
        square += (q - p) * (x * x + x * y + y * y) / 3
    return mean, square


def bisect(function, low, high):
    """The root of a falling function."""
    for _ in range(200):
        middle = (low + high) / 2
        if function(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def solve():
    square = MEAN_MS**2 * (1 + CV**2)
    first, last = 5.0, 2.0
    for _ in range(60):  # the two conditions barely interact, so alternating converges
        last = bisect(lambda rate: moments(points_for(first, rate))[1] - square, 0.01, 50)
        first = bisect(lambda rate: moments(points_for(rate, last))[0] - MEAN_MS, 0.01, 100)
    return points_for(first, last), first, last


def text_of(points):
    lines = [
        "# Gaps between queries of Google web search: value in ms, cumulative probability.",
        "# Source: moments and quantiles of the trace published with BigHouse (Meisner et al.,",
        "# ISPASS 2012): mean 0.3192, CV 1.179, median 0.195, p90 0.76, p95 1.03, p99 1.78, max 10.",
        "# Points in between: truncated exponentials, scripts/make_google_search_arrivals.py.",
    ]
    lines += [f"{value:.6f} {probability:.6f}" for value, probability in points]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = pathlib.Path(__file__).resolve().parent.parent / "workloads/arrivals/google-search.cdf"
    parser.add_argument("file", nargs="?", type=pathlib.Path, default=default)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    points, first, last = solve()
    text = text_of(points)
    if arguments.check:
        if arguments.file.read_text() != text:
            sys.exit(f"{arguments.file} differs from what this script makes")
        return
    arguments.file.write_text(text)
    mean, square = moments(points)
    print(f"mean {mean:.6f} ms, CV {math.sqrt(square / mean**2 - 1):.6f}, "
          f"rates {first:.4f} and {last:.4f} per ms, {len(points)} points")


if __name__ == "__main__":
    main()
