// The estimators by their formulas, sample by sample, and the table of a trace.
#include "platforms/rate_estimator.hpp"

#include <cmath>
#include <optional>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "platforms/estimate_table.hpp"

using namespace edgecut;
using base::bits_per_s;
using base::in_bits_per_s;
using base::seconds;
using platforms::EstimateTable;
using platforms::EstimatorKind;
using platforms::EstimatorSpec;
using platforms::RateEstimator;
using platforms::RateTrace;

namespace {

// The estimate after each sample.
std::vector<double> estimates(const EstimatorSpec& spec, const std::vector<double>& samples) {
  RateEstimator estimator(spec);
  CHECK(!estimator.estimate());
  std::vector<double> result;
  for (const double sample : samples) {
    estimator.add(bits_per_s(sample));
    result.push_back(in_bits_per_s(*estimator.estimate()));
  }
  return result;
}

// 100 bit/s for 1.5 s, 300 for 1.5 s, 500 for half a second. Means of seconds: 100, 200, 300, 500.
RateTrace four_windows() {
  return RateTrace({{seconds(0), bits_per_s(100)},
                    {seconds(1.5), bits_per_s(300)},
                    {seconds(3), bits_per_s(500)}},
                   seconds(3.5));
}

double at(const EstimateTable& table, double time_s) {
  return in_bits_per_s(table.at(seconds(time_s)));
}

}  // namespace

TEST_CASE("the last sample is the estimate that knows nothing of those before") {
  CHECK(estimates({}, {3, 0, 7}) == std::vector<double>{3, 0, 7});
}

TEST_CASE("an EWMA begins at the first sample and moves by its weight towards each later one") {
  const double w = 0.25;
  const auto found = estimates({.kind = EstimatorKind::kEwma, .weight = w}, {8, 16, 0});
  CHECK(found[0] == 8);
  CHECK(found[1] == w * 16 + (1 - w) * 8);
  CHECK(found[2] == (1 - w) * found[1]);
}

TEST_CASE("after its half-life a sample counts half") {
  const double w = platforms::ewma_weight(seconds(8), seconds(2));
  CHECK(std::pow(1 - w, 8.0 / 2.0) == doctest::Approx(0.5));
  // A step from 0 to 1: half of it is seen after the half-life.
  const auto found = estimates({.kind = EstimatorKind::kEwma, .weight = w}, {0, 1, 1, 1, 1});
  CHECK(found.back() == doctest::Approx(0.5));
}

TEST_CASE("a harmonic mean is the rate whose time a bit is the mean of the last windows'") {
  const auto found = estimates({.kind = EstimatorKind::kHarmonicMean, .windows = 3}, {2, 4, 8, 16});
  CHECK(found[0] == 2);
  CHECK(found[1] == doctest::Approx(2 / (1.0 / 2 + 1.0 / 4)));
  CHECK(found[2] == doctest::Approx(3 / (1.0 / 2 + 1.0 / 4 + 1.0 / 8)));
  CHECK(found[3] == doctest::Approx(3 / (1.0 / 4 + 1.0 / 8 + 1.0 / 16)));
}

TEST_CASE("a sample of zero makes the harmonic mean zero until it has left the windows") {
  const auto found = estimates({.kind = EstimatorKind::kHarmonicMean, .windows = 2}, {4, 0, 4, 4});
  CHECK(found == std::vector<double>{4, 0, 0, 4});
}

TEST_CASE("the oracle has no estimate from samples") {
  CHECK_THROWS_AS(RateEstimator({.kind = EstimatorKind::kOracle}), base::InternalError);
}

TEST_CASE("a device knows the last completed window, not the present one") {
  const RateTrace trace = four_windows();
  const EstimateTable table(trace, {});
  CHECK(at(table, 1.0) == doctest::Approx(100));
  CHECK(at(table, 1.99) == doctest::Approx(100));
  CHECK(at(table, 2.5) == doctest::Approx((100 + 300) / 2.0));
  CHECK(at(table, 3.2) == doctest::Approx(300));
  // The half second that ends the period is the last window of it, before the first start too.
  CHECK(at(table, 3.5) == doctest::Approx(500));
  CHECK(at(table, 0.2) == doctest::Approx(500));
}

TEST_CASE("windows are as long as the estimator wants them") {
  const RateTrace trace = four_windows();
  const EstimateTable table(trace, {.sample_interval = seconds(2)});
  CHECK(at(table, 2.5) == doctest::Approx((100 * 1.5 + 300 * 0.5) / 2));
  CHECK(at(table, 1.9) == doctest::Approx((300 * 1.0 + 500 * 0.5) / 1.5));
  const EstimateTable longer(trace, {.sample_interval = seconds(60)});
  CHECK(at(longer, 1) == doctest::Approx(in_bits_per_s(trace.mean_rate())));
}

TEST_CASE("the table of a harmonic mean looks back over the end of the period") {
  const RateTrace trace = four_windows();
  const EstimateTable table(trace, {.kind = EstimatorKind::kHarmonicMean, .windows = 2});
  CHECK(at(table, 0.5) == doctest::Approx(2 / (1.0 / 300 + 1.0 / 500)));
  CHECK(at(table, 1.5) == doctest::Approx(2 / (1.0 / 500 + 1.0 / 100)));
  CHECK(at(table, 2.5) == doctest::Approx(2 / (1.0 / 100 + 1.0 / 200)));
}

TEST_CASE("the table of an EWMA is where a device ends up that has followed the trace for ever") {
  const RateTrace trace = four_windows();
  const double w = 0.5;
  const EstimateTable table(trace, {.kind = EstimatorKind::kEwma, .weight = w});
  // e = w (500 + q 300 + q^2 200 + q^3 100) + q^4 e at the end of a period, with q = 1 - w.
  const double q = 1 - w;
  const double end = w * (500 + q * 300 + q * q * 200 + q * q * q * 100) / (1 - std::pow(q, 4));
  CHECK(at(table, 0.5) == doctest::Approx(end));
  CHECK(at(table, 1.5) == doctest::Approx(w * 100 + q * end));
}

TEST_CASE("an EWMA of weight one is the last sample") {
  const RateTrace trace = four_windows();
  const EstimateTable table(trace, {.kind = EstimatorKind::kEwma, .weight = 1});
  for (const double t : {0.5, 1.5, 2.5, 3.25}) {
    CHECK(at(table, t) == at(EstimateTable(trace, {}), t));
  }
}
