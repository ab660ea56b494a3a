// Walks along the steps of a rate trace, for networks in which a rate has to be set again whenever
// it changes. Where the end of a transfer is wanted, RateTrace::transfer_time gives it at once.
//
// Steps are counted, not looked up by time: a walk that is asked at a rounded instant neither
// repeats a step nor misses one, across any number of periods.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/rate_trace.hpp"

namespace edgecut::platforms {

/// The steps of one trace, for any number of walks.
class RateStepTable {
 public:
  explicit RateStepTable(const RateTrace& trace)
      : steps_(trace.steps()), period_(base::in_seconds(trace.period())) {}
  [[nodiscard]] bool is_constant() const { return steps_.size() == 1; }
  [[nodiscard]] const RateStep& step(std::size_t i) const { return steps_[i]; }
  [[nodiscard]] std::size_t count() const { return steps_.size(); }
  [[nodiscard]] double period_s() const { return period_; }
  /// The step that holds at a position in [0, period).
  [[nodiscard]] std::size_t step_at(double position_s) const {
    const auto after = std::upper_bound(
        steps_.begin(), steps_.end(), position_s,
        [](double s, const RateStep& step) { return s < base::in_seconds(step.start); });
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(after - steps_.begin(), 1) - 1);
  }

 private:
  std::vector<RateStep> steps_;
  double period_;
};

/// Where a walk stands. The table must outlive it.
class RateWalk {
 public:
  /// Begins in the step that holds at `from` >= 0 on the trace's clock.
  RateWalk(const RateStepTable& table, base::Duration from) : table_(&table) {
    if (table.is_constant()) {
      return;
    }
    const double t = base::in_seconds(from);
    const double position = std::fmod(t, table.period_s());  // exact
    periods_ = std::floor((t - position) / table.period_s() + 0.5);
    step_ = table.step_at(position);
  }

  [[nodiscard]] base::DataRate rate() const { return table_->step(step_).rate; }
  /// When the next step starts, on the trace's clock, to the spacing of doubles; never for a
  /// constant trace. The last step of a period is followed by the first of the next.
  [[nodiscard]] base::Duration next() const {
    if (table_->is_constant()) {
      return base::kForever;
    }
    if (step_ + 1 == table_->count()) {
      return base::seconds((periods_ + 1) * table_->period_s());
    }
    return base::seconds(
        std::fma(periods_, table_->period_s(), base::in_seconds(table_->step(step_ + 1).start)));
  }
  void advance() {
    ++step_;
    if (step_ == table_->count()) {
      step_ = 0;
      ++periods_;
    }
  }

 private:
  const RateStepTable* table_;
  double periods_ = 0;  // whole ones before
  std::size_t step_ = 0;
};

}  // namespace edgecut::platforms
