#include "scenarios/capacity_search.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "base/errors.hpp"

namespace edgecut::scenarios {
namespace {

constexpr double kGrowth = 2;

class Search {
 public:
  Search(const Measure& measure, const CapacityOptions& options)
      : measure_(measure), options_(options) {}

  Capacity run() {
    const bool starts_within = within(rounded(options_.start));
    const bool bracketed = starts_within ? grow() : shrink();
    if (bracketed) {
      bisect();
    }
    Capacity capacity;
    capacity.points = points_;
    std::sort(capacity.points.begin(), capacity.points.end(),
              [](const LoadPoint& a, const LoadPoint& b) { return a.load < b.load; });
    if (bracketed) {
      locate(capacity);
    } else {
      capacity.verdict = starts_within ? CapacityVerdict::kEverywhere : CapacityVerdict::kNowhere;
      capacity.load = capacity.low = capacity.high = starts_within ? good_ : 0;
    }
    return capacity;
  }

 private:
  [[nodiscard]] double rounded(double load) const {
    return options_.whole_loads ? std::max(1.0, std::round(load)) : load;
  }

  bool within(double load) {
    points_.push_back(measure_(load));
    const bool is_within = points_.back().is_within(options_.limit);
    (is_within ? good_ : bad_) = load;
    return is_within;
  }

  bool grow() {
    while (good_ * kGrowth <= options_.start * options_.load_max) {
      if (!within(rounded(good_ * kGrowth))) {
        return true;
      }
    }
    return false;
  }

  bool shrink() {
    while (bad_ / kGrowth >= options_.start * options_.load_min &&
           (!options_.whole_loads || bad_ > 1)) {
      if (within(options_.whole_loads ? std::max(1.0, std::floor(bad_ / kGrowth))
                                      : bad_ / kGrowth)) {
        return true;
      }
    }
    return false;
  }

  void bisect() {
    while (bad_ > good_ * (1 + options_.relative_width)) {
      const double middle = rounded((good_ + bad_) / 2);
      if (!(middle > good_ && middle < bad_)) {
        return;
      }
      within(middle);
    }
  }

  // The estimate, its lower and its upper end each cross the limit somewhere; between two measured
  // loads they are taken as straight.
  void locate(Capacity& capacity) const {
    const std::vector<LoadPoint>& points = capacity.points;
    const auto is_at = [](double load) {
      return [load](const LoadPoint& point) { return point.load == load; };
    };
    const auto good = std::find_if(points.begin(), points.end(), is_at(good_));
    const auto bad = std::find_if(points.begin(), points.end(), is_at(bad_));
    capacity.load = crossing(*good, *bad, 0);
    // Down to the nearest load that is certainly within, up to the nearest that is certainly not.
    auto low = good;
    while (low != points.begin() && !(end_of(*low, +1) <= options_.limit)) {
      --low;
    }
    capacity.low = std::min(good_, crossing(*low, *std::next(low), +1));
    auto high = bad;
    while (std::next(high) != points.end() && !(end_of(*high, -1) > options_.limit)) {
      ++high;
    }
    capacity.high = std::max(bad_, crossing(*std::prev(high), *high, -1));
  }

  // The metric's value (0) or the lower (-1) or upper (+1) end of its interval.
  [[nodiscard]] static double end_of(const LoadPoint& point, int end) {
    return point.value ? point.value->value + end * point.value->half_width.value_or(0)
                       : std::numeric_limits<double>::infinity();
  }

  // Where the line between two loads meets the limit; a load where it is infinite is met at once.
  [[nodiscard]] double crossing(const LoadPoint& from, const LoadPoint& to, int end) const {
    const double below = end_of(from, end);
    const double above = end_of(to, end);
    if (!(below < options_.limit)) {
      return from.load;
    }
    if (!std::isfinite(above)) {
      return end < 0 ? to.load : from.load;
    }
    const double share = above > below ? (options_.limit - below) / (above - below) : 1;
    return from.load + std::min(1.0, share) * (to.load - from.load);
  }

  const Measure& measure_;
  const CapacityOptions& options_;
  std::vector<LoadPoint> points_;
  double good_ = 0;
  double bad_ = 0;
};

}  // namespace

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
