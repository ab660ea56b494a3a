// A layer graph through the whole program: chosen, run, counted and named where no prefix ends.
#include <string>

#include <doctest/doctest.h>

#include "scenarios/cut_rows.hpp"
#include "scenarios/report.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;
using nlohmann::json;

namespace {

// "wide" turns the large input into ten numbers; "shared" and "slow" are another branch, which
// stands before it in the order. At middle rates "shared" and "wide" are worth the device's time
// and "slow" is not.
constexpr double kGflop = 1e9;
constexpr double kSharedWork = 0.001 * kGflop, kSlowWork = 50 * kGflop, kWideWork = 0.002 * kGflop;
constexpr int kShared = 1000, kWide = 10;
constexpr double kBytesPerElement = 4;

json layer(const std::string& name, const json& inputs, int elements, double work) {
  return {{"name", name},
          {"type", "other"},
          {"inputs", inputs},
          {"output", {1, elements, 1, 1}},
          {"work_flop", work}};
}

json graph() {
  return {{"name", "graph"},
          {"title", "made up"},
          {"source", "made up"},
          {"input", {{"channels", 3}, {"height", 512}, {"width", 512}}},
          {"layers",
           {layer("shared", {"input"}, kShared, kSharedWork),
            layer("slow", {"shared"}, kShared, kSlowWork),
            layer("wide", {"input"}, kWide, kWideWork), layer("head", {"slow", "wide"}, 10, 1e6)}}};
}

json scenario(const json& policies) {
  return {{"workload",
           {{"queries", {{{"model", "graph.json"}}}},
            {"arrivals", {{"process", "deterministic"}, {"rate_per_s", 0.1}}}}},
          {"fleet",
           {{{"count", 1},
             {"device", "jetson-tk1-cpu"},
             {"network", "wifi-2015"},
             {"bandwidth_mbps", 20}}}},
          {"cloud", {{"server", "tesla-k40"}}},
          {"policies", policies},
          {"stop", {{"queries", 50}}}};
}

}  // namespace

TEST_CASE("a policy takes a cut of a layer graph that is no prefix, and the results say which") {
  const testing::TempFolder folder;
  folder.write("graph.json", graph().dump());
  const testing::SingleRun run(scenario({"neurosurgeon-latency"}), folder.path(), true);
  const auto rows = scenarios::cut_rows(run.scenario, run.results);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].after_layer == "shared+wide");
  const predictors::CutTable& table = *rows[0].all.truth;
  CHECK(rows[0].cut == table.device_only() + 1);
  const predictors::CutCost& cut = table.cuts[rows[0].cut];
  CHECK(cut.device_layers == 2);
  CHECK(cut.upload == base::bytes(kBytesPerElement * (kShared + kWide)));
  // Both files count the layers of the device.
  CHECK(scenarios::cuts_csv(run.scenario, run.results).find(",2,shared+wide,") !=
        std::string::npos);
  CHECK(scenarios::queries_csv(run.scenario, run.results).find(",graph,2,") != std::string::npos);
}

TEST_CASE("no fixed cut of a layer graph is as fast as the one that Neurosurgeon and DADS choose") {
  const testing::TempFolder folder;
  folder.write("graph.json", graph().dump());
  json policies = {"neurosurgeon-latency", "dads-light", "oracle"};
  for (const char* last : {"input", "shared", "slow", "wide", "head"}) {
    policies.push_back(
        {{"policy", "fixed-cut"}, {"cut_after", {{"graph", last}}}, {"label", last}});
  }
  const auto results = testing::run_logged(testing::read_json(scenario(policies), folder.path()));
  const auto latency = [&](std::size_t policy) {
    const sim::QueryRecord& query = results[policy].queries.front();
    return base::in_seconds(query.completed_at - query.issued_at);
  };
  CHECK(latency(1) == latency(0));
  CHECK(latency(2) == latency(0));
  for (std::size_t fixed = 3; fixed < results.size(); ++fixed) {
    CAPTURE(results[fixed].label);
    CHECK(latency(fixed) > latency(0));
  }
}

TEST_CASE("a policy with weights of its own adds the cuts that they need, for truth and belief") {
  const testing::TempFolder folder;
  folder.write("graph.json", graph().dump());
  json document = scenario({"dads-heavy"});
  document["predictor"] = "forms";
  const auto run = testing::read_json(document, folder.path());
  const sim::CutCosts& costs = run.model.costs_of(0, 0);
  CHECK(costs.truth.further == costs.belief.further);
  CHECK(costs.truth.cuts.size() == costs.belief.cuts.size());
}
