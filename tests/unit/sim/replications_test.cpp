#include "sim/replications.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/outcome_bytes.hpp"
#include "sim/queueing_engine.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;

namespace {

scenarios::Scenario queue(double load, double queries) {
  auto document = nlohmann::json::parse(R"({
    "workload": {"queries": [{"job": "job", "server_time": {"distribution": "exponential", "mean_s": 0.01}}],
                 "arrivals": {"process": "poisson"}},
    "fleet": [{"count": 1, "network": "ideal"}], "cloud": {}, "policies": ["cloud-only"]})");
  document["workload"]["arrivals"]["rate_per_s"] = load / 0.01;
  document["stop"]["queries"] = queries;
  return edgecut::testing::read_json(document);
}

std::vector<sim::RunOutcome> replications(const scenarios::Scenario& scenario,
                                          std::uint32_t count) {
  std::vector<sim::RunOutcome> outcomes;
  for (std::uint32_t r = 0; r < count; ++r) {
    sim::RunModel model = scenario.model;
    model.replication = r;
    outcomes.push_back(sim::run_queueing(model, *scenario.policies[0].policy));
    sim::condense(outcomes.back(), count);
  }
  return outcomes;
}

}  // namespace

TEST_CASE("what replications counted adds up, and their batches stand one after the other") {
  const std::uint32_t count = 5;
  const auto parts = replications(queue(0.5, 4000), count);
  const auto whole = sim::merge_replications(parts);
  sim::Conservation queries;
  std::size_t batches = 0;
  std::uint64_t measured = 0;
  for (const sim::RunOutcome& part : parts) {
    queries.issued += part.queries.issued;
    queries.completed += part.queries.completed;
    queries.in_flight += part.queries.in_flight;
    batches += part.pooled->size();
    measured += part.summarize(0.95).queries;
  }
  CHECK(whole.queries.issued == queries.issued);
  CHECK(whole.queries.completed == queries.completed);
  CHECK(whole.queries.in_flight == queries.in_flight);
  CHECK(whole.queries.holds());
  CHECK(batches == count * 7);  // ceil(32 / 5)
  CHECK(whole.summarize(0.95).batches == batches);
  CHECK(whole.summarize(0.95).queries == measured);
  CHECK(whole.intervals.size() == batches);
}

TEST_CASE("replications draw differently, and the merged mean lies among theirs") {
  const auto parts = replications(queue(0.5, 4000), 3);
  std::vector<double> means;
  for (const sim::RunOutcome& part : parts) {
    means.push_back(part.summarize(0.95)[results::Metric::kLatencyMean]->value);
  }
  CHECK(means[0] != means[1]);
  CHECK(means[1] != means[2]);
  const double whole =
      sim::merge_replications(parts).summarize(0.95)[results::Metric::kLatencyMean]->value;
  CHECK(whole > std::min({means[0], means[1], means[2]}));
  CHECK(whole < std::max({means[0], means[1], means[2]}));
}

TEST_CASE("one overloaded replication makes the whole overloaded") {
  auto parts = replications(queue(0.5, 2000), 2);
  parts.push_back(replications(queue(3, 2000), 2)[0]);
  CHECK(sim::merge_replications({parts[0], parts[1]}).verdict == sim::Verdict::kStable);
  CHECK(sim::merge_replications(parts).verdict == sim::Verdict::kOverloaded);
}

TEST_CASE("a condensed outcome reads back bit by bit, damaged bytes do not") {
  const auto part = replications(queue(0.7, 3000), 4)[1];
  const std::string bytes = sim::outcome_bytes(part);
  const auto again = sim::outcome_from_bytes(bytes);
  REQUIRE(again);
  CHECK(sim::outcome_bytes(*again) == bytes);
  const auto summary = part.summarize(0.9);
  const auto read = again->summarize(0.9);
  for (std::size_t m = 0; m < results::kMetricCount; ++m) {
    CHECK(read.estimates[m] == summary.estimates[m]);
  }
  for (const std::size_t length : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
    CHECK(!sim::outcome_from_bytes(bytes.substr(0, length)));
  }
}
