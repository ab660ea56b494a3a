#include "policies/choice_table.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/errors.hpp"

namespace edgecut::policies {
namespace {

// By fixed cost, then slope, then cut.
void sort_checked(std::vector<CutLine>& lines) {
  EC_CHECK(!lines.empty(), "a policy has no cut to choose from");
  for (const CutLine& line : lines) {
    EC_CHECK(std::isfinite(line.fixed) && std::isfinite(line.slope) && line.fixed >= 0 &&
                 line.slope >= 0,
             "a cut's cost is negative or not finite");
  }
  std::sort(lines.begin(), lines.end(), [](const CutLine& a, const CutLine& b) {
    return std::tie(a.fixed, a.slope, a.cut) < std::tie(b.fixed, b.slope, b.cut);
  });
}

}  // namespace

ChoiceTable ChoiceTable::always(std::uint32_t cut) {
  return {{{base::bits_per_s(0), cut}}, {}, false};
}

ChoiceTable ChoiceTable::cheapest(std::vector<CutLine> lines) {
  // With x = 1 / rate, from x = 0 upwards: the line of least fixed cost wins first, and every later
  // winner has a smaller slope.
  sort_checked(lines);
  std::vector<CutLine> hull;
  const auto crossing = [](const CutLine& left, const CutLine& right) {
    return (right.fixed - left.fixed) / (left.slope - right.slope);  // in x = 1 / rate
  };
  for (const CutLine& line : lines) {
    if (!hull.empty() && line.slope >= hull.back().slope) {
      continue;  // never cheaper than the line before it
    }
    if (!hull.empty() && line.fixed == hull.back().fixed) {
      hull.pop_back();  // equal at x = 0, cheaper everywhere else
    }
    while (hull.size() >= 2 &&
           crossing(hull.back(), line) <= crossing(hull[hull.size() - 2], hull.back())) {
      hull.pop_back();
    }
    hull.push_back(line);
  }
  std::vector<Interval> intervals;
  intervals.reserve(hull.size());
  for (std::size_t i = 0; i + 1 < hull.size(); ++i) {
    // At the crossing itself the next line (fewer bits) costs the same; it starts just below.
    const double rate = 1 / crossing(hull[i], hull[i + 1]);
    intervals.push_back({base::bits_per_s(rate), hull[i].cut});
  }
  intervals.push_back({base::bits_per_s(0), hull.back().cut});
  return {std::move(intervals), std::move(lines), false};
}

ChoiceTable ChoiceTable::least_maximum(std::vector<CutLine> stages) {
  sort_checked(stages);
  // Of two cuts the one with the higher fixed cost is better only if it has the smaller slope, and
  // then from the rate down at which the other one's slope alone costs as much as that fixed cost.
  // Along the cuts that are left, fixed costs rise and slopes fall, so these rates fall: each of
  // them is best somewhere, in this order.
  std::vector<Interval> intervals;
  const CutLine* before = &stages.front();
  for (const CutLine& stage : stages) {
    if (stage.slope < before->slope) {
      intervals.push_back({base::bits_per_s(before->slope / stage.fixed), before->cut});
      before = &stage;
    }
  }
  intervals.push_back({base::bits_per_s(0), before->cut});
  return {std::move(intervals), std::move(stages), true};
}

}  // namespace edgecut::policies
