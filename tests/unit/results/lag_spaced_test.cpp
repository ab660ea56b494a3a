#include "results/lag_spaced.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "base/random.hpp"

namespace edgecut::results {
namespace {

using doctest::Approx;

class Draws {
 public:
  explicit Draws(std::uint32_t entity)
      : stream_(base::RandomSource(17), base::Purpose::kTest, entity) {}
  double uniform() { return stream_.uniform(); }
  double exponential() { return -std::log(stream_.uniform()); }

 private:
  base::RandomStream stream_;
};

// A first-order autoregressive sequence, kept positive: correlation phi^k at distance k.
std::vector<double> correlated(std::size_t count, double phi, std::uint32_t entity) {
  Draws draws(entity);
  std::vector<double> values;
  double state = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double noise = -6;  // a sum of twelve uniforms: normal enough
    for (int k = 0; k < 12; ++k) {
      noise += draws.uniform();
    }
    state = phi * state + std::sqrt(1 - phi * phi) * noise;
    values.push_back(100 + state);
  }
  return values;
}

LagSpaced spaced_of(const std::vector<double>& values) {
  LagSpaced spaced;
  for (const double value : values) {
    spaced.add(value);
  }
  return spaced;
}

TEST_CASE("runs up are counted as by hand, the value after each run thrown away") {
  // 1 2 3 | 0 dropped | 5 6 | 4 dropped | 7 | 3 dropped: runs of 3, 2 and 1.
  const std::vector<double> values = {1, 2, 3, 0, 5, 6, 4, 7, 3};
  const double runs = 3;
  const auto cell = [runs](double count, double probability) {
    return std::pow(count - runs * probability, 2) / (runs * probability);
  };
  const double statistic = cell(1, 1.0 / 2) + cell(1, 1.0 / 3) + cell(1, 1.0 / 8) +
                           cell(0, 1.0 / 30) + cell(0, 1.0 / 144) + cell(0, 1.0 / 720);
  CHECK(runs_up_statistic(values).value() == Approx(statistic));
  CHECK(!runs_up_statistic(std::vector<double>{1, 2, 3}).has_value());
  CHECK(!runs_up_statistic({}).has_value());
}

TEST_CASE("the runs-up test refuses one independent sequence in ten, whatever their law") {
  // Means of values that repeat (a fair coin) as well: ties are ordered by chance.
  for (const bool coin : {false, true}) {
    Draws draws(coin ? 1 : 0);
    const int sequences = 400;
    int refused = 0;
    for (int i = 0; i < sequences; ++i) {
      std::vector<double> values(LagSpaced::kTested);
      for (double& value : values) {
        value = coin ? (draws.uniform() < 0.5 ? 1 : 2) : draws.exponential();
      }
      refused += runs_up_statistic(values).value() >= LagSpaced::kCritical ? 1 : 0;
    }
    const double share = static_cast<double>(refused) / sequences;
    CAPTURE(coin);
    CHECK(share == Approx(0.1).epsilon(0.45));  // three standard errors of 0.015
  }
}

TEST_CASE("correlated values are spaced until they look independent, independent ones are not") {
  const std::size_t count = 400'000;
  const auto lag_of = [&](double phi) {
    return spaced_of(correlated(count, phi, 2)).lag().value();
  };
  const auto independent = lag_of(0);
  const auto correlated_lag = lag_of(0.9);
  CHECK(independent <= 2);  // one more doubling happens to one sequence in ten
  CHECK(correlated_lag >= 16);
  CHECK(std::pow(0.9, static_cast<double>(correlated_lag)) < 0.2);
}

TEST_CASE("every l-th value after the warm-up is kept, evenly through all doublings") {
  // Values tell their own place; a saw tooth of a long period never passes the test at small lags.
  const std::vector<double> values = correlated(300'000, 0.8, 3);
  const LagSpaced spaced = spaced_of(values);
  const std::uint64_t lag = spaced.lag().value();
  LogHistogram expected;
  Moments moments;
  for (std::size_t i = LagSpaced::kWarmup; i < values.size(); i += lag) {
    expected.add(values[i]);
    moments.add(values[i]);
  }
  REQUIRE(lag > 1);
  CHECK(spaced.samples() == expected.count());
  CHECK(spaced.estimate(Metric::kLatencyMean, 0.95)->value == moments.mean);
  CHECK(spaced.estimate(Metric::kLatencyP95, 0.95)->value == expected.quantile(0.95));
}

TEST_CASE("intervals are those of independent values, in any unit of time") {
  Draws draws(4);
  std::vector<double> values;
  for (int i = 0; i < 30'000; ++i) {
    values.push_back(draws.exponential());
  }
  const LagSpaced spaced = spaced_of(values);
  const auto n = static_cast<double>(spaced.samples());
  const auto mean = spaced.estimate(Metric::kLatencyMean, 0.95).value();
  // Exponential of mean 1: deviation 1; density at the p-quantile 1 - p.
  CHECK(mean.half_width.value() == Approx(normal_two_sided(0.95) / std::sqrt(n)).epsilon(0.05));
  const double p = 0.95;
  const auto p95 = spaced.estimate(Metric::kLatencyP95, 0.95).value();
  CHECK(p95.half_width.value() ==
        Approx(normal_two_sided(0.95) * std::sqrt(p * (1 - p) / n) / (1 - p)).epsilon(0.2));
  CHECK(!p95.autocorrelation.has_value());

  const double unit = 0x1p-10;  // exact, and it keeps every bucket's place
  for (double& value : values) {
    value *= unit;
  }
  const LagSpaced scaled = spaced_of(values);
  CHECK(scaled.estimate(Metric::kLatencyP95, 0.95)->half_width.value() ==
        Approx(unit * p95.half_width.value()));
}

TEST_CASE("without a lag there is no estimate, and far percentiles wait for enough values") {
  LagSpaced spaced;
  CHECK(!spaced.lag().has_value());
  CHECK(!spaced.estimate(Metric::kLatencyMean, 0.95).has_value());
  for (std::size_t i = 0; i < LagSpaced::kWarmup + LagSpaced::kTested - 1; ++i) {
    spaced.add(1);
  }
  CHECK(!spaced.lag().has_value());
  spaced.add(1);
  REQUIRE(spaced.lag().has_value());  // a constant passes: its ties are in a random order
  CHECK(spaced.estimate(Metric::kLatencyMean, 0.95)->half_width.value() == 0);
  CHECK(spaced.estimate(Metric::kLatencyP99, 0.95)->value == 1);
  // 0.999 +- z sqrt(p (1 - p) / 4000) crosses 1.
  CHECK(spaced.estimate(Metric::kLatencyP999, 0.95)->half_width.has_value());
  CHECK(!spaced.estimate(Metric::kLatencyP999, 0.9999)->half_width.has_value());
}

TEST_CASE("only latency has lag-spaced estimates; the others keep theirs") {
  CHECK(LagSpaced::covers(Metric::kLatencyMean));
  CHECK(LagSpaced::covers(Metric::kLatencyP999));
  CHECK(!LagSpaced::covers(Metric::kEnergyMean));
  CHECK(!LagSpaced::covers(Metric::kCompletedRate));
  const LagSpaced spaced;
  CHECK_THROWS_AS((void)spaced.estimate(Metric::kEnergyMean, 0.95), base::InternalError);
  Summary summary;
  summary.estimates.fill(Estimate{1, 2, 0.1});
  replace_latencies(summary, spaced, 0.95);
  CHECK(!summary[Metric::kLatencyP50].has_value());
  CHECK(summary[Metric::kEnergyMean]->half_width == 2);
}

}  // namespace
}  // namespace edgecut::results
