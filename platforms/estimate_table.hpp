// What a device that follows a trace believes of its rate, at every instant.
//
// A trace repeats, so its windows do, and an estimate is a function of the window alone: that of a
// device which has followed the trace for ever. The table holds it for each window of a period; a
// look-up costs what reading the trace costs. Windows restart with each repetition, and the last
// one of a period may be shorter. A node at an offset in its trace asks at its own place there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/rate_estimator.hpp"
#include "platforms/rate_trace.hpp"

namespace edgecut::platforms {

/// The mean rate of each window of a period, bit/s. At least one; a rest of less than a billionth
/// of a window is none.
std::vector<double> window_means(const RateTrace& trace, base::Duration window);

class EstimateTable {
 public:
  /// Windows of a period at most.
  static constexpr double kWindowsMax = 1e7;

  /// `trace` outlives the table. With the oracle's specification the table has the last samples,
  /// which are what the device would have measured.
  EstimateTable(const RateTrace& trace, const EstimatorSpec& spec);

  /// At t >= 0 on the trace's clock, from the windows that are complete by then.
  [[nodiscard]] base::DataRate at(base::Duration t) const {
    const auto window = static_cast<std::size_t>(trace_->position_s(t) * windows_per_s_);
    return base::bits_per_s(estimates_[std::min(window, estimates_.size() - 1)]);
  }

 private:
  const RateTrace* trace_;
  double windows_per_s_ = 0;
  std::vector<double> estimates_;  // bit/s; element k holds during window k
};

}  // namespace edgecut::platforms
