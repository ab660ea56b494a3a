#include "sim/run_schedule.hpp"

#include <doctest/doctest.h>

using namespace edgecut;
using base::in_seconds;
using base::seconds;

namespace {

constexpr double kFirstCheckQueries = 20000;

struct Plan {
  double duration_s;
  double rate_per_s;
  std::uint32_t nodes = 1;
  bool asks_precision = true;
};

sim::RunSchedule schedule(const Plan& plan) {
  sim::RunModel model;
  model.groups.emplace_back();
  model.groups.front().count = plan.nodes;
  model.arrivals.rate = base::per_second(plan.rate_per_s);
  model.stop.duration = seconds(plan.duration_s);
  if (plan.asks_precision) {
    model.stop.relative_precision = 0.05;
  }
  return sim::RunSchedule(model);
}

}  // namespace

TEST_CASE("a run of fixed length is checked at its end only") {
  const auto fixed = schedule({.duration_s = 500, .rate_per_s = 1000, .asks_precision = false});
  CHECK(in_seconds(fixed.end()) == 500);
  CHECK(in_seconds(fixed.next_check(seconds(0))) == 500);
  CHECK(in_seconds(fixed.next_check(seconds(499))) == 500);
}

TEST_CASE("checks come after 20,000 queries, then each time after half as many again") {
  const double rate = 100;
  const auto plan = schedule({.duration_s = 1e6, .rate_per_s = rate});
  const double first = kFirstCheckQueries / rate;
  CHECK(in_seconds(plan.next_check(seconds(0))) == doctest::Approx(first));
  CHECK(in_seconds(plan.next_check(seconds(first * 1.01))) == doctest::Approx(first * 1.5));
  CHECK(in_seconds(plan.next_check(seconds(first * 1.51))) == doctest::Approx(first * 1.5 * 1.5));
}

TEST_CASE("a check lies behind the present, and the last one is the end") {
  const auto plan = schedule({.duration_s = 1000, .rate_per_s = 100});
  base::Duration now;
  int checks = 0;
  while (now < plan.end()) {
    const base::Duration next = plan.next_check(now);
    REQUIRE(next > now);
    REQUIRE(next <= plan.end());
    now = next;
    ++checks;
  }
  CHECK(now == plan.end());
  CHECK(checks == 5);  // 200, 300, 450, 675 s and the end
}

TEST_CASE("a large fleet is checked when every node has had a query, on average") {
  const std::uint32_t nodes = 1'000'000;
  const double rate = 1000;
  const auto plan = schedule({.duration_s = 1e6, .rate_per_s = rate, .nodes = nodes});
  CHECK(in_seconds(plan.next_check(seconds(0))) == doctest::Approx(nodes / rate));
}

TEST_CASE("a run shorter than the first check is checked at its end") {
  const auto plan = schedule({.duration_s = 3, .rate_per_s = 1});
  CHECK(in_seconds(plan.next_check(seconds(0))) == 3);
}

TEST_CASE(
    "a run of fixed length is looked at 60 times, a precise one 30 times to its first check") {
  const double duration_s = 500;
  const auto fixed =
      schedule({.duration_s = duration_s, .rate_per_s = 1000, .asks_precision = false});
  CHECK(in_seconds(fixed.snapshot_spacing()) == doctest::Approx(duration_s / 60));
  CHECK(60 * fixed.snapshot_spacing() <= fixed.end());
  const double rate = 100;
  const auto precise = schedule({.duration_s = 1e6, .rate_per_s = rate});
  CHECK(in_seconds(precise.snapshot_spacing()) == doctest::Approx(kFirstCheckQueries / rate / 30));
}
