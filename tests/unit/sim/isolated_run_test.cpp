#include "sim/isolated_run.hpp"

#include <cstddef>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "scenarios/runner.hpp"
#include "sim/outcome_bytes.hpp"
#include "sim/queueing_engine.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;
using testing::read_json;

namespace {

// Two device kinds over recorded traces and a constant link, until latencies are precise.
scenarios::Scenario scenario(const nlohmann::json& stop) {
  return read_json({
      {"name", "isolated"},
      {"seed", 7},
      {"workload",
       {{"queries", {{{"model", "imc"}, {"weight", 2}}, {{"model", "dig"}}}},
        {"arrivals", {{"process", "poisson"}, {"rate_per_s", 1}}}}},
      {"fleet",
       {{{"count", 10}, {"device", "jetson-tk1-gpu"}, {"network", "lte"}, {"trace", "lte-walking"}},
        {{"count", 10}, {"device", "jetson-tk1-cpu"}, {"network", "wifi-2015"}}}},
      {"cloud", {{"server", "xeon-e5-2620v2"}, {"gpus", 2}}},
      {"policies", {"neurosurgeon-latency", "cloud-only"}},
      {"allow_overload", true},
      {"stop", stop},
  });
}

struct Run {
  std::string outcome;
  sim::QueryLog log;
};

Run run(const scenarios::Scenario& scenario, std::size_t policy, bool isolated) {
  const auto engine = [&](sim::QueryLog* log) {
    return sim::run_queueing(scenario.model, *scenario.policies[policy].policy,
                             {.estimator = {}, .log = log});
  };
  Run result;
  const sim::RunOutcome outcome =
      isolated ? sim::isolated_run(engine, &result.log) : engine(&result.log);
  result.outcome = sim::outcome_bytes(outcome);
  return result;
}

void check_same_log(const sim::QueryLog& found, const sim::QueryLog& expected) {
  REQUIRE(found.size() == expected.size());
  std::size_t same = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    same += found[i].node == expected[i].node && found[i].number == expected[i].number &&
                    found[i].cut == expected[i].cut &&
                    found[i].issued_at == expected[i].issued_at &&
                    found[i].completed_at == expected[i].completed_at &&
                    found[i].energy.tail == expected[i].energy.tail
                ? 1U
                : 0U;
  }
  CHECK(same == expected.size());
}

}  // namespace

TEST_CASE("a run in a process of its own has the outcome and log of one in this process") {
  for (const nlohmann::json& stop :
       {nlohmann::json{{"queries", 2000}},
        nlohmann::json{{"relative_precision", 0.2}, {"queries_max", 60000}}}) {
    const scenarios::Scenario all = scenario(stop);
    for (std::size_t policy = 0; policy < all.policies.size(); ++policy) {
      const Run expected = run(all, policy, false);
      const Run found = run(all, policy, true);
      CHECK((found.outcome == expected.outcome));
      check_same_log(found.log, expected.log);
    }
  }
}

TEST_CASE("what an outcome says is the same after a way through bytes") {
  const scenarios::Scenario all = scenario({{"queries", 3000}});
  const sim::RunOutcome expected = sim::run_queueing(all.model, *all.policies[0].policy);
  const sim::RunOutcome found = sim::outcome_from_bytes(sim::outcome_bytes(expected)).value();
  const results::Summary a = found.summarize(0.95);
  const results::Summary b = expected.summarize(0.95);
  CHECK(a.queries == b.queries);
  CHECK(a.batches == b.batches);
  CHECK(a.latency_max == b.latency_max);
  CHECK(a.estimates == b.estimates);
  CHECK(found.series.count() == expected.series.count());
  CHECK(found.series.window_length() == expected.series.window_length());
  REQUIRE(found.checkpoints.size() == expected.checkpoints.size());
  CHECK(!found.checkpoints.empty());
  CHECK(found.checkpoints.back().metrics[0]->deviations ==
        expected.checkpoints.back().metrics[0]->deviations);
  CHECK(found.converged == expected.converged);
  CHECK(found.intervals.size() == expected.intervals.size());
  CHECK(found.queries.holds());
}

TEST_CASE("the sample of BigHouse goes through bytes, found or still searched for") {
  for (const std::size_t count : {3000U, 200000U}) {
    results::LagSpaced spaced;
    for (std::size_t i = 0; i < count; ++i) {
      spaced.add(static_cast<double>(i * 2654435761U % 1000003U));
    }
    sim::RunOutcome outcome{results::BatchSeries(base::seconds(0.25))};
    outcome.end = base::seconds(10);
    outcome.spaced = spaced;
    outcome.converged = false;
    sim::RunOutcome again = sim::outcome_from_bytes(sim::outcome_bytes(outcome)).value();
    CHECK(again.converged == false);
    // The same observations from here on give the same.
    for (std::size_t i = 0; i < 50000; ++i) {
      spaced.add(static_cast<double>(i * 40503U % 65537U));
      again.spaced->add(static_cast<double>(i * 40503U % 65537U));
    }
    CHECK(again.spaced->lag() == spaced.lag());
    CHECK(again.spaced->samples() == spaced.samples());
    CHECK(again.spaced->estimate(results::Metric::kLatencyMean, 0.95) ==
          spaced.estimate(results::Metric::kLatencyMean, 0.95));
  }
}

TEST_CASE("isolated runs of several threads have the outcomes of one after the other" *
          doctest::skip(EDGECUT_SANITIZED == 1)) {
  const scenarios::Scenario all = scenario({{"queries", 1000}});
  const std::string expected = run(all, 0, false).outcome;
  std::vector<std::string> found(4);
  std::vector<std::thread> threads;
  for (std::string& one : found) {
    threads.emplace_back([&] { one = run(all, 0, true).outcome; });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const std::string& one : found) {
    CHECK((one == expected));
  }
}

TEST_CASE("a run that crashes is an internal error that names the signal") {
  const auto crash = [](sim::QueryLog*) -> sim::RunOutcome { std::abort(); };
  CHECK_THROWS_WITH_AS(sim::isolated_run(crash),
                       "the run broke off: a child process ended by signal 6 (Aborted)",
                       base::InternalError);
}
