// When a run is checked for precision, when it ends, and how far apart its snapshots are: all from
// the scenario alone.
#pragma once

#include <algorithm>

#include "base/quantity.hpp"
#include "sim/run_model.hpp"

namespace edgecut::sim {

/// Precision is checked when about 20,000 x 1.5^k queries have arrived (at least a query a node).
class RunSchedule {
 public:
  explicit RunSchedule(const RunModel& model)
      : end_(model.stop.duration), fixed_(!model.stop.relative_precision) {
    const double queries = std::max(kFirstCheckQueries, static_cast<double>(model.nodes()));
    first_check_ = fixed_ ? end_ : base::min(end_, queries / model.arrivals.rate);
  }
  [[nodiscard]] base::Duration end() const { return end_; }
  [[nodiscard]] base::Duration snapshot_spacing() const {
    // A hair less, so that rounding cannot put the last look behind the end.
    return (1 - 1e-12) * (fixed_ ? end_ / kLooksFixed : first_check_ / kLooksToCheck);
  }
  /// The first precision check after `now`; the end when there is none before.
  [[nodiscard]] base::Duration next_check(base::Duration now) const {
    base::Duration time = first_check_;
    while (time <= now && time < end_) {
      time *= kGrowth;
    }
    return base::min(time, end_);
  }

 private:
  static constexpr double kFirstCheckQueries = 20000;
  static constexpr double kGrowth = 1.5;
  static constexpr double kLooksFixed = 60;
  static constexpr double kLooksToCheck = 30;

  base::Duration end_;
  base::Duration first_check_;
  bool fixed_;
};

}  // namespace edgecut::sim
