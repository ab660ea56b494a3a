// A run's totals at equally spaced instants, so that what lies before any of them can be left out.
//
// The instants follow from the scenario alone, never from how the engine slices time. A run of
// fixed length is looked at 60 times; one that ends by precision starts with 30 looks until its
// first check and, whenever there are more than 120, forgets every other one: always enough for
// batches, never more than a few.
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/quantity.hpp"
#include "sim/outcome.hpp"
#include "sim/run_model.hpp"

namespace edgecut::sim {

struct Snapshot {
  base::Duration time;
  std::vector<ClassTotals> classes;
};

class SnapshotSeries {
 public:
  /// Share of a run that is dropped as warm-up.
  static constexpr double kWarmup = 0.1;

  SnapshotSeries(base::Duration spacing, std::size_t classes) : spacing_(spacing) {
    snapshots_.push_back({base::seconds(0), std::vector<ClassTotals>(classes)});
  }

  /// The next instant to look at, after those so far.
  [[nodiscard]] base::Duration next() const {
    return static_cast<double>(snapshots_.size()) * spacing_;
  }

  /// The totals at `next()`.
  void add(Snapshot snapshot) {
    snapshots_.push_back(std::move(snapshot));
    if (snapshots_.size() > kMax + 1) {
      thin();
    }
  }

  /// The last look at or before `time`; the start of the run if there is none.
  [[nodiscard]] const Snapshot& before(base::Duration time) const {
    std::size_t i = snapshots_.size() - 1;
    while (i > 0 && snapshots_[i].time > time) {
      --i;
    }
    return snapshots_[i];
  }

  /// The stretches between looks, without the first tenth of what was looked at.
  [[nodiscard]] std::vector<Interval> intervals() const {
    std::vector<Interval> list;
    const auto last = static_cast<double>(snapshots_.size() - 1);
    for (auto i = static_cast<std::size_t>(std::ceil(last * kWarmup)); i + 1 < snapshots_.size();
         ++i) {
      Interval interval{snapshots_[i].time, snapshots_[i + 1].time, {}};
      for (std::size_t c = 0; c < snapshots_[i].classes.size(); ++c) {
        interval.classes.push_back(snapshots_[i + 1].classes[c].since(snapshots_[i].classes[c]));
      }
      list.push_back(std::move(interval));
    }
    return list;
  }

 private:
  static constexpr std::size_t kMax = 120;

  void thin() {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < snapshots_.size(); i += 2) {
      if (i != kept) {
        snapshots_[kept] = std::move(snapshots_[i]);
      }
      ++kept;
    }
    snapshots_.resize(kept);
    spacing_ *= 2;
  }

  base::Duration spacing_;
  std::vector<Snapshot> snapshots_;
};

}  // namespace edgecut::sim
