// Do 95 % intervals contain the truth in 95 % of runs? M/M/1, where the truth is a formula: the
// sojourn time is exponential with rate mu - lambda (Kleinrock, Queueing Systems I, 1975, 5.12).
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "results/batch_series.hpp"

namespace edgecut::results {
namespace {

constexpr double kServiceRate = 1;
constexpr double kConfidence = 0.95;
constexpr double kPrecision = 0.05;
constexpr double kJobsFirst = 20000;
constexpr double kGrowth = 1.5;

struct Coverage {
  int runs = 0;
  int mean = 0;
  int p95 = 0;
  int rate = 0;
  double precision_worst = 0;
};

bool covers(const std::optional<Estimate>& estimate, double truth) {
  return estimate && estimate->half_width &&
         std::abs(estimate->value - truth) <= *estimate->half_width;
}

// One run with Lindley's recursion, stopped at the first checkpoint where mean and p95 are precise.
Summary run_until_precise(double arrival_rate, std::uint32_t replication) {
  const base::RandomSource source(2026, replication);
  base::RandomStream gaps(source, base::Purpose::kTest, 0);
  base::RandomStream services(source, base::Purpose::kTest, 1);
  const std::array metrics = {Metric::kLatencyMean, Metric::kLatencyP95};
  double end_s = kJobsFirst / arrival_rate;
  BatchSeries series(base::seconds(end_s / 256));
  double arrival_s = 0;
  double free_s = 0;
  while (true) {
    while (arrival_s < end_s) {
      arrival_s -= std::log(gaps.uniform()) / arrival_rate;
      free_s = std::max(arrival_s, free_s) - std::log(services.uniform()) / kServiceRate;
      series.add(base::seconds(free_s), base::seconds(free_s - arrival_s), EnergySplit{});
    }
    Summary summary = series.summarize(base::seconds(end_s), kConfidence);
    if (precise(summary, metrics, kPrecision)) {
      return summary;
    }
    end_s *= kGrowth;
  }
}

Coverage measure(double load, int runs) {
  const double arrival_rate = load * kServiceRate;
  const double mean_s = 1 / (kServiceRate - arrival_rate);
  const double p95_s = mean_s * std::log(1 / (1 - 0.95));
  Coverage coverage;
  coverage.runs = runs;
  for (int run = 0; run < runs; ++run) {
    const Summary summary = run_until_precise(arrival_rate, static_cast<std::uint32_t>(run));
    coverage.mean += covers(summary[Metric::kLatencyMean], mean_s) ? 1 : 0;
    coverage.p95 += covers(summary[Metric::kLatencyP95], p95_s) ? 1 : 0;
    coverage.rate += covers(summary[Metric::kCompletedRate], arrival_rate) ? 1 : 0;
    coverage.precision_worst =
        std::max(coverage.precision_worst,
                 *summary[Metric::kLatencyMean]->half_width / summary[Metric::kLatencyMean]->value);
  }
  return coverage;
}

// The covering runs are binomial; four standard deviations below the 92 % that docs/model.md states
// would be bad luck of one in thirty thousand.
double runs_at_least(int runs) {
  constexpr double kStated = 0.92;
  return runs * kStated - 4 * std::sqrt(runs * kStated * (1 - kStated));
}

void check_coverage(const Coverage& coverage) {
  CAPTURE(coverage.runs);
  CHECK(coverage.mean >= runs_at_least(coverage.runs));
  CHECK(coverage.p95 >= runs_at_least(coverage.runs));
  CHECK(coverage.rate >= runs_at_least(coverage.runs));
  // Always covering would mean intervals wider than asked.
  CHECK(coverage.mean < coverage.runs);
  CHECK(coverage.precision_worst <= kPrecision);
  CHECK(coverage.precision_worst > kPrecision / 2);
}

TEST_CASE("intervals of mean, p95 and rate cover the closed form of M/M/1 at load 0.5") {
  check_coverage(measure(0.5, 160));
}

TEST_CASE("intervals of mean, p95 and rate cover the closed form of M/M/1 at load 0.7") {
  check_coverage(measure(0.7, 60));
}

}  // namespace
}  // namespace edgecut::results
