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
