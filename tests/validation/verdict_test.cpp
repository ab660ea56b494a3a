// What a user is told near and beyond saturation: precise, not converged within the budget, or
// overloaded; never a mean of a queue that has none.
#include <string>

#include <doctest/doctest.h>

#include "support/queueing_theory.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;
using nlohmann::json;
using results::Metric;
using testing::SingleRun;

namespace {

constexpr double kServiceS = 0.01;

json at_load(double rho, double queries_max, int seed) {
  return {{"seed", seed},
          {"workload",
           {{"queries",
             {{{"job", "job"},
               {"server_time", {{"distribution", "exponential"}, {"mean_s", kServiceS}}}}}},
            {"arrivals", {{"process", "poisson"}, {"rate_per_s", rho / kServiceS}}}}},
          {"fleet", {{{"count", 1}, {"network", "ideal"}}}},
          {"cloud", {{"gpus", 1}}},
          {"policies", {"cloud-only"}},
          {"stop", {{"relative_precision", 0.05}, {"queries_max", queries_max}}}};
}

json of_fixed_length(double rho, double queries, int seed) {
  json document = at_load(rho, queries, seed);
  document["stop"] = {{"queries", queries}};
  return document;
}

json load_aware() { return {{"policy", "neurosurgeon-latency"}, {"load_aware", true}}; }

// A fleet at the throughput experiment's data centre, which it can keep busy several times over.
json fleet_at(double rate_per_s, const json& policy, int seed) {
  return {{"seed", seed},
          {"workload",
           {{"queries",
             {{{"model", "imc"}},
              {{"model", "vgg"}},
              {{"model", "face"}},
              {{"model", "dig"}},
              {{"model", "asr"}},
              {{"model", "pos"}},
              {{"model", "ner"}},
              {{"model", "chk"}}}},
            {"arrivals", {{"process", "google-search"}, {"rate_per_s", rate_per_s}}}}},
          {"fleet", {{{"count", 10000}, {"device", "jetson-tk1-gpu"}, {"network", "lte-2015"}}}},
          {"cloud",
           {{"server", "tesla-k40"},
            {"load", {{"signal", "price"}, {"poll_interval_s", 1}, {"delay_s", 0.05}}}}},
          {"policies", {policy}},
          {"stop", {{"queries", 100000}}}};
}

std::string verdict(double rho, double queries_max, int seed = 1) {
  return SingleRun(at_load(rho, queries_max, seed)).row.verdict;
}

}  // namespace

TEST_CASE(
    "a load of 0.95 needs millions of queries: not converged with less, precise with enough") {
  for (int seed = 1; seed <= 3; ++seed) {
    CHECK(verdict(0.95, 4e5, seed) == "not-converged");
  }
  const SingleRun run(at_load(0.95, 6e7, 1));
  CHECK(run.row.verdict == "stable");
  CHECK(run.outcome().converged == true);
  const testing::Queue queue = {.lambda = 0.95 / kServiceS, .mean_s = kServiceS};
  CHECK(run.estimate(Metric::kLatencyMean).value ==
        doctest::Approx(testing::mmk_mean_s(queue)).epsilon(0.1));
}

TEST_CASE("a load of 0.99 is not converged within a million queries, and not overloaded") {
  for (int seed = 1; seed <= 5; ++seed) {
    CHECK(verdict(0.99, 1e6, seed) == "not-converged");
  }
}

TEST_CASE("a load of exactly 1 never passes for precise") {
  for (int seed = 1; seed <= 8; ++seed) {
    const std::string told = verdict(1, 1e6, seed);
    CAPTURE(seed);
    CHECK((told == "not-converged" || told == "overloaded"));
  }
}

TEST_CASE("a load of 1.05 is overloaded and has no mean") {
  for (int seed = 1; seed <= 5; ++seed) {
    const SingleRun run(at_load(1.05, 1e6, seed));
    CHECK(run.row.verdict == "overloaded");
    CHECK(!run.row.summary[Metric::kLatencyMean].has_value());
  }
}

TEST_CASE("two in a hundred to either side of saturation chance has no say, however a run ends") {
  for (int seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    CHECK(verdict(0.98, 1e6, seed) == "not-converged");
    CHECK(verdict(1.02, 1e6, seed) == "overloaded");
    CHECK(SingleRun(of_fixed_length(0.98, 1e6, seed)).row.verdict == "stable");
    CHECK(SingleRun(of_fixed_length(1.02, 1e6, seed)).row.verdict == "overloaded");
  }
}

TEST_CASE("servers that decisions keep busy to the full are not overloaded, whatever the seed") {
  for (int seed = 1; seed <= 8; ++seed) {
    const SingleRun run(fleet_at(550, load_aware(), seed));
    CAPTURE(seed);
    CHECK(run.row.server_utilisation.value().value == doctest::Approx(1).epsilon(0.02));
    CHECK(run.row.verdict == "stable");
  }
}

TEST_CASE("what decisions cannot keep from the servers piles up there, and is told as overloaded") {
  json document = fleet_at(200, load_aware(), 1);
  document["workload"]["queries"] = {
      {{"model", "imc"}},
      {{"job", "job"}, {"server_time", {{"distribution", "exponential"}, {"mean_s", 0.0125}}}}};
  for (int seed = 1; seed <= 3; ++seed) {
    CAPTURE(seed);
    document["seed"] = seed;
    CHECK(SingleRun(document).row.verdict == "overloaded");
    CHECK(SingleRun(fleet_at(550, "cloud-only", seed)).row.verdict == "overloaded");
  }
}

TEST_CASE("a server that turns away what it cannot take is not overloaded, whatever the seed") {
  for (int seed = 1; seed <= 8; ++seed) {
    json document = of_fixed_length(1.5, 1e5, seed);
    document["cloud"]["admission_limit"] = 1000;
    const SingleRun run(document);
    CAPTURE(seed);
    CHECK(run.row.server_utilisation.value().value == doctest::Approx(1).epsilon(0.01));
    CHECK(run.row.verdict == "stable");
  }
}
