// What a scenario refers to: traces, networks, recorded arrivals.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut;
using namespace edgecut::scenarios::testing;

namespace {

std::string trace_of(double mbps) {
  return "time_s,rate_mbps\n0," + std::to_string(mbps) + "\n1," + std::to_string(mbps) + "\n";
}

double mean_mbps(const scenarios::Scenario& scenario, std::size_t trace = 0) {
  return base::in_megabits_per_s(scenario.model.groups[0].traces.at(trace)->mean_rate());
}

std::string network_json(double downlink_latency_ms, bool charges_download) {
  const json network = {
      {"name", "n"},
      {"title", "t"},
      {"uplink_mbps", 5},
      {"downlink_mbps", 5},
      {"charges_download", charges_download},
      {"downlink_latency_ms", downlink_latency_ms},
      {"radio", {{"alpha_up_mw_per_mbps", 1}, {"alpha_down_mw_per_mbps", 1}, {"beta_mw", 1}}},
      {"sources", json::object()}};
  return network.dump();
}

json replay(const std::string& file) {
  return with(jobs(), "/workload/arrivals", {{"process", "replay"}, {"file", file}});
}

}  // namespace

TEST_CASE("a trace is looked for below --trace-dir first, then beside the scenario") {
  const Scratch scratch;
  scratch.write("here/t.csv", trace_of(1));
  scratch.write("there/t.csv", trace_of(2));
  const json document = with(dnn(), "/fleet/0/trace", "t.csv");
  CHECK(mean_mbps(read(document, scratch.path() / "here")) == 1);
  scenarios::ScenarioOptions options;
  options.trace_directory = scratch.path() / "there";
  CHECK(mean_mbps(read(document, scratch.path() / "here", options)) == 2);
  scratch.write("elsewhere/other.csv", trace_of(3));
  options.trace_directory = scratch.path() / "elsewhere";
  CHECK(mean_mbps(read(document, scratch.path() / "here", options)) == 1);
  options.trace_directory = scratch.path() / "nowhere";
  CHECK_THROWS_AS(read(document, scratch.path() / "here", options), base::ConfigError);
}

TEST_CASE("a trace that ships goes by its name, whatever lies beside the scenario") {
  const Scratch scratch;
  scratch.write("lte-driving", trace_of(1));
  const auto scenario = read(with(dnn(), "/fleet/0/trace", "lte-driving"), scratch.path());
  CHECK(scenario.model.groups[0].traces.at(0)->step_count() > 1);
}

TEST_CASE("a missing trace is told with the nearest name and the files that were tried") {
  CHECK(told(with(dnn(), "/fleet/0/trace", "lte-drivin"), "d") ==
        "s#/fleet/0/trace: no trace \"lte-drivin\": none that ships is called so, did you mean "
        "\"lte-driving\"?; no such file: d/lte-drivin (--trace-dir names another folder to look "
        "in)\n");
  scenarios::ScenarioOptions options;
  options.trace_directory = "e";
  const std::string text = told(with(dnn(), "/fleet/0/trace", "lte-drivin"), "d", options);
  CHECK(text.find("no such file: e/lte-drivin, d/lte-drivin\n") != std::string::npos);
}

TEST_CASE("several traces share out among the nodes, and a file named twice is read once") {
  const Scratch scratch;
  scratch.write("a.csv", trace_of(1));
  scratch.write("b.csv", trace_of(2));
  const auto scenario =
      read(with(dnn(), "/fleet/0/trace", {"a.csv", "b.csv", "a.csv"}), scratch.path());
  CHECK(mean_mbps(scenario, 0) == 1);
  CHECK(mean_mbps(scenario, 1) == 2);
  CHECK(scenario.model.groups[0].traces[0] == scenario.model.groups[0].traces[2]);
}

TEST_CASE("a damaged trace is told by its own lines") {
  const Scratch scratch;
  scratch.write("bad.csv", "time_s,rate_mbps\n0,1\n1,x\n");
  scratch.write("empty.csv", "");
  CHECK(told(with(dnn(), "/fleet/0/trace", "bad.csv"), scratch.path()).find("bad.csv:3") !=
        std::string::npos);
  CHECK(!told(with(dnn(), "/fleet/0/trace", "empty.csv"), scratch.path()).empty());
}

TEST_CASE("a network with downloads needs a latency down, one without does not") {
  const Scratch scratch;
  scratch.write("two-way.json", network_json(0, true));
  scratch.write("slow.json", network_json(0.1, true));
  scratch.write("one-way.json", network_json(0, false));
  const auto told_of = [&](const char* file) {
    return told(with(dnn(), "/fleet/0/network", file), scratch.path());
  };
  CHECK(told_of("two-way.json") ==
        "s#/fleet/0/network: network \"n\" has downloads or radio states, which need a "
        "downlink_latency_ms of at least 0.1\n");
  CHECK(told_of("slow.json").empty());
  CHECK(told_of("one-way.json").empty());
}

TEST_CASE("jobs need no device and no server; DNNs need both") {
  CHECK(told(jobs()).empty());
  json document = jobs();
  document["workload"]["queries"].push_back({{"model", "dig"}});
  CHECK(told(document) == "s#/fleet/0: missing key \"device\"\ns#/cloud: missing key \"server\"\n");
}

TEST_CASE("a job has one way to run, a DNN one for each layer and one more") {
  json document = dnn();
  document["workload"]["queries"].push_back(jobs()["workload"]["queries"][0]);
  const auto scenario = read(document);
  const auto layers = scenario.model.classes[0].dnn->layers().size();
  CHECK(scenario.model.costs_of(0, 0).truth.cuts.size() == layers + 1);
  CHECK(scenario.model.costs_of(0, 1).truth.cuts.size() == 1);
}

TEST_CASE("recorded arrivals end the run by themselves, or after the queries asked for") {
  const Scratch scratch;
  scratch.write("r.csv", "time_s\n1\n2\n2\n4\n");
  const auto scenario = read(replay("r.csv"), scratch.path());
  CHECK(scenario.model.stop.drain);
  CHECK(base::in_seconds(scenario.model.stop.duration) == doctest::Approx(4));
  CHECK(scenario.model.arrivals.replay->arrivals.size() == 4);
  const auto shorter = read(with(replay("r.csv"), "/stop/queries", 2), scratch.path());
  CHECK(shorter.model.arrivals.replay->arrivals.size() == 2);
  CHECK(base::in_seconds(shorter.model.stop.duration) == doctest::Approx(2));
}

TEST_CASE("recorded arrivals that all come at time zero make a run") {
  const Scratch scratch;
  scratch.write("r.csv", "time_s\n0\n0\n");
  const auto scenario = read(replay("r.csv"), scratch.path());
  CHECK(scenario.model.stop.duration > base::seconds(0));
  CHECK(scenario.model.arrivals.rate > base::per_second(0));
}

TEST_CASE("recorded arrivals that name an unknown query or node are told") {
  const Scratch scratch;
  scratch.write("query.csv", "time_s,query\n0,job\n1,jbo\n");
  scratch.write("node.csv", "time_s,node\n0,0\n1,7\n");
  CHECK(told(replay("query.csv"), scratch.path()) ==
        "s#/workload/arrivals: a recorded arrival asks for \"jbo\", which is not among the "
        "queries, did you mean \"job\"?\n");
  CHECK(told(replay("node.csv"), scratch.path()) ==
        "s#/fleet: the recorded arrivals name node 7, the fleet has 1 nodes\n");
  CHECK(told(replay("missing.csv"), scratch.path()).find("missing.csv: no such file") !=
        std::string::npos);
}
