#include "sim/outcome.hpp"

namespace edgecut::sim {
namespace {

// Applies `change` to every pair of sums of the two totals.
template <class Change>
void for_each_sum(CutTotals& a, const CutTotals& b, Change change) {
  change(a.latency_s, b.latency_s);
  change(a.energy_j, b.energy_j);
  change(a.device_wait_s, b.device_wait_s);
  change(a.device_s, b.device_s);
  change(a.radio_wait_s, b.radio_wait_s);
  change(a.upload_s, b.upload_s);
  change(a.server_wait_s, b.server_wait_s);
  change(a.server_s, b.server_s);
}

}  // namespace

void CutTotals::merge(const CutTotals& other) {
  issued += other.issued;
  completed += other.completed;
  for_each_sum(*this, other, [](results::ExactSum& a, const results::ExactSum& b) { a.merge(b); });
}

CutTotals CutTotals::since(const CutTotals& earlier) const {
  CutTotals rest = *this;
  rest.issued -= earlier.issued;
  rest.completed -= earlier.completed;
  for_each_sum(rest, earlier,
               [](results::ExactSum& a, const results::ExactSum& b) { a.subtract(b); });
  return rest;
}

}  // namespace edgecut::sim
