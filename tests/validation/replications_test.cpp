// Intervals from merged replications cover the truth as often as they say.
#include <cmath>

#include <doctest/doctest.h>

#include "support/queueing_theory.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;

namespace {

constexpr int kRuns = 200;
constexpr double kConfidence = 0.95;
constexpr edgecut::testing::Queue kQueue{.lambda = 70, .mean_s = 0.01};

// Shares of runs whose interval of the mean and of p95 hold the closed form.
struct Coverage {
  double mean = 0;
  double p95 = 0;
};

Coverage coverage(int replications) {
  auto document = nlohmann::json::parse(R"({
    "workload": {"queries": [{"job": "job", "server_time": {"distribution": "exponential", "mean_s": 0.01}}],
                 "arrivals": {"process": "poisson", "rate_per_s": 70}},
    "fleet": [{"count": 1, "network": "ideal"}], "cloud": {}, "policies": ["cloud-only"],
    "stop": {"queries": 60000}})");
  document["replications"] = replications;
  const double mean_s = edgecut::testing::mmk_mean_s(kQueue);
  const double p95_s = edgecut::testing::mmk_quantile_s(kQueue, 0.95);
  Coverage coverage;
  for (int seed = 1; seed <= kRuns; ++seed) {
    document["seed"] = seed;
    const edgecut::testing::SingleRun run(document);
    const auto holds = [&](results::Metric metric, double truth) {
      const results::Estimate& estimate = run.estimate(metric);
      return std::abs(estimate.value - truth) <= estimate.half_width.value() ? 1.0 / kRuns : 0;
    };
    coverage.mean += holds(results::Metric::kLatencyMean, mean_s);
    coverage.p95 += holds(results::Metric::kLatencyP95, p95_s);
  }
  return coverage;
}

// Four deviations of the share of 200 runs: what chance alone hardly reaches.
const double kAllowed = 4 * std::sqrt(kConfidence * (1 - kConfidence) / kRuns);

}  // namespace

TEST_CASE("intervals of 4 replications of M/M/1 at load 0.7 cover mean and p95") {
  const Coverage found = coverage(4);
  CHECK(found.mean > kConfidence - kAllowed);
  CHECK(found.p95 > kConfidence - kAllowed);
}

TEST_CASE("intervals of 40 replications of M/M/1 at load 0.7 cover mean and p95") {
  const Coverage found = coverage(40);
  CHECK(found.mean > kConfidence - kAllowed);
  CHECK(found.p95 > kConfidence - kAllowed);
}
