// BigHouse's own work: queues with one server to ten thousand, laws from .cdf files, the load that
// was asked for, and both methods for intervals.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "base/distribution.hpp"
#include "scenarios/report.hpp"
#include "support/queueing_theory.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;
using nlohmann::json;
using results::Metric;
using testing::Queue;
using testing::SingleRun;

namespace {

const std::filesystem::path kScenarios = std::filesystem::path(EDGECUT_SOURCE_DIR) / "scenarios";

json shipped(const std::string& name) {
  std::ifstream file(kScenarios / name);
  json document = json::parse(file);
  document["stop"]["confidence"] = 0.99;
  return document;
}

json empirical(double mean_s) {
  return {{"distribution", "empirical"}, {"file", "bighouse-synthetic.cdf"}, {"mean_s", mean_s}};
}

double synthetic_cv() {
  return base::Distribution::empirical(base::read_cdf_file(kScenarios / "bighouse-synthetic.cdf"))
      .cv();
}

void check_near(const results::Estimate& estimate, double theory, double width) {
  CAPTURE(theory);
  CAPTURE(estimate.value);
  REQUIRE(estimate.half_width.has_value());
  CAPTURE(*estimate.half_width);
  CHECK(std::abs(estimate.value - theory) <= *estimate.half_width);
  CHECK(*estimate.half_width <= width * theory);
}

}  // namespace

TEST_CASE("the shipped .cdf file is the formula that it says it is") {
  const double shape = 0.7;
  const double last = 0.999;
  const auto points = base::read_cdf_file(kScenarios / "bighouse-synthetic.cdf");
  CHECK(points.back().probability == last);
  for (const base::CdfPoint& point : points) {
    CHECK(point.probability ==
          doctest::Approx(1 - std::exp(-std::pow(point.value, shape))).epsilon(1e-6));
  }
}

TEST_CASE("M/M/k agrees with Erlang C from one server to ten thousand") {
  // At these loads a share of 0.1 to 0.9 of the jobs waits, so the queue matters.
  const struct {
    int servers;
    double rho;
  } cells[] = {{1, 0.6}, {10, 0.8}, {100, 0.95}, {1000, 0.97}, {10'000, 0.99}};
  for (const auto& cell : cells) {
    const int servers = cell.servers;
    const double rho = cell.rho;
    json scenario = shipped("bighouse-wide.json");
    const Queue queue = {.lambda = rho * servers / 0.01, .mean_s = 0.01, .servers = servers};
    scenario["cloud"]["gpus"] = servers;
    scenario["workload"]["arrivals"]["rate_per_s"] = queue.lambda;
    scenario["stop"]["queries"] = servers < 10'000 ? 2e6 : 5e6;
    const SingleRun run(scenario);
    CAPTURE(servers);
    CHECK(testing::erlang_c(queue) > 0.1);
    check_near(run.estimate(Metric::kLatencyMean), testing::mmk_mean_s(queue), 0.05);
    check_near(run.estimate(Metric::kLatencyP99), testing::mmk_quantile_s(queue, 0.99), 0.06);
    CHECK(run.row.server_utilisation->value == doctest::Approx(rho).epsilon(0.005));
  }
}

TEST_CASE("ten thousand servers with a queue each are ten thousand times M/G/1") {
  const json scenario = shipped("bighouse-farm.json");
  const SingleRun run(scenario, kScenarios);
  const Queue queue = {.lambda = 140, .mean_s = 0.005};
  // Pollaczek and Khinchine with the moments of the file's polygon.
  check_near(run.estimate(Metric::kLatencyMean), testing::mg1_mean_s(queue, synthetic_cv()), 0.01);
}

TEST_CASE("the load asked is the load simulated, though the .cdf files stop at 0.9990") {
  for (const double rho : {0.3, 0.9}) {
    json scenario = shipped("bighouse-ggk.json");
    const double mean_s = scenario["workload"]["queries"][0]["server_time"]["mean_s"];
    const double gpus = scenario["cloud"]["gpus"];
    scenario["workload"]["arrivals"]["rate_per_s"] = rho * gpus / mean_s;
    scenario["stop"] = {{"queries", 3e6}, {"confidence", 0.99}};
    const SingleRun run(scenario, kScenarios);
    const results::Estimate utilisation = run.row.server_utilisation.value();
    CAPTURE(rho);
    CHECK(utilisation.value == doctest::Approx(rho).epsilon(0.004));
    CHECK(std::abs(utilisation.value - rho) <= *utilisation.half_width);
    CHECK(run.row.offered_per_s->value == doctest::Approx(rho * gpus / mean_s).epsilon(0.004));
  }
}

TEST_CASE("M/G/1 with service from a .cdf file follows Pollaczek and Khinchine") {
  const Queue queue = {.lambda = 120, .mean_s = 0.005};
  json scenario = shipped("bighouse-ggk.json");
  scenario["workload"]["queries"][0]["server_time"] = empirical(queue.mean_s);
  scenario["workload"]["arrivals"] = {{"process", "poisson"}, {"rate_per_s", queue.lambda}};
  scenario["cloud"]["gpus"] = 1;
  scenario["stop"] = {{"queries", 3e6}, {"confidence", 0.99}};
  const SingleRun run(scenario, kScenarios);
  check_near(run.estimate(Metric::kLatencyMean), testing::mg1_mean_s(queue, synthetic_cv()), 0.03);
}

TEST_CASE("the method of BigHouse stops at its precision, near what batch means find") {
  json scenario = shipped("bighouse-ggk.json");
  const SingleRun spaced(scenario, kScenarios);
  CHECK(spaced.outcome().converged == true);
  REQUIRE(spaced.outcome().spaced.has_value());
  CHECK(spaced.outcome().spaced->lag().has_value());
  const auto& mean = spaced.estimate(Metric::kLatencyMean);
  CHECK(*mean.half_width <= 0.05 * mean.value);
  CHECK(!mean.autocorrelation.has_value());
  CHECK(spaced.estimate(Metric::kCompletedRate).autocorrelation.has_value());
  scenario["stop"]["method"] = "batch-means";
  scenario["stop"]["relative_precision"] = 0.01;
  const SingleRun batches(scenario, kScenarios);
  const auto& precise = batches.estimate(Metric::kLatencyMean);
  CHECK(std::abs(mean.value - precise.value) <= *mean.half_width + *precise.half_width);
}

TEST_CASE("the spaced sample does not depend on how the engine slices time") {
  const auto scenario =
      testing::read_json(json::parse(R"({"workload": {"queries": [{"job": "j", "device_time":
          {"distribution": "exponential", "mean_s": 0.02},
          "server_time": {"distribution": "exponential", "mean_s": 0.01}}],
        "arrivals": {"process": "poisson", "rate_per_s": 60}},
      "fleet": [{"count": 4, "network": "ideal"}], "cloud": {}, "policies": ["cloud-only"],
      "stop": {"method": "bighouse", "queries": 30000}})"));
  const auto files = [&](std::optional<base::Duration> slab) {
    const auto other = testing::with_slab(scenario, slab);
    return scenarios::summary_json(other, scenarios::run_policies(other, {}));
  };
  const std::string expected = files(std::nullopt);
  CHECK(expected.find("\"lag\"") != std::string::npos);
  CHECK(files(base::seconds(0.3)) == expected);
  CHECK(files(base::seconds(1e4)) == expected);
}
