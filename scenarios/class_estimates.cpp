#include "scenarios/class_estimates.hpp"

#include <algorithm>
#include <vector>

namespace edgecut::scenarios {
namespace {

// As many batches as the run's own estimates have (results::BatchSeries), of whole stretches.
constexpr std::size_t kBatches = results::BatchSeries::kBatches;

sim::ClassTotals totals_of(const sim::Interval& interval, ClassIndex of) {
  if (of) {
    return interval.classes[*of];
  }
  sim::ClassTotals totals;
  for (const sim::ClassTotals& one : interval.classes) {
    totals.merge(one);
  }
  return totals;
}

}  // namespace

std::vector<StretchTotals> batch_totals(const sim::RunOutcome& outcome, ClassIndex of) {
  const std::size_t stretches = outcome.intervals.size();
  // Merged replications bring the batches that they are to be judged by.
  const std::size_t batches = outcome.pooled ? stretches : std::min(stretches, kBatches);
  std::vector<StretchTotals> list(batches);
  for (std::size_t b = 0; b < batches; ++b) {
    for (std::size_t i = b * stretches / batches; i < (b + 1) * stretches / batches; ++i) {
      list[b].totals.merge(totals_of(outcome.intervals[i], of));
      list[b].length += outcome.intervals[i].until - outcome.intervals[i].from;
    }
  }
  return list;
}

std::optional<results::Estimate> estimate_ratio(const std::vector<StretchTotals>& batches,
                                                double confidence, const Term& term) {
  std::vector<results::RatioTerm> terms;
  for (const StretchTotals& batch : batches) {
    terms.push_back(term(batch.totals, batch.length));
  }
  const auto batched = results::batched_ratio(terms);
  if (!batched) {
    return std::nullopt;
  }
  return results::to_estimate(*batched, confidence);
}

}  // namespace edgecut::scenarios
