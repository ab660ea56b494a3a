// A trace as a curve to look at: bins of equal length, as wide as a limit on their number wants.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/trace_segments.hpp"

namespace edgecut::platforms {

/// Means over bins of 1/8 s x a power of two, at most 2048 of them, whatever the trace's length: a
/// bin is 1 s or longer in traces of 128 s and more. The last one may be shorter, or up to half as
/// long again: a rest of less than half a bin belongs to the one before, since the mean of a moment
/// says little.
class RateCurve {
 public:
  void add(const RateSegment& segment);
  /// Start of each bin and its mean rate, and once more the last rate at the end.
  [[nodiscard]] std::vector<std::pair<base::Duration, base::DataRate>> points() const;

 private:
  static constexpr std::size_t kBinsMax = 2048;
  static constexpr double kWidthMin = 0.125;  // s

  void widen();

  double width_s_ = kWidthMin;
  double end_s_ = 0;
  std::vector<double> bits_;
};

}  // namespace edgecut::platforms
