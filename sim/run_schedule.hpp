// The instants at which a run is looked at: they follow from the scenario alone, never from how the
// engine slices time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/quantity.hpp"
#include "sim/run_model.hpp"

namespace edgecut::sim {

/// Snapshots at unit x 1.5^j, precision checks at ten times these instants: at every check, the
/// snapshot that ends the first tenth (the warm-up) exists. A run of fixed length is looked at when
/// a tenth of it is over, and at its end.
class RunSchedule {
 public:
  explicit RunSchedule(const RunModel& model) {
    end_ = model.stop.duration;
    // At least 20,000 queries, and a query a node, before anyone asks for precision.
    const double first = std::max(kFirstCheckQueries, static_cast<double>(model.nodes()));
    unit_ = 0.1 * base::min(end_, first / model.arrivals.rate);
    fixed_ = !model.stop.relative_precision;
  }
  [[nodiscard]] base::Duration end() const { return end_; }
  /// The first snapshot after `now`, the end of the run if there is none before.
  [[nodiscard]] base::Duration next_snapshot(base::Duration now) const {
    if (fixed_ && now < 0.1 * end_) {
      return 0.1 * end_;
    }
    return next(now, unit_);
  }
  /// The first precision check after `now`; only a run that ends by precision has any before the
  /// end.
  [[nodiscard]] base::Duration next_check(base::Duration now) const {
    return fixed_ ? end_ : next(now, 10 * unit_);
  }
  /// Where the warm-up ends when the run ends at `end`: the last snapshot in its first tenth.
  [[nodiscard]] bool in_first_tenth(base::Duration snapshot, base::Duration end) const {
    return snapshot <= 0.1 * end * (1 + 1e-9);
  }

 private:
  static constexpr double kFirstCheckQueries = 20000;
  static constexpr double kGrowth = 1.5;

  [[nodiscard]] base::Duration next(base::Duration now, base::Duration unit) const {
    base::Duration time = unit;
    while (time <= now) {
      time *= kGrowth;
    }
    return base::min(time, end_);
  }

  base::Duration end_;
  base::Duration unit_;
  bool fixed_ = true;
};

}  // namespace edgecut::sim
