#include "platforms/rate_steps.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace edgecut;
using platforms::RateStepTable;
using platforms::RateWalk;

namespace {

platforms::RateTrace three_steps() {
  return platforms::RateTrace({{base::seconds(0), base::bits_per_s(1)},
                               {base::seconds(0.3), base::bits_per_s(0)},
                               {base::seconds(0.7), base::bits_per_s(5)}},
                              base::seconds(1.1));
}

}  // namespace

TEST_CASE("a walk meets every step once, in every period") {
  const RateStepTable table(three_steps());
  const std::vector<double> rates = {1, 0, 5};
  const std::vector<double> ends = {0.3, 0.7, 1.1};
  for (std::size_t first = 0; first < rates.size(); ++first) {
    RateWalk walk(table, base::seconds(ends[first] - 0.1));
    for (std::size_t i = first; i < 10'000; ++i) {
      const double periods = static_cast<double>(i / rates.size());
      REQUIRE(base::in_bits_per_s(walk.rate()) == rates[i % rates.size()]);
      REQUIRE(base::in_seconds(walk.next()) ==
              doctest::Approx(periods * 1.1 + ends[i % ends.size()]).epsilon(1e-15));
      walk.advance();
    }
  }
}

TEST_CASE("a walk that begins late begins in the step that holds there") {
  const platforms::RateTrace trace = three_steps();
  const RateStepTable table(trace);
  for (int i = 0; i < 10'000; ++i) {
    const base::Duration at = base::seconds(1e5 + 0.0137 * i);
    const RateWalk walk(table, at);
    REQUIRE(walk.rate() == trace.rate_at(at));
    REQUIRE(walk.next() > at - base::seconds(1e-10));
    REQUIRE(walk.next() < at + base::seconds(0.41));
  }
}

TEST_CASE("a constant trace has one step without an end") {
  const RateStepTable table(platforms::RateTrace::constant(base::bits_per_s(7)));
  const RateWalk walk(table, base::seconds(123));
  CHECK(base::in_bits_per_s(walk.rate()) == 7);
  CHECK(walk.next() == base::kForever);
}
