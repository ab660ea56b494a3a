// Differences on common random numbers: right, narrow, and covered as often as they say.
#include "scenarios/comparison.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "support/queueing_theory.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;
using nlohmann::json;
using results::Metric;
using testing::Queue;

namespace {

constexpr double kRate = 8;
constexpr double kConfidence = 0.95;

// One board whose layers take 82 ms; the last ones may run on the server instead, at no transfer.
json two_cuts(int seed) {
  return {{"seed", seed},
          {"workload",
           {{"queries", {{{"model", "imc"}}}},
            {"arrivals", {{"process", "poisson"}, {"rate_per_s", kRate}}}}},
          {"fleet", {{{"count", 1}, {"device", "jetson-tk1-gpu"}, {"network", "ideal"}}}},
          {"cloud", {{"server", "tesla-k40"}}},
          {"policies", {"device-only", {{"policy", "fixed-cut"}, {"cut_after", {{"imc", "fc7"}}}}}},
          {"stop", {{"queries", 20'000}, {"confidence", kConfidence}}}};
}

// Constant times: M/D/1 on the board. What leaves it is spaced by more than the server needs, so
// nothing waits there.
double mean_latency_s(const predictors::CutCost& cut) {
  const Queue board = {.lambda = kRate, .mean_s = base::in_seconds(cut.device_time)};
  return testing::mg1_mean_s(board, 0) + base::in_seconds(cut.server_time);
}

double half_width(const scenarios::PolicyResult& result) {
  return *result.outcome.summarize(kConfidence)[Metric::kLatencyMean]->half_width;
}

}  // namespace

TEST_CASE("the paired interval holds the difference of two M/D/1 queues, and is narrow") {
  const int runs = 150;
  int held = 0;
  double paired = 0;
  double unpaired = 0;
  for (int seed = 1; seed <= runs; ++seed) {
    const auto scenario = testing::read_json(two_cuts(seed));
    const auto& cuts = scenario.model.costs.front().truth.cuts;
    const std::size_t after_fc7 = cuts.size() - 4;  // fc8, prob and argmax on the server
    const double truth = mean_latency_s(cuts[after_fc7]) - mean_latency_s(cuts.back());
    const auto results = scenarios::run_policies(scenario, {});
    const auto comparisons = scenarios::compare_policies(scenario, results);
    REQUIRE(comparisons.size() == 1);
    const auto& difference =
        comparisons[0].differences[static_cast<std::size_t>(Metric::kLatencyMean)];
    REQUIRE(difference.has_value());
    held += std::abs(difference->value - truth) <= *difference->half_width ? 1 : 0;
    paired += *difference->half_width;
    unpaired += std::hypot(half_width(results[0]), half_width(results[1]));
  }
  const double share = static_cast<double>(held) / runs;
  const double spread = 3 * std::sqrt(0.95 * 0.05 / runs);
  CHECK(share >= 0.94 - spread);
  CHECK(share < 1);
  CHECK(paired < 0.3 * unpaired);
}

TEST_CASE("runs that end at different checks are compared at the last one that both have seen") {
  json document = two_cuts(1);
  document["policies"] = {"device-only", "cloud-only"};
  document["stop"] = {{"queries_max", 3'000'000}, {"relative_precision", 0.01}};
  const auto scenario = testing::read_json(document);
  const auto results = scenarios::run_policies(scenario, {});
  // The server is nearly idle, the board is not: it takes longer to be sure of it.
  REQUIRE(results[1].outcome.end < results[0].outcome.end);
  const auto comparisons = scenarios::compare_policies(scenario, results);
  REQUIRE(comparisons.size() == 1);
  const auto& shorter = results[1].outcome.checkpoints.back();
  CHECK(shorter.end == results[1].outcome.end);
  CHECK(comparisons[0].until == shorter.until);
  const auto mean = static_cast<std::size_t>(Metric::kLatencyMean);
  double there = 0;
  for (const auto& checkpoint : results[0].outcome.checkpoints) {
    if (checkpoint.end == shorter.end) {
      there = checkpoint.metrics[mean]->value;
    }
  }
  CHECK(comparisons[0].differences[mean]->value == shorter.metrics[mean]->value - there);
}
