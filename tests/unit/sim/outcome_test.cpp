#include "sim/outcome.hpp"

#include <doctest/doctest.h>

using namespace edgecut;
using sim::ClassTotals;

namespace {

// Totals whose sums are all different multiples of `unit`, a binary fraction.
ClassTotals totals(std::uint64_t issued, std::uint64_t completed, double unit) {
  ClassTotals result;
  result.issued = issued;
  result.completed = completed;
  result.latency_s.add(1 * unit);
  result.energy_j.add(2 * unit);
  result.device_wait_s.add(3 * unit);
  result.device_s.add(4 * unit);
  result.radio_wait_s.add(5 * unit);
  result.upload_s.add(6 * unit);
  result.server_wait_s.add(7 * unit);
  result.server_s.add(8 * unit);
  result.uploaded_bytes.add(9 * unit);
  result.device_work_gflop.add(10 * unit);
  result.compute_j.add(11 * unit);
  result.download_wait_s.add(12 * unit);
  result.download_s.add(13 * unit);
  result.radio.promotion_s.add(14 * unit);
  result.radio.up_s.add(15 * unit);
  result.radio.down_s.add(16 * unit);
  result.radio.downloaded_bytes.add(17 * unit);
  result.radio.tail_s[2].add(18 * unit);
  return result;
}

void check_is(const ClassTotals& found, std::uint64_t issued, std::uint64_t completed,
              double unit) {
  CHECK(found.issued == issued);
  CHECK(found.completed == completed);
  CHECK(found.latency_s.value() == 1 * unit);
  CHECK(found.energy_j.value() == 2 * unit);
  CHECK(found.device_wait_s.value() == 3 * unit);
  CHECK(found.device_s.value() == 4 * unit);
  CHECK(found.radio_wait_s.value() == 5 * unit);
  CHECK(found.upload_s.value() == 6 * unit);
  CHECK(found.server_wait_s.value() == 7 * unit);
  CHECK(found.server_s.value() == 8 * unit);
  CHECK(found.uploaded_bytes.value() == 9 * unit);
  CHECK(found.device_work_gflop.value() == 10 * unit);
  CHECK(found.compute_j.value() == 11 * unit);
  CHECK(found.download_wait_s.value() == 12 * unit);
  CHECK(found.download_s.value() == 13 * unit);
  CHECK(found.radio.promotion_s.value() == 14 * unit);
  CHECK(found.radio.up_s.value() == 15 * unit);
  CHECK(found.radio.down_s.value() == 16 * unit);
  CHECK(found.radio.downloaded_bytes.value() == 17 * unit);
  CHECK(found.radio.tail_s[2].value() == 18 * unit);
}

}  // namespace

TEST_CASE("totals since an earlier record are exactly what came after it") {
  const ClassTotals earlier = totals(10, 8, 0.25);
  ClassTotals now = earlier;
  now.merge(totals(5, 6, 0.5));
  check_is(now, 15, 14, 0.75);
  check_is(now.since(earlier), 5, 6, 0.5);
  check_is(now.since(now), 0, 0, 0);
}

TEST_CASE("the totals of a class are those of all looks at the run together") {
  sim::RunOutcome outcome{results::BatchSeries(base::seconds(1))};
  outcome.intervals.resize(2);
  outcome.intervals[0].classes = {totals(1, 1, 8), totals(5, 4, 0.25)};
  outcome.intervals[1].classes = {totals(1, 1, 8), totals(3, 2, 0.5)};
  check_is(outcome.totals_of(1), 8, 6, 0.75);
}

TEST_CASE("conservation holds when every query is somewhere") {
  CHECK(sim::Conservation{.issued = 10, .completed = 6, .dropped = 1, .in_flight = 3}.holds());
  CHECK(!sim::Conservation{.issued = 10, .completed = 6, .dropped = 1, .in_flight = 2}.holds());
}
