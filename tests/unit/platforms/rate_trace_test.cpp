#include "platforms/rate_trace.hpp"

#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace edgecut;
using base::bits;
using base::bits_per_s;
using base::in_bits;
using base::in_bits_per_s;
using base::in_seconds;
using base::seconds;
using platforms::RateStep;
using platforms::RateTrace;

namespace {

// 1000 bit/s for 2 s, nothing for 3 s, 500 bit/s for 1 s: 2500 bits in 6 s.
RateTrace sample() {
  return RateTrace(
      {{seconds(0), bits_per_s(1000)}, {seconds(2), bits_per_s(0)}, {seconds(5), bits_per_s(500)}},
      seconds(6));
}

double end_s(const RateTrace& trace, double start_s, double size_bits) {
  return in_seconds(trace.transfer_end(seconds(start_s), bits(size_bits)));
}

std::string error_of(const std::vector<RateStep>& steps, double period_s) {
  try {
    const RateTrace trace(steps, seconds(period_s), "t.csv");
  } catch (const base::ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a transfer at a constant rate takes size over rate from any instant") {
  const double rate = 5.5e6;
  const RateTrace trace = RateTrace::constant(bits_per_s(rate));
  CHECK(trace.is_constant());
  CHECK(in_seconds(trace.transfer_time(seconds(1e6), bits(1236696))) == 1236696 / rate);
  CHECK(in_bits(trace.carried(seconds(3), seconds(7))) == 4 * rate);
  CHECK(trace.mean_rate() == bits_per_s(rate));
}

TEST_CASE("a transfer of nothing ends when it starts, in an outage too") {
  CHECK(end_s(sample(), 3, 0) == 3);
}

TEST_CASE("a transfer within one step takes size over rate") {
  CHECK(end_s(sample(), 0.5, 1000) == 0.5 + 1000 / 1000.0);
}

TEST_CASE("a transfer waits through an outage and ends in the step after") {
  CHECK(end_s(sample(), 1, 1000 + 250) == 5 + 250 / 500.0);
  CHECK(end_s(sample(), 3, 250) == 5 + 250 / 500.0);
}

TEST_CASE("a transfer that just fits before an outage ends before it") {
  CHECK(end_s(sample(), 0, 2000) == 2);
  CHECK(end_s(sample(), 1.5, 500) == 2);
  CHECK(end_s(sample(), 0, 2000 + 1e-7) == doctest::Approx(2));
  CHECK(end_s(sample(), 0, 2000 + 1e-3) > 5);
}

TEST_CASE("a rest of nothing does not wait through an outage at the end of the period") {
  const RateTrace trace({{seconds(0), bits_per_s(1000)}, {seconds(2), bits_per_s(0)}}, seconds(6));
  CHECK(end_s(trace, 0, 2000 + 1e-7) == doctest::Approx(2));
  CHECK(end_s(trace, 0, 4000 + 1e-7) == doctest::Approx(8));
  CHECK(end_s(trace, 3, 1e-7) == doctest::Approx(3));
}

TEST_CASE("a transfer goes on after the period's end, for any number of repetitions") {
  const RateTrace trace = sample();
  CHECK(end_s(trace, 5.5, 250 + 1000) == 6 + 1000 / 1000.0);
  CHECK(end_s(trace, 0, 2500) == 6);
  for (const double laps : {1.0, 2.0, 7.0, 1e6}) {
    CHECK(end_s(trace, 0, laps * 2500 + 300) == laps * 6 + 300 / 1000.0);
    CHECK(end_s(trace, 6 * laps + 1, 1250) == 6 * laps + 5.5);
  }
  CHECK(end_s(trace, 2.5, 3 * 2500) == 2 + 3 * 6);  // before the outage, not after it
}

TEST_CASE("instants beyond 2^26 repetitions are placed exactly") {
  const RateTrace trace = sample();
  const double laps = 0x1p27 + 1;
  CHECK(in_bits_per_s(trace.rate_at(seconds(6 * laps + 1))) == 1000);
  CHECK(in_bits_per_s(trace.rate_at(seconds(6 * laps + 5.5))) == 500);
}

TEST_CASE("the rate at a step's start is that step's, and wraps") {
  const RateTrace trace = sample();
  CHECK(trace.rate_at(seconds(2)) == bits_per_s(0));
  CHECK(trace.rate_at(seconds(5)) == bits_per_s(500));
  CHECK(trace.rate_at(seconds(6)) == bits_per_s(1000));
  CHECK(trace.rate_at(seconds(600 + 5.999)) == bits_per_s(500));
}

TEST_CASE("bits carried over an interval are the integral of the rate") {
  const RateTrace trace = sample();
  CHECK(in_bits(trace.carried(seconds(1), seconds(5.5))) == 1000 + 250);
  CHECK(in_bits(trace.carried(seconds(2), seconds(5))) == 0);
  CHECK(in_bits(trace.carried(seconds(5), seconds(6 * 100 + 1))) == 500 + 99 * 2500 + 1000);
  CHECK(in_bits(trace.carried(seconds(4), seconds(4))) == 0);
}

TEST_CASE("the mean rate is the period's bits over its length, and equal neighbours are one step") {
  CHECK(sample().mean_rate() == bits_per_s(2500.0 / 6));
  const RateTrace merged({{seconds(0), bits_per_s(7)}, {seconds(1), bits_per_s(7)}}, seconds(2));
  CHECK(merged.step_count() == 1);
  CHECK(in_seconds(merged.period()) == 2);
}

TEST_CASE("a trace with many steps in one corner finds its steps") {
  std::vector<RateStep> steps;
  for (int i = 0; i < 1000; ++i) {
    steps.push_back({seconds(i * 0x1p-20), bits_per_s(1 + i % 7)});
  }
  steps.push_back({seconds(1), bits_per_s(1000)});
  const RateTrace trace(steps, seconds(1000));
  for (int i = 0; i < 1000; ++i) {
    CHECK(in_bits_per_s(trace.rate_at(seconds((i + 0.5) * 0x1p-20))) == 1 + i % 7);
  }
  CHECK(end_s(trace, 999, 1000) == 1000);
}

TEST_CASE("a trace that cannot be is refused with what was found") {
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const RateStep first = {seconds(0), bits_per_s(1)};
  CHECK(has(error_of({}, 1), "t.csv: the trace has no steps"));
  CHECK(has(error_of({first}, 0), "period 0 s"));
  CHECK(has(error_of({first}, nan), "period nan s"));
  CHECK(has(error_of({{seconds(1), bits_per_s(1)}}, 2), "the first starts at 0"));
  CHECK(has(error_of({first, {seconds(0), bits_per_s(2)}}, 2), "step 2 starts at 0 s"));
  CHECK(has(error_of({first, {seconds(3), bits_per_s(2)}}, 2), "less than the period"));
  CHECK(has(error_of({first, {seconds(1), bits_per_s(-2)}}, 2), "the rate -2 bit/s"));
  CHECK(has(error_of({first, {seconds(1), bits_per_s(nan)}}, 2), "the rate nan bit/s"));
  CHECK(has(error_of({{seconds(0), bits_per_s(0)}}, 2), "zero for ever"));
}

TEST_CASE("The next step is the next start of one, across repetitions") {
  const RateTrace trace = sample();
  for (const double lap_s : {0.0, 6.0, 6e6}) {
    CHECK(in_seconds(trace.next_step(seconds(lap_s))) == lap_s + 2);
    CHECK(in_seconds(trace.next_step(seconds(lap_s + 1.5))) == lap_s + 2);
    CHECK(in_seconds(trace.next_step(seconds(lap_s + 2))) == lap_s + 5);
    CHECK(in_seconds(trace.next_step(seconds(lap_s + 4.75))) == lap_s + 5);
    CHECK(in_seconds(trace.next_step(seconds(lap_s + 5.5))) == lap_s + 6);
  }
}

TEST_CASE("A constant rate has no next step") {
  const RateTrace trace = RateTrace::constant(bits_per_s(1000));
  CHECK_FALSE(base::is_finite(trace.next_step(seconds(3))));
}

TEST_CASE("At the next step the next step's rate holds, however the start was rounded") {
  const RateTrace trace(
      {{seconds(0), bits_per_s(1)}, {seconds(0.1), bits_per_s(2)}, {seconds(0.7), bits_per_s(3)}},
      seconds(1.1));
  base::Duration now = seconds(1e5);
  double rate = in_bits_per_s(trace.rate_at(now));
  for (int i = 0; i < 10'000; ++i) {
    const base::Duration next = trace.next_step(now);
    REQUIRE(next > now);
    const double expected = rate == 3 ? 1 : rate + 1;
    rate = in_bits_per_s(trace.rate_at(next));
    REQUIRE(rate == expected);
    now = next;
  }
}
