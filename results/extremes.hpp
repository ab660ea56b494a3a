// The smallest and the largest of a block of numbers.
#pragma once

#include <limits>
#include <span>

namespace edgecut::results {

/// Starts as the extremes of nothing.
struct Extremes {
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();

  /// Widens them to hold `values`; NaN is passed over. The comparisons run side by side: the
  /// smallest of several minima is the smallest of all.
  void widen(std::span<const double> values);
};

}  // namespace edgecut::results
