// The highest load at which a metric stays within a limit, from noisy measurements.
//
// Pure: a function measures a load, this decides which loads to ask. Bracketing by doubling, then
// bisection: on the estimates for the answer, on the upper and the lower ends of their intervals
// for its interval, so a short run gives a wide answer and not a wrong one. Assumes that the metric
// rises with the load; where it falls (radios that cool down at low load) the highest crossing
// above the starting load is found.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "results/intervals.hpp"

namespace edgecut::scenarios {

/// What a run at one load said.
struct LoadPoint {
  double load = 0;
  bool is_overloaded = false;
  std::optional<results::Estimate> value;  // absent when overloaded, or nothing completed

  /// The estimate (0), or the lower (-1) or the upper (+1) end of its interval. All infinite where
  /// there is no estimate; the ends unbounded where too little was seen for an interval.
  [[nodiscard]] double end_of(int end) const;
  [[nodiscard]] bool is_within(double limit, int end = 0) const { return end_of(end) <= limit; }
};

struct CapacityOptions {
  double limit = 0;              // of the metric
  double start = 1;              // the load asked first
  double relative_width = 0.01;  // the bracket ends here
  bool whole_loads = false;      // loads are counts (nodes)
  double load_min = 1e-6;        // times start
  double load_max = 1e6;         // times start
};

enum class CapacityVerdict {
  kFound,
  kNowhere,     // over the limit at every load asked
  kEverywhere,  // within it at every load asked
};
std::string verdict_name(CapacityVerdict verdict);

struct Capacity {
  CapacityVerdict verdict = CapacityVerdict::kFound;
  double load = 0;  // where the metric crosses the limit; with kEverywhere the highest load asked
  /// Where the upper end of the metric's interval crosses the limit, and where the lower end does;
  /// never narrower than the estimate's bracket. Where no load asked is certainly within the limit,
  /// or beyond it, the lowest, or the highest, that was asked.
  double low = 0;
  double high = 0;
  std::vector<LoadPoint> points;  // all that were measured, by rising load
};

using Measure = std::function<LoadPoint(double load)>;

/// Measures at most about 40 loads for the bracket and log2(1 / relative_width) in it, and a few
/// more than that for each bound that lies outside.
Capacity find_capacity(const Measure& measure, const CapacityOptions& options);

}  // namespace edgecut::scenarios
