// RateTrace against exact rational arithmetic: doubles are rationals, so a step-by-step walk in
// cpp_rational has no error at all.
#include "platforms/rate_trace.hpp"

#include <cmath>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

using edgecut::base::bits;
using edgecut::base::bits_per_s;
using edgecut::base::in_bits;
using edgecut::base::in_bits_per_s;
using edgecut::base::in_seconds;
using edgecut::base::seconds;
using edgecut::platforms::RateStep;
using edgecut::platforms::RateTrace;
using Rational = boost::multiprecision::cpp_rational;

namespace {

struct Case {
  std::vector<RateStep> steps;
  double period;
  double start;
  double size;
};

// Times in eighths of a second and rates in whole bit/s when `dyadic`: then the trace's own
// arithmetic is exact as well and even an end at the brink of an outage must agree.
Case any_case(bool dyadic) {
  Case c{};
  const auto count = *rc::gen::inRange(1, 40);
  double time = 0;
  for (int i = 0; i < count; ++i) {
    const bool outage = *rc::gen::inRange(0, 4) == 0;
    const double rate = outage ? 0 : *rc::gen::inRange(1, 1000) * (dyadic ? 1024.0 : 9973.7);
    c.steps.push_back({seconds(time), bits_per_s(rate)});
    time += *rc::gen::inRange(1, 20) * (dyadic ? 0.125 : 0.1);
  }
  c.steps[static_cast<std::size_t>(*rc::gen::inRange(0, count))].rate = bits_per_s(65536);
  c.period = time;
  c.start = *rc::gen::inRange(0, 8'000'000) * (dyadic ? 0.125 : 0.12345);
  const int scale = *rc::gen::inRange(0, 18);
  c.size = *rc::gen::inRange(1, 2048) * std::ldexp(1.0, scale);
  return c;
}

Rational exact_position(const Case& c) {
  const Rational laps = Rational(c.start) / Rational(c.period);
  const boost::multiprecision::cpp_int whole = numerator(laps) / denominator(laps);
  return Rational(c.start) - Rational(whole) * Rational(c.period);
}

// The first step that ends after `position`, which it is in.
std::size_t exact_step(const Case& c, const Rational& position) {
  std::size_t step = 0;
  while (step + 1 < c.steps.size() && Rational(in_seconds(c.steps[step + 1].start)) <= position) {
    ++step;
  }
  return step;
}

// Walks from the start until `done(time walked, bits so far, step's rest, step's rate)` is true.
template <class Done>
void walk(const Case& c, Done done) {
  Rational position = exact_position(c);
  std::size_t step = exact_step(c, position);
  while (true) {
    const bool last = step + 1 == c.steps.size();
    const Rational end(last ? c.period : in_seconds(c.steps[step + 1].start));
    if (done(Rational(end - position), Rational(in_bits_per_s(c.steps[step].rate)))) {
      return;
    }
    position = last ? Rational(0) : end;
    step = last ? 0 : step + 1;
  }
}

Rational exact_transfer_time(const Case& c) {
  Rational rest(c.size);
  Rational time = 0;
  walk(c, [&](const Rational& length, const Rational& rate) {
    if (rest <= length * rate) {
      time += rest / rate;
      return true;
    }
    rest -= length * rate;
    time += length;
    return false;
  });
  return time;
}

Rational exact_carried(const Case& c, const Rational& duration) {
  Rational rest = duration;
  Rational total = 0;
  walk(c, [&](const Rational& length, const Rational& rate) {
    if (rest <= length) {
      total += rest * rate;
      return true;
    }
    rest -= length;
    total += length * rate;
    return false;
  });
  return total;
}

double relative_error(const Rational& found, const Rational& exact) {
  return static_cast<double>(abs(found - exact) / exact);
}

}  // namespace

