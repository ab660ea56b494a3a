// The table of a trace's estimates against an estimator that follows the trace sample by sample.
#include "platforms/estimate_table.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace edgecut;
using base::bits_per_s;
using base::in_bits_per_s;
using base::in_seconds;
using base::seconds;
using platforms::EstimateTable;
using platforms::EstimatorKind;
using platforms::EstimatorSpec;
using platforms::RateTrace;

namespace {

EstimatorSpec any_spec() {
  EstimatorSpec spec;
  spec.kind = static_cast<EstimatorKind>(*rc::gen::inRange(0, 3));
  spec.weight = *rc::gen::inRange(1, 101) / 100.0;
  spec.windows = *rc::gen::inRange(1U, 40U);
  spec.sample_interval = seconds(*rc::gen::inRange(1, 40) * 0.125);
  return spec;
}

RateTrace any_trace() {
  std::vector<platforms::RateStep> steps;
  double time = 0;
  const int count = *rc::gen::inRange(2, 30);
  for (int i = 0; i < count; ++i) {
    // No two neighbours alike; the first carries.
    const double rate = i % 4 == 3 ? 0 : (1 + i % 2) * 1e4 + *rc::gen::inRange(0, 9000);
    steps.push_back({seconds(time), bits_per_s(rate)});
    time += *rc::gen::inRange(1, 20) * 0.125;
  }
  return {steps, seconds(time)};
}

bool close(base::DataRate a, base::DataRate b) {
  return std::abs(in_bits_per_s(a) - in_bits_per_s(b)) <= 1e-9 * (1 + in_bits_per_s(b));
}

}  // namespace

TEST_CASE("a trace's table is what an estimator says that has followed it for long enough") {
  CHECK(rc::check([] {
    const EstimatorSpec spec = any_spec();
    const RateTrace trace = any_trace();
    const EstimateTable table(trace, spec);
    const std::vector<double> means = platforms::window_means(trace, spec.sample_interval);
    platforms::RateEstimator online(spec);
    // A weight of 0.01 forgets 99 % in 460 samples; 1e-12 takes 2,800.
    const auto laps = 3000 / means.size() + 41;
    for (std::size_t lap = 0; lap < laps; ++lap) {
      for (const double mean : means) {
        online.add(bits_per_s(mean));
      }
    }
    for (std::size_t window = 0; window < means.size(); ++window) {
      // At the start of a window and within it; on another lap of the trace, too.
      const base::Duration start = static_cast<double>(window) * spec.sample_interval;
      const base::Duration lap = *rc::gen::inRange(0, 3) * trace.period();
      const base::Duration inside = base::min(start + 0.01 * spec.sample_interval,
                                              seconds(0.999999 * in_seconds(trace.period())));
      RC_ASSERT(close(table.at(start), *online.estimate()));
      RC_ASSERT(close(table.at(lap + base::max(inside, start)), *online.estimate()));
      online.add(bits_per_s(means[window]));
    }
  }));
}

TEST_CASE("over a constant trace every estimator says the constant") {
  CHECK(rc::check([] {
    const auto rate = bits_per_s(*rc::gen::inRange(1, 1'000'000'000));
    const EstimatorSpec spec = any_spec();
    const RateTrace trace = RateTrace::constant(rate);
    RC_ASSERT(EstimateTable(trace, spec).at(seconds(*rc::gen::inRange(0, 1000) * 0.37)) == rate);
    platforms::RateEstimator online(spec);
    for (int i = 0; i < 50; ++i) {
      online.add(rate);
      RC_ASSERT(close(*online.estimate(), rate));
    }
  }));
}

TEST_CASE("an estimate lies between the least and the greatest sample") {
  CHECK(rc::check([] {
    const EstimatorSpec spec = any_spec();
    const RateTrace trace = any_trace();
    const EstimateTable table(trace, spec);
    const std::vector<double> means = platforms::window_means(trace, spec.sample_interval);
    const auto [least, greatest] = std::minmax_element(means.begin(), means.end());
    for (double t = 0; t < in_seconds(trace.period()); t += 0.3) {
      const double estimate = in_bits_per_s(table.at(seconds(t)));
      RC_ASSERT(estimate >= *least * (1 - 1e-9));
      RC_ASSERT(estimate <= *greatest * (1 + 1e-9));
    }
  }));
}
