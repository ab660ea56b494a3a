// Queues with closed forms, from the scenario's text to the summary: the 99 % interval contains the
// theory and is narrower than a stated share of it.
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "support/queueing_theory.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;
using nlohmann::json;
using results::Metric;
using testing::Queue;
using testing::SingleRun;

namespace {

struct Station {
  Queue queue;
  json service = nullptr;  // exponential when absent
  int nodes = 1;
  double queries = 3e6;
};

json exponential(double mean_s) { return {{"distribution", "exponential"}, {"mean_s", mean_s}}; }

json scenario_of(const Station& station) {
  const json service =
      station.service.is_null() ? exponential(station.queue.mean_s) : station.service;
  return {{"name", "queue"},
          {"seed", 20},
          {"workload",
           {{"queries", {{{"job", "job"}, {"server_time", service}}}},
            {"arrivals", {{"process", "poisson"}, {"rate_per_s", station.queue.lambda}}}}},
          {"fleet", {{{"count", station.nodes}, {"network", "ideal"}}}},
          {"cloud", {{"gpus", station.queue.servers}}},
          {"policies", {"cloud-only"}},
          {"stop", {{"queries", station.queries}, {"confidence", 0.99}}}};
}

// Contains `theory`, and is no wider than `width` of it to either side.
void check_interval(const results::Estimate& estimate, double theory, double width) {
  CAPTURE(theory);
  CAPTURE(estimate.value);
  REQUIRE(estimate.half_width.has_value());
  CAPTURE(*estimate.half_width);
  CHECK(std::abs(estimate.value - theory) <= *estimate.half_width);
  CHECK(*estimate.half_width <= width * theory);
}

void check_utilisation(const SingleRun& run, double rho) {
  CHECK(run.row.server_utilisation.value().value == doctest::Approx(rho).epsilon(0.005));
}

void check_mmk(const Station& station, double width) {
  const SingleRun run(scenario_of(station));
  CHECK(run.row.verdict == "stable");
  check_interval(run.estimate(Metric::kLatencyMean), testing::mmk_mean_s(station.queue), width);
  // Quantiles come from buckets of 0.4 %, which an interval this narrow must have room for.
  check_interval(run.estimate(Metric::kLatencyP95), testing::mmk_quantile_s(station.queue, 0.95),
                 1.5 * width);
  check_interval(run.estimate(Metric::kCompletedRate), station.queue.lambda, 0.005);
  check_utilisation(run, station.queue.rho());
}

}  // namespace

TEST_CASE("M/M/1 at load 0.5: mean and p95 of the time in system") {
  check_mmk({.queue = {.lambda = 50, .mean_s = 0.01}}, 0.01);
}

TEST_CASE("M/M/1 at load 0.8: mean and p95 of the time in system") {
  check_mmk({.queue = {.lambda = 80, .mean_s = 0.01}}, 0.035);
}

TEST_CASE("M/M/8 at load 0.7: mean and p95 of the time in system") {
  check_mmk({.queue = {.lambda = 560, .mean_s = 0.01, .servers = 8}}, 0.008);
}

TEST_CASE("M/M/8 at load 0.9: mean and p95 of the time in system") {
  check_mmk({.queue = {.lambda = 720, .mean_s = 0.01, .servers = 8}}, 0.04);
}

TEST_CASE("M/M/32, beyond which the GPUs are kept in a heap, at load 0.9") {
  check_mmk({.queue = {.lambda = 2880, .mean_s = 0.01, .servers = 32}}, 0.03);
}

TEST_CASE("the superposition of 1,000 nodes' Poisson processes is a Poisson process") {
  check_mmk({.queue = {.lambda = 70, .mean_s = 0.01}, .nodes = 1000, .queries = 2e6}, 0.03);
}

TEST_CASE("1,000 nodes with even gaps look like a Poisson process to a short queue") {
  // Each node's next arrival is far beyond the queue's memory, so what it sees between is the
  // binomial thinning of random phases; the exact law is the N*D/D/1 queue's. Here: it waits less
  // than under Poisson, by under a tenth.
  const Queue queue = {.lambda = 50, .mean_s = 0.01};
  json scenario = scenario_of({.queue = queue, .nodes = 1000, .queries = 1e6});
  scenario["workload"]["arrivals"]["process"] = "deterministic";
  const SingleRun run(scenario);
  const double mean = run.estimate(Metric::kLatencyMean).value;
  CHECK(mean < 1.01 * testing::mmk_mean_s(queue));
  CHECK(mean > 0.9 * testing::mmk_mean_s(queue));
}

TEST_CASE("M/D/1 follows Pollaczek and Khinchine") {
  for (const double rho : {0.5, 0.85}) {
    const Queue queue = {.lambda = rho / 0.01, .mean_s = 0.01};
    const json service = {{"distribution", "constant"}, {"value_s", queue.mean_s}};
    const SingleRun run(scenario_of({.queue = queue, .service = service}));
    check_interval(run.estimate(Metric::kLatencyMean), testing::mg1_mean_s(queue, 0), 0.02);
    check_utilisation(run, rho);
  }
}

TEST_CASE("M/G/1 with gamma service of variation 2 follows Pollaczek and Khinchine") {
  constexpr double kCv = 2;
  for (const double rho : {0.4, 0.7}) {
    const Queue queue = {.lambda = rho / 0.01, .mean_s = 0.01};
    const json service = {{"distribution", "gamma"}, {"mean_s", queue.mean_s}, {"cv", kCv}};
    const SingleRun run(scenario_of({.queue = queue, .service = service}));
    check_interval(run.estimate(Metric::kLatencyMean), testing::mg1_mean_s(queue, kCv), 0.03);
    check_utilisation(run, rho);
  }
}

