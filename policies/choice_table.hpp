// Which cut to take at which bandwidth: the lower envelope of the cuts.
//
// For every objective that is linear in the seconds a bit needs (latency, energy, their weighted
// sum), a cut costs `fixed + per_bit_time / rate`. Over all rates the cheapest cuts form the lower
// envelope of these lines (de Berg et al., Computational Geometry, ch. 8: convex hull by duality),
// a handful of intervals. It is computed once for a (DNN, device, server, load), so that a decision
// costs a comparison or two.
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "base/quantity.hpp"

namespace edgecut::policies {

/// A cut's cost as a function of the uplink rate r: `fixed + slope / r`. The unit is the caller's
/// (seconds, joules, or a weighted sum); `slope` is that unit times bit/s.
struct CutLine {
  double fixed = 0;
  double slope = 0;
  std::uint32_t cut = 0;
};

/// A piecewise-constant function from the uplink rate to a cut.
class ChoiceTable {
 public:
  /// The same cut at every rate.
  static ChoiceTable always(std::uint32_t cut);
  /// The cheapest line at every rate in [0, infinity]; ties go to the smaller slope (fewer bits),
  /// then to the smaller cut. Throws InternalError for no lines or a negative or non-finite cost.
  static ChoiceTable cheapest(std::vector<CutLine> lines);
  /// The cut of least max(fixed, slope / r) at every rate r in [0, infinity]: of stages that work
  /// at the same time, the slowest sets the pace. Ties and errors as of cheapest().
  static ChoiceTable least_maximum(std::vector<CutLine> stages);

  [[nodiscard]] std::uint32_t choose(base::DataRate rate) const {
    std::size_t i = 0;
    while (rate < intervals_[i].rate_min) {
      ++i;
    }
    return intervals_[i].cut;
  }

  /// The cheapest cut when each has a rate of its own, `rate_of(cut)` in bit/s; asked of cuts that
  /// could be the cheapest and whose cost depends on it. Ties as of cheapest().
  template <class RateOf>
  [[nodiscard]] std::uint32_t choose_each(RateOf&& rate_of) const {
    if (lines_.empty()) {
      return intervals_.front().cut;
    }
    const CutLine* best = nullptr;
    double best_cost = 0;
    for (const CutLine& line : lines_) {
      if (best != nullptr && line.fixed > best_cost) {
        break;  // and every later one: they are sorted by fixed cost
      }
      const double by_rate = line.slope > 0 ? line.slope / rate_of(line.cut) : 0;
      const double cost = slowest_ ? std::max(line.fixed, by_rate) : line.fixed + by_rate;
      if (best == nullptr || cost < best_cost ||
          (cost == best_cost &&
           std::tie(line.slope, line.cut) < std::tie(best->slope, best->cut))) {
        best = &line;
        best_cost = cost;
      }
    }
    return best->cut;
  }
  /// Whether some rates of the cuts make another one the cheapest.
  [[nodiscard]] bool is_settled() const { return lines_.size() <= 1; }

  struct Interval {
    base::DataRate rate_min;  // the cut holds from here up to the interval before
    std::uint32_t cut;
  };
  /// From the highest rates down; the last starts at 0.
  [[nodiscard]] const std::vector<Interval>& intervals() const& { return intervals_; }
  const std::vector<Interval>& intervals() && = delete;  // would outlive its table

 private:
  ChoiceTable(std::vector<Interval> intervals, std::vector<CutLine> lines, bool slowest)
      : intervals_(std::move(intervals)), lines_(std::move(lines)), slowest_(slowest) {}
  std::vector<Interval> intervals_;
  std::vector<CutLine> lines_;  // all of them, by fixed cost; none where the cut is given
  bool slowest_ = false;        // the cost is the larger of the two parts, not their sum
};

}  // namespace edgecut::policies
