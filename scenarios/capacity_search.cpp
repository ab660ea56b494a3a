#include "scenarios/capacity_search.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>

#include "base/errors.hpp"

namespace edgecut::scenarios {
namespace {

constexpr double kGrowth = 2;
constexpr int kStepsBeyond = 6;  // for a bound outside all loads that the estimate's search asked

class Search {
 public:
  Search(const Measure& measure, const CapacityOptions& options)
      : measure_(measure), options_(options) {}

  Capacity run() {
    Bracket found;
    const double start = rounded(options_.start);
    const bool starts_within = within(start, 0);
    const bool bracketed = starts_within ? grow(found, start) : shrink(found, start);
    Capacity capacity;
    if (bracketed) {
      bisect(found, 0);
      capacity.load = crossing(found, 0);
      capacity.low = std::min(found.good, lower_bound(found));
      capacity.high = std::max(found.bad, upper_bound(found));
    } else {
      capacity.verdict = starts_within ? CapacityVerdict::kEverywhere : CapacityVerdict::kNowhere;
      capacity.load = capacity.low = capacity.high = starts_within ? found.good : 0;
    }
    for (const auto& [load, point] : points_) {
      capacity.points.push_back(point);
    }
    return capacity;
  }

 private:
  // Two measured loads between which the estimate, or an end of its interval, crosses the limit.
  struct Bracket {
    double good = 0;
    double bad = 0;
  };

  [[nodiscard]] double rounded(double load) const {
    return options_.whole_loads ? std::max(1.0, std::round(load)) : load;
  }

  bool within(double load, int end) {
    auto found = points_.find(load);
    if (found == points_.end()) {
      found = points_.emplace(load, measure_(load)).first;
    }
    return found->second.is_within(options_.limit, end);
  }

  bool grow(Bracket& bracket, double start) {
    bracket.good = start;
    while (bracket.good * kGrowth <= options_.start * options_.load_max) {
      const double next = rounded(bracket.good * kGrowth);
      if (!within(next, 0)) {
        bracket.bad = next;
        return true;
      }
      bracket.good = next;
    }
    return false;
  }

  bool shrink(Bracket& bracket, double start) {
    bracket.bad = start;
    while (const auto next = halved(bracket.bad)) {
      if (within(*next, 0)) {
        bracket.good = *next;
        return true;
      }
      bracket.bad = *next;
    }
    return false;
  }

  [[nodiscard]] std::optional<double> halved(double load) const {
    if (load / kGrowth < options_.start * options_.load_min ||
        (options_.whole_loads && load <= 1)) {
      return std::nullopt;
    }
    return options_.whole_loads ? std::max(1.0, std::floor(load / kGrowth)) : load / kGrowth;
  }

  void bisect(Bracket& bracket, int end) {
    while (bracket.bad > bracket.good * (1 + options_.relative_width)) {
      const double middle = rounded((bracket.good + bracket.bad) / 2);
      if (!(middle > bracket.good && middle < bracket.bad)) {
        return;
      }
      (within(middle, end) ? bracket.good : bracket.bad) = middle;
    }
  }

  // Down to the nearest load that is certainly within the limit.
  double lower_bound(const Bracket& found) {
    Bracket bracket = {.good = found.good, .bad = found.bad};
    int beyond = 0;
    while (!within(bracket.good, +1)) {
      bracket.bad = bracket.good;
      const auto point = points_.find(bracket.good);
      if (point != points_.begin()) {
        bracket.good = std::prev(point)->first;
        continue;
      }
      const std::optional<double> next = halved(bracket.good);
      if (!next || beyond++ == kStepsBeyond) {
        return bracket.good;
      }
      bracket.good = *next;
    }
    bisect(bracket, +1);
    return crossing(bracket, +1);
  }

  // Up to the nearest load that is certainly beyond the limit.
  double upper_bound(const Bracket& found) {
    Bracket bracket = {.good = found.good, .bad = found.bad};
    int beyond = 0;
    while (within(bracket.bad, -1)) {
      bracket.good = bracket.bad;
      const auto next = std::next(points_.find(bracket.bad));
      if (next != points_.end()) {
        bracket.bad = next->first;
        continue;
      }
      if (beyond++ == kStepsBeyond) {
        return bracket.bad;
      }
      bracket.bad = rounded(bracket.bad * kGrowth);
    }
    bisect(bracket, -1);
    return crossing(bracket, -1);
  }

  // Where the line between the bracket's loads meets the limit. Next to a load where there is no
  // value (overloaded) or no interval, the estimate and the upper end are taken to meet it at once,
  // the lower end not before the farther load.
  [[nodiscard]] double crossing(const Bracket& bracket, int end) const {
    const double below = points_.at(bracket.good).end_of(end);
    const double above = points_.at(bracket.bad).end_of(end);
    if (!std::isfinite(below) || !std::isfinite(above)) {
      return end < 0 ? bracket.bad : bracket.good;
    }
    const double share = above > below ? (options_.limit - below) / (above - below) : 1;
    return bracket.good + std::clamp(share, 0.0, 1.0) * (bracket.bad - bracket.good);
  }

  const Measure& measure_;
  const CapacityOptions& options_;
  std::map<double, LoadPoint> points_;  // by load
};

}  // namespace

double LoadPoint::end_of(int end) const {
  constexpr double kUnknown = std::numeric_limits<double>::infinity();
  if (is_overloaded || !value) {
    return kUnknown;
  }
  return end == 0 ? value->value : value->value + end * value->half_width.value_or(kUnknown);
}

std::string verdict_name(CapacityVerdict verdict) {
  switch (verdict) {
    case CapacityVerdict::kFound:
      return "found";
    case CapacityVerdict::kNowhere:
      return "nowhere";
    case CapacityVerdict::kEverywhere:
      return "everywhere";
  }
  return "found";
}

Capacity find_capacity(const Measure& measure, const CapacityOptions& options) {
  EC_CHECK(options.start > 0 && options.relative_width > 0, "a search starts at a positive load");
  return Search(measure, options).run();
}

}  // namespace edgecut::scenarios
