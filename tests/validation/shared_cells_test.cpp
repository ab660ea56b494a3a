// Cells with processor sharing against closed forms, from the scenario's text to the summary.
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "support/scenario_run.hpp"

using namespace edgecut;
using nlohmann::json;
using results::Metric;
using testing::SingleRun;

namespace {

constexpr double kImcBits = 154587 * 8.0;
constexpr double kDigBits = 78400 * 8.0;
constexpr double kCellMbps = 100;
constexpr double kMeanUploadS = (kImcBits + kDigBits) / 2 / (kCellMbps * 1e6);

// So many nodes that none has two uploads at a time, links of their own without limit, and a GPU
// for everyone: uploads alone are left.
json cell_at(double load, double queries) {
  return {
      {"seed", 7},
      {"workload",
       {{"queries", {{{"model", "imc"}}, {{"model", "dig"}}}},
        {"arrivals", {{"process", "poisson"}, {"rate_per_s", load / kMeanUploadS}}}}},
      {"topology", {{"links", {{{"name", "cell"}, {"medium_mbps", kCellMbps}}}}}},
      {"fleet",
       {{{"count", 20000}, {"device", "jetson-tk1-gpu"}, {"network", "ideal"}, {"via", {"cell"}}}}},
      {"cloud", {{"server", "tesla-k40"}, {"gpus", 1000}}},
      {"policies", {"cloud-only"}},
      {"stop", {{"queries", queries}, {"confidence", 0.99}}}};
}

double server_mean_s(const SingleRun& run) {
  double total = 0;
  for (const sim::CutCosts& costs : run.scenario.model.costs) {
    total += base::in_seconds(costs.truth.cuts.front().server_time);
  }
  return total / static_cast<double>(run.scenario.model.costs.size());
}

}  // namespace

TEST_CASE("The mean upload over a shared cell is that of M/G/1 processor sharing") {
  // Kleinrock 1967: E[T] = E[S] / (1 - rho), whatever the distribution of the sizes.
  for (const double load : {0.3, 0.7, 0.9}) {
    CAPTURE(load);
    const SingleRun run(cell_at(load, load > 0.8 ? 3e6 : 6e5));
    CHECK(run.row.verdict == "stable");
    const double theory = kMeanUploadS / (1 - load) + server_mean_s(run);
    const results::Estimate& mean = run.estimate(Metric::kLatencyMean);
    CAPTURE(theory);
    CAPTURE(mean.value);
    REQUIRE(mean.half_width.has_value());
    CHECK(std::abs(mean.value - theory) <= *mean.half_width);
    CHECK(*mean.half_width <= 0.05 * theory);
  }
}

TEST_CASE("On SimGrid the mean upload over a shared cell is that of M/G/1 processor sharing") {
  constexpr double kLoad = 0.7;
  json scenario = cell_at(kLoad, 1e5);
  const SingleRun cells(scenario);
  scenario["engine"] = "simgrid";
  try {
    const SingleRun run(scenario);
    const double theory = kMeanUploadS / (1 - kLoad) + server_mean_s(run);
    const results::Estimate& mean = run.estimate(Metric::kLatencyMean);
    REQUIRE(mean.half_width.has_value());
    CHECK(std::abs(mean.value - theory) <= *mean.half_width);
    CHECK(*mean.half_width <= 0.1 * theory);
    // The same arrivals, so the same flows.
    CHECK(mean.value == doctest::Approx(cells.estimate(Metric::kLatencyMean).value).epsilon(1e-9));
  } catch (const base::ConfigError& error) {
    MESSAGE("skipped: this build is without SimGrid (", error.what(), ")");
  }
}

TEST_CASE("A cell that is offered more than it can carry is told as overloaded") {
  const SingleRun run(cell_at(1.1, 3e5));
  CHECK(run.row.verdict == "overloaded");
}

TEST_CASE("Two uploads that share a cell from one instant on take twice as long each") {
  json scenario = cell_at(0.1, 2);
  scenario["workload"]["queries"] = {{{"model", "imc"}}};
  const testing::TempFolder folder;
  folder.write("pair.csv", "time_s,node\n1,0\n1,1\n");
  scenario["workload"]["arrivals"] = {{"process", "replay"}, {"file", "pair.csv"}};
  const SingleRun run(scenario, folder.path(), true);
  REQUIRE(run.results.front().queries.size() == 2);
  for (const sim::QueryRecord& query : run.results.front().queries) {
    CHECK(base::in_seconds(query.upload_end - query.upload_start) ==
          doctest::Approx(2 * kImcBits / (kCellMbps * 1e6)).epsilon(1e-12));
  }
}
