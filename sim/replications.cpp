#include "sim/replications.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/errors.hpp"

namespace edgecut::sim {
namespace {

constexpr std::size_t kBatches = results::BatchSeries::kBatches;

Interval joined(const std::vector<Interval>& intervals, std::size_t first, std::size_t last) {
  Interval whole = intervals[first];
  for (std::size_t i = first + 1; i < last; ++i) {
    whole.until = intervals[i].until;
    for (std::size_t c = 0; c < whole.classes.size(); ++c) {
      whole.classes[c].merge(intervals[i].classes[c]);
    }
  }
  return whole;
}

}  // namespace

void condense(RunOutcome& outcome, std::size_t replications) {
  EC_CHECK(replications > 0 && !outcome.pooled, "an outcome is condensed once");
  const std::size_t each = (kBatches + replications - 1) / replications;
  outcome.pooled = outcome.series.batches(outcome.end, each);
  outcome.series = results::BatchSeries(base::seconds(1));
  outcome.checkpoints.clear();
  const std::size_t count = outcome.intervals.size();
  const std::size_t kept = std::min(count, each);
  std::vector<Interval> intervals;
  for (std::size_t i = 0; i < kept; ++i) {
    intervals.push_back(joined(outcome.intervals, i * count / kept, (i + 1) * count / kept));
  }
  outcome.intervals = std::move(intervals);
}

RunOutcome merge_replications(std::vector<RunOutcome> outcomes) {
  EC_CHECK(!outcomes.empty(), "there is a replication");
  RunOutcome whole = std::move(outcomes.front());
  std::set<std::size_t> overloaded(whole.overloaded_groups.begin(), whole.overloaded_groups.end());
  for (std::size_t r = 1; r < outcomes.size(); ++r) {
    RunOutcome& one = outcomes[r];
    EC_CHECK(whole.pooled && one.pooled, "replications are condensed before they are merged");
    whole.pooled->append(*one.pooled);
    std::move(one.intervals.begin(), one.intervals.end(), std::back_inserter(whole.intervals));
    for (std::size_t i = 0; i < whole.cut_counts.size(); ++i) {
      whole.cut_counts[i] += one.cut_counts[i];
    }
    for (std::size_t i = 0; i < whole.whole_run.size(); ++i) {
      whole.whole_run[i].merge(one.whole_run[i]);
    }
    for (std::size_t g = 0; g < whole.radio_rests.size(); ++g) {
      whole.radio_rests[g].merge(one.radio_rests[g]);
    }
    whole.end = base::max(whole.end, one.end);
    whole.queries.issued += one.queries.issued;
    whole.queries.completed += one.queries.completed;
    whole.queries.dropped += one.queries.dropped;
    whole.queries.in_flight += one.queries.in_flight;
    whole.unattributed_tail += one.unattributed_tail;
    overloaded.insert(one.overloaded_groups.begin(), one.overloaded_groups.end());
    whole.verdict = one.verdict == Verdict::kOverloaded ? one.verdict : whole.verdict;
  }
  whole.overloaded_groups.assign(overloaded.begin(), overloaded.end());
  if (whole.pooled) {
    whole.checkpoints = {whole.pooled->batched()};
  }
  return whole;
}

}  // namespace edgecut::sim
