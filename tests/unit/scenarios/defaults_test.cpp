// What a scenario means that says nothing more than it must.
#include <algorithm>

#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut;
using namespace edgecut::scenarios::testing;
using base::in_seconds;

TEST_CASE("a minimal scenario reads, with every default") {
  const auto scenario = read(jobs());
  CHECK(scenario.name == "s");
  CHECK(scenario.description.empty());
  CHECK(!scenario.allow_overload);
  CHECK(scenario.compare == scenarios::Comparing::kFirst);
  const sim::RunModel& model = scenario.model;
  CHECK(model.seed == 1);
  CHECK(model.replication == 0);
  CHECK(!model.slab);
  CHECK(model.nodes() == 1);
  REQUIRE(model.classes.size() == 1);
  CHECK(model.classes[0].weight == 1);
  CHECK(!model.classes[0].dnn);
  CHECK(!model.classes[0].device_time_s);
  CHECK(model.cluster.gpus() == 1);
  CHECK(!model.cluster.load_poll_interval);
  CHECK(model.arrivals.scope == workloads::ArrivalScope::kNode);
  REQUIRE(scenario.policies.size() == 1);
  CHECK(scenario.policies[0].label == "cloud-only");
}

TEST_CASE("by default a run is a million queries long, with 95 % intervals") {
  const double rate_per_s = 10;
  const sim::StopRule stop = read(jobs()).model.stop;
  CHECK(in_seconds(stop.duration) == doctest::Approx(1e6 / rate_per_s));
  CHECK(stop.confidence == 0.95);
  CHECK(stop.method == sim::IntervalMethod::kBatchMeans);
  CHECK(!stop.relative_precision);
  CHECK(!stop.drain);
  CHECK(stop.metrics == std::vector<std::string>{"latency_mean", "latency_p95"});
}

TEST_CASE("a precision is asked of mean and p95 within a million queries unless said otherwise") {
  const auto scenario = read(with(jobs(), "/stop", {{"relative_precision", 0.1}}));
  CHECK(scenario.model.stop.relative_precision == 0.1);
  CHECK(in_seconds(scenario.model.stop.duration) == doctest::Approx(1e6 / 10));
  CHECK(scenario.resolved["stop"]["queries_max"] == 1e6);
  const auto other = read(with(jobs(), "/stop",
                               {{"relative_precision", 0.1},
                                {"queries_max", 500},
                                {"metrics", {"energy_mean"}},
                                {"confidence", 0.9}}));
  CHECK(in_seconds(other.model.stop.duration) == doctest::Approx(500.0 / 10));
  CHECK(other.model.stop.metrics == std::vector<std::string>{"energy_mean"});
  CHECK(other.model.stop.confidence == 0.9);
}

TEST_CASE("queries_max without a precision is the length of the run") {
  const auto scenario = read(with(jobs(), "/stop", {{"queries_max", 500}}));
  CHECK(in_seconds(scenario.model.stop.duration) == doctest::Approx(500.0 / 10));
  CHECK(!scenario.model.stop.relative_precision);
}

TEST_CASE("the resolved scenario's length and precision read again as the same") {
  for (const json& stop : {json({{"queries", 77}}), json({{"relative_precision", 0.2}}),
                           json({{"relative_precision", 0.2}, {"queries_max", 9}})}) {
    const auto scenario = read(with(jobs(), "/stop", stop));
    const json resolved = json::parse(scenario.resolved.dump());
    const auto again = read(resolved);
    CHECK(again.model.stop.duration == scenario.model.stop.duration);
    CHECK(again.model.stop.relative_precision == scenario.model.stop.relative_precision);
    CHECK(again.resolved == scenario.resolved);
  }
}

TEST_CASE("the command line's seed and number of queries replace the file's") {
  scenarios::ScenarioOptions options;
  options.seed = 7;
  options.queries = 50;
  const auto fewer = read(with(with(jobs(), "/seed", 3), "/stop", {{"queries", 100}}), {}, options);
  CHECK(fewer.model.seed == 7);
  CHECK(in_seconds(fewer.model.stop.duration) == doctest::Approx(50.0 / 10));
  CHECK(fewer.resolved["seed"] == 7);
  options.queries = 500;  // a cap: the file asks for less
  const auto capped = read(with(jobs(), "/stop", {{"queries", 100}}), {}, options);
  CHECK(in_seconds(capped.model.stop.duration) == doctest::Approx(100.0 / 10));
}

