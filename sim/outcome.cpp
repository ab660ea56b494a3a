#include "sim/outcome.hpp"

namespace edgecut::sim {

void ClassTotals::merge(const ClassTotals& other) {
  issued += other.issued;
  completed += other.completed;
  served += other.served;
  dropped += other.dropped;
  for_each_sum(*this, other, [](results::ExactSum& a, const results::ExactSum& b) { a.merge(b); });
}

ClassTotals ClassTotals::since(const ClassTotals& earlier) const {
  ClassTotals rest = *this;
  rest.issued -= earlier.issued;
  rest.completed -= earlier.completed;
  rest.served -= earlier.served;
  rest.dropped -= earlier.dropped;
  for_each_sum(rest, earlier,
               [](results::ExactSum& a, const results::ExactSum& b) { a.subtract(b); });
  return rest;
}

results::Summary RunOutcome::summarize(double confidence) const {
  results::Summary summary =
      pooled ? pooled->summarize(confidence) : series.summarize(end, confidence);
  if (spaced) {
    results::replace_latencies(summary, *spaced, confidence);
  }
  return summary;
}

ClassTotals RunOutcome::totals_of(std::size_t class_index) const {
  ClassTotals totals;
  for (const Interval& interval : intervals) {
    totals.merge(interval.classes[class_index]);
  }
  return totals;
}

}  // namespace edgecut::sim