TEST_CASE("a transfer's time equals exact arithmetic when times and rates are binary fractions") {
  CHECK(rc::check([] {
    const Case c = any_case(true);
    const RateTrace trace(c.steps, seconds(c.period));
    const double time = in_seconds(trace.transfer_time(seconds(c.start), bits(c.size)));
    RC_ASSERT(relative_error(Rational(time), exact_transfer_time(c)) < 1e-14);
  }));
}

TEST_CASE("a transfer's time is within 1e-12 of exact arithmetic for any doubles") {
  CHECK(rc::check([] {
    const Case c = any_case(false);
    const RateTrace trace(c.steps, seconds(c.period));
    const Rational time(in_seconds(trace.transfer_time(seconds(c.start), bits(c.size))));
    // At the brink of an outage the last millionth of a bit may fall on either side.
    const Rational missing = abs(exact_carried(c, time) - Rational(c.size));
    RC_ASSERT(relative_error(time, exact_transfer_time(c)) < 1e-12 || missing < Rational(2e-5));
    RC_ASSERT(missing < Rational(2e-5) + Rational(c.size) * Rational(1e-12));
  }));
}

TEST_CASE("what is carried during a transfer is its size") {
  CHECK(rc::check([] {
    const Case c = any_case(true);
    const RateTrace trace(c.steps, seconds(c.period));
    const auto start = seconds(c.start);
    const auto end = trace.transfer_end(start, bits(c.size));
    // The end as an instant is rounded to the spacing of doubles there.
    const double slack = 2 * std::nextafter(in_seconds(end), 1e300) - 2 * in_seconds(end);
    RC_ASSERT(std::abs(in_bits(trace.carried(start, end)) - c.size) <=
              slack * 1024 * 1000 + 1e-12 * c.size);
  }));
}

TEST_CASE("bits carried equal exact arithmetic over any interval") {
  CHECK(rc::check([] {
    const Case c = any_case(true);
    const RateTrace trace(c.steps, seconds(c.period));
    const double length = *rc::gen::inRange(1, 100'000) * 0.125;
    const double found = in_bits(trace.carried(seconds(c.start), seconds(c.start + length)));
    const Rational exact = exact_carried(c, Rational(length));
    RC_ASSERT(abs(Rational(found) - exact) <= exact * Rational(1e-14));
  }));
}

TEST_CASE("two transfers in a row end when one of both sizes does") {
  CHECK(rc::check([] {
    Case c = any_case(true);
    c.start = std::fmod(c.start, 1000);
    const RateTrace trace(c.steps, seconds(c.period));
    const double first = std::floor(c.size / 3) + 1;
    const auto middle = trace.transfer_end(seconds(c.start), bits(first));
    const auto end = trace.transfer_end(middle, bits(c.size));
    const auto both = trace.transfer_end(seconds(c.start), bits(first + c.size));
    // The middle is rounded to a double; what that moves may only move the end by as much data.
    const double between =
        in_bits(trace.carried(edgecut::base::min(end, both), edgecut::base::max(end, both)));
    RC_ASSERT(between <= 1e-14 * in_seconds(both) * 1024 * 1000 + 1e-5);
  }));
}

TEST_CASE("a transfer that starts later or is larger does not end earlier") {
  CHECK(rc::check([] {
    const Case c = any_case(*rc::gen::arbitrary<bool>());
    const RateTrace trace(c.steps, seconds(c.period));
    const double delay = *rc::gen::inRange(0, 10'000) * 0.01;
    const double more = *rc::gen::inRange(0, 10'000);
    const auto end = trace.transfer_end(seconds(c.start), bits(c.size));
    const auto later = trace.transfer_end(seconds(c.start + delay), bits(c.size));
    const auto larger = trace.transfer_end(seconds(c.start), bits(c.size + more));
    const double slack = 1e-15 * in_seconds(end);
    RC_ASSERT(in_seconds(later) >= in_seconds(end) - slack);
    RC_ASSERT(in_seconds(larger) >= in_seconds(end) - slack);
  }));
}