TEST_CASE("a node group is called after its device and network, a second one of the name #2") {
  json document = dnn();
  document["fleet"].push_back(document["fleet"][0]);
  document["fleet"].push_back(document["fleet"][0]);
  document["fleet"][2]["name"] = "mine";
  const auto scenario = read(document);
  CHECK(scenario.model.groups[0].name == "jetson-tk1-gpu/wifi-2015");
  CHECK(scenario.model.groups[1].name == "jetson-tk1-gpu/wifi-2015#2");
  CHECK(scenario.model.groups[2].name == "mine");
}

TEST_CASE("an uplink is the network's rate, the group's, or a trace at a random offset") {
  const auto mbps = [](const sim::NodeGroup& group) {
    return base::in_megabits_per_s(group.traces.at(0)->mean_rate());
  };
  const auto plain = read(dnn()).model.groups[0];
  CHECK(mbps(plain) == base::in_megabits_per_s(*plain.network->uplink));
  CHECK(!plain.instant_uplink);
  CHECK(plain.random_offset);
  CHECK(mbps(read(with(dnn(), "/fleet/0/bandwidth_mbps", 3)).model.groups[0]) == 3);
  CHECK(read(with(dnn(), "/fleet/0/network", "ideal")).model.groups[0].instant_uplink);
  const auto ideal = with(dnn(), "/fleet/0/network", "ideal");
  CHECK(!read(with(ideal, "/fleet/0/bandwidth_mbps", 3)).model.groups[0].instant_uplink);
  CHECK(!read(with(dnn(), "/fleet/0/trace_offset", "none")).model.groups[0].random_offset);
}

TEST_CASE("the cloud's keys reach the cluster") {
  const auto document = with(dnn(), "/cloud",
                             {{"server", "tesla-k40"},
                              {"gpus", 4},
                              {"discipline", "fifo"},
                              {"load_poll_interval_s", 2.5}});
  const sim::Cluster cluster = read(document).model.cluster;
  CHECK(cluster.kinds.front().server == "tesla-k40");
  CHECK(cluster.gpus() == 4);
  REQUIRE(cluster.load_poll_interval);
  CHECK(in_seconds(*cluster.load_poll_interval) == 2.5);
}

TEST_CASE("policies believe the true costs unless the scenario gives them the forms") {
  const auto costs = [](const json& document) { return read(document).model.costs.front(); };
  const auto times = [](const predictors::CutTable& table) {
    std::vector<double> list;
    for (const predictors::CutCost& cut : table.cuts) {
      list.push_back(base::in_seconds(cut.device_time + cut.server_time));
    }
    return list;
  };
  const auto usual = costs(dnn());
  CHECK(times(usual.belief) == times(usual.truth));
  const auto forms = costs(with(dnn(), "/predictor", "forms"));
  CHECK(times(forms.truth) == times(usual.truth));
  CHECK(times(forms.belief) != times(forms.truth));
  CHECK(forms.belief.cuts.back().upload == forms.truth.cuts.back().upload);
}

TEST_CASE("the method of BigHouse is asked by name, and judges latency only") {
  const auto scenario =
      read(with(jobs(), "/stop", {{"method", "bighouse"}, {"relative_precision", 0.1}}));
  CHECK(scenario.model.stop.method == sim::IntervalMethod::kBigHouse);
  CHECK(scenarios::interval_method(scenario) == "bighouse");
  CHECK(scenario.resolved["stop"]["method"] == "bighouse");
  const std::string problem = told(with(jobs(), "/stop",
                                        {{"method", "bighouse"},
                                         {"relative_precision", 0.1},
                                         {"metrics", {"latency_p999", "energy_mean"}}}));
  CHECK(problem.starts_with("s#/stop/metrics/1: the method \"bighouse\" judges latency only"));
  CHECK(std::count(problem.begin(), problem.end(), '\n') == 1);
  CHECK(told(with(jobs(), "/stop", {{"method", "bighose"}})).find("bighouse") != std::string::npos);
}

TEST_CASE("which policies are compared is asked by name") {
  CHECK(read(with(jobs(), "/compare", "all")).compare == scenarios::Comparing::kAll);
  CHECK(read(with(jobs(), "/compare", "none")).compare == scenarios::Comparing::kNone);
  CHECK(read(with(jobs(), "/compare", "none")).resolved["compare"] == "none");
  CHECK(told(with(jobs(), "/compare", "best")).find("/compare") != std::string::npos);
}
