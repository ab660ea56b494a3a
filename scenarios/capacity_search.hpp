// The highest load at which a metric stays within a limit, from noisy measurements.
//
// Pure: a function measures a load, this decides which loads to ask. Bracketing by doubling, then
// bisection on the estimates; the interval of the answer comes from the intervals of the
// measurements, so a short run gives a wide answer and not a wrong one. Assumes that the metric
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

  /// By the estimate itself.
  [[nodiscard]] bool is_within(double limit) const {
    return !is_overloaded && value && value->value <= limit;
  }
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
  /// The loads at which the metric's interval holds the limit, never narrower than the bracket.
  double low = 0;
  double high = 0;
  std::vector<LoadPoint> points;  // all that were measured, by rising load
};

using Measure = std::function<LoadPoint(double load)>;

/// Measures at most about 40 loads for the bracket and log2(1 / relative_width) in it.
Capacity find_capacity(const Measure& measure, const CapacityOptions& options);

}  // namespace edgecut::scenarios