TEST_CASE("a device and a server in tandem are two independent M/M/1 queues (Jackson)") {
  const Queue device = {.lambda = 60, .mean_s = 0.008};
  const Queue server = {.lambda = 60, .mean_s = 0.012};
  json scenario = scenario_of({.queue = server});
  scenario["workload"]["queries"][0]["device_time"] = exponential(device.mean_s);
  const SingleRun run(scenario);
  check_interval(run.estimate(Metric::kLatencyMean),
                 testing::mmk_mean_s(device) + testing::mmk_mean_s(server), 0.02);
  check_utilisation(run, server.rho());
}

TEST_CASE("40 devices in front of 4 GPUs: what leaves M/M/1 queues is Poisson (Burke)") {
  constexpr int kNodes = 40;
  const Queue device = {.lambda = 5, .mean_s = 0.1};
  const Queue server = {.lambda = kNodes * device.lambda, .mean_s = 0.015, .servers = 4};
  json scenario = scenario_of({.queue = server, .nodes = kNodes});
  scenario["workload"]["queries"][0]["device_time"] = exponential(device.mean_s);
  const SingleRun run(scenario);
  check_interval(run.estimate(Metric::kLatencyMean),
                 testing::mmk_mean_s(device) + testing::mmk_mean_s(server), 0.01);
}

TEST_CASE("a run that stops by precision reaches it and contains the theory") {
  const Queue queue = {.lambda = 60, .mean_s = 0.01};
  json scenario = scenario_of({.queue = queue});
  scenario["stop"] = {{"queries_max", 20'000'000},
                      {"relative_precision", 0.02},
                      {"confidence", 0.99},
                      {"metrics", {"latency_mean", "latency_p95"}}};
  const SingleRun run(scenario);
  CHECK(run.outcome().converged == true);
  CHECK(run.outcome().queries.issued < 20'000'000);
  check_interval(run.estimate(Metric::kLatencyMean), testing::mmk_mean_s(queue), 0.02);
  check_interval(run.estimate(Metric::kLatencyP95), testing::mmk_quantile_s(queue, 0.95), 0.02);
}

TEST_CASE("a load of 1.2 is overloaded and has no means") {
  const Queue queue = {.lambda = 120, .mean_s = 0.01};
  for (const double queries : {2e4, 1e6}) {
    const SingleRun run(scenario_of({.queue = queue, .queries = queries}));
    CHECK(run.row.verdict == "overloaded");
    CHECK_FALSE(run.row.summary[Metric::kLatencyMean].has_value());
    CHECK_FALSE(run.row.summary[Metric::kLatencyP95].has_value());
    CHECK_FALSE(run.row.summary[Metric::kEnergyMean].has_value());
    CHECK(run.row.server_utilisation.value().value == doctest::Approx(queue.rho()).epsilon(0.03));
    // What leaves is what the server can do.
    CHECK(run.estimate(Metric::kCompletedRate).value ==
          doctest::Approx(1 / queue.mean_s).epsilon(0.03));
  }
}

TEST_CASE("a device that is overloaded makes the run overloaded, whatever the server does") {
  json scenario = scenario_of({.queue = {.lambda = 50, .mean_s = 0.001}, .queries = 1e5});
  scenario["workload"]["queries"][0]["device_time"] = exponential(0.024);
  const SingleRun run(scenario);
  CHECK(run.row.verdict == "overloaded");
}

// The small group's uplink needs 1.08 s of sending for every second; 95 % of the fleet is idle.
TEST_CASE(
    "a small node group that is overloaded among many that are not makes the run overloaded") {
  const SingleRun run(json::parse(R"({
      "workload": {"queries": [{"model": "imc"}],
                   "arrivals": {"process": "poisson", "rate_per_s": 100}},
      "fleet": [{"count": 950, "device": "jetson-tk1-gpu", "network": "wifi-2015"},
                {"count": 50, "device": "jetson-tk1-gpu", "network": "wifi-2015",
                 "bandwidth_mbps": 0.115}],
      "cloud": {"server": "tesla-k40"}, "policies": ["cloud-only"],
      "stop": {"queries": 200000}})"));
  CHECK(run.row.verdict == "overloaded");
  CHECK(run.row.outcome->overloaded_groups == std::vector<std::size_t>{1});
}

TEST_CASE("a load of 0.95 is stable, for any seed") {
  for (int seed = 1; seed <= 5; ++seed) {
    json scenario = scenario_of({.queue = {.lambda = 95, .mean_s = 0.01}, .queries = 4e5});
    scenario["seed"] = seed;
    const SingleRun run(scenario);
    CHECK(run.row.verdict == "stable");
    CHECK(run.row.summary[Metric::kLatencyMean].has_value());
  }
}

TEST_CASE("Little's law: the mean number in the system is the rate times the mean time in it") {
  const Queue queue = {.lambda = 60, .mean_s = 0.01};
  const SingleRun run(scenario_of({.queue = queue, .queries = 2e5}), {}, true);
  const results::Summary& summary = run.row.summary;
  // From the log: the integral of the number present over the span that the summary is about.
  double present_s = 0;
  for (const sim::QueryRecord& query : run.results.front().queries) {
    const auto from = base::max(query.issued_at, summary.from);
    const auto until = base::min(query.completed_at, summary.until);
    present_s += std::max(0.0, base::in_seconds(until - from));
  }
  const double number = present_s / base::in_seconds(summary.until - summary.from);
  const double rate_times_time =
      run.estimate(Metric::kCompletedRate).value * run.estimate(Metric::kLatencyMean).value;
  // They differ only by the queries that the span's ends cut in two.
  CHECK(number == doctest::Approx(rate_times_time).epsilon(1e-3));
}
