#include "sim/outcome.hpp"

namespace edgecut::sim {
namespace {

// Applies `change` to every pair of sums of the two totals.
template <class Change>
void for_each_sum(ClassTotals& a, const ClassTotals& b, Change change) {
  change(a.latency_s, b.latency_s);
  change(a.energy_j, b.energy_j);
  change(a.device_wait_s, b.device_wait_s);
  change(a.device_s, b.device_s);
  change(a.radio_wait_s, b.radio_wait_s);
  change(a.upload_s, b.upload_s);
  change(a.uploaded_bytes, b.uploaded_bytes);
  change(a.server_wait_s, b.server_wait_s);
  change(a.server_s, b.server_s);
  change(a.server_shared_s, b.server_shared_s);
  change(a.device_work_gflop, b.device_work_gflop);
  change(a.work_gflop, b.work_gflop);
}

}  // namespace

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
