// Shared links and the ways over them: what is read, and what is refused.
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut;
using namespace edgecut::scenarios::testing;

namespace {

json over(const json& links, const json& via) {
  json document = dnn();
  document["topology"]["links"] = links;
  document["fleet"][0]["via"] = via;
  return document;
}

const json kAir = {{"name", "air"}, {"medium_mbps", 50}};

}  // namespace

TEST_CASE("a group goes over the links it names, and the latencies add up") {
  const json wire = {{"name", "wire"}, {"latency_ms", 4}};
  const json duplex = {{"name", "duplex"}, {"downlink_mbps", 30}, {"latency_ms", 2}};
  const Scratch scratch;
  const auto scenario = read(
      over(json::array({kAir, wire, duplex}), json::array({"duplex", "wire"})), scratch.path());
  const sim::RunModel& model = scenario.model;
  REQUIRE(model.topology.channels.size() == 2);
  CHECK(model.topology.channels[0].name == "air");
  CHECK(model.topology.channels[1].name == "duplex/down");
  REQUIRE(model.groups[0].routes.size() == 1);
  const platforms::Route& route = model.topology.routes[model.groups[0].routes[0]];
  CHECK(route.up.empty());
  CHECK(route.down == std::vector<std::uint32_t>{1});
  CHECK(base::in_seconds(route.latency_up) == doctest::Approx(0.006));
  CHECK(base::in_seconds(route.latency_down) == doctest::Approx(0.006));
}

TEST_CASE("copies of a link are taken in turn, in every combination that nodes can have") {
  json document = over(json::array({{{"name", "ap"}, {"medium_mbps", 50}, {"count", 4}},
                                    {{"name", "cell"}, {"downlink_mbps", 50}, {"count", 6}}}),
                       json::array({"ap"}));
  document["fleet"][0]["count"] = 100;
  const Scratch scratch;
  const auto scenario = read(document, scratch.path());
  const sim::NodeGroup& group = scenario.model.groups[0];
  REQUIRE(group.routes.size() == 4);
  for (std::uint32_t i = 0; i < 4; ++i) {
    CHECK(scenario.model.topology.routes[group.routes[i]].up == std::vector<std::uint32_t>{i});
  }
  document["fleet"][0]["count"] = 3;
  CHECK(read(document, scratch.path()).model.groups[0].routes.size() == 3);
}

TEST_CASE("mistakes in a topology") {
  const std::vector<std::pair<json, std::string>> mistakes = {
      {over(json::array({kAir}), json::array({"airr"})),
       "s#/fleet/0/via/0: unknown value \"airr\", did you mean \"air\"?"},
      {over(json::array({kAir}), json::array({"air", "air"})),
       "s#/fleet/0/via/1: twice on the same way"},
      {over(json::array({kAir, kAir}), json::array({"air"})),
       "s#/topology/links/1: a second link called \"air\""},
      {over(json::array({{{"name", "x"}, {"medium_mbps", 5}, {"uplink_mbps", 5}}}),
            json::array({"x"})),
       "s#/topology/links/0: a medium carries both directions: give either \"medium_mbps\" or "
       "\"uplink_mbps\" and \"downlink_mbps\""},
      {over(json::array({{{"name", "x"}, {"uplink_mbps", 5}, {"uplink_trace", "wifi-home"}}}),
            json::array({"x"})),
       "s#/topology/links/0: give either \"uplink_mbps\" or \"uplink_trace\", not both"},
      {over(json::array({{{"name", "x"}, {"uplink_mbps", 0}}}), json::array({"x"})),
       "s#/topology/links/0/uplink_mbps: expected a number in [1e-06, 1e+09], got 0"},
      {over(json::array({{{"name", "x"}, {"latency_ms", -1}}}), json::array({"x"})),
       "s#/topology/links/0/latency_ms: expected a number in [0, 1e+06], got -1"},
      {over(json::array({{{"name", "x"}, {"rate_mbps", 1}}}), json::array({"x"})),
       "s#/topology/links/0/rate_mbps: unknown key"}};
  for (const auto& mistake : mistakes) {
    CAPTURE(mistake.second);
    CHECK(told(mistake.first).find(mistake.second) == 0);
  }
  json without_links = dnn();
  without_links["fleet"][0]["via"] = json::array({"air"});
  CHECK(told(without_links) ==
        "s#/fleet/0/via/0: the scenario has no \"topology\" with links to go over\n");
}

TEST_CASE("what cells cannot do names the engine that can") {
  json two = over(json::array({kAir, {{"name", "wire"}, {"uplink_mbps", 10}}}),
                  json::array({"air", "wire"}));
  CHECK(told(two) ==
        "s#/engine: \"queueing\" cannot do this: a route crosses more than one shared link of "
        "limited rate in a direction; take \"simgrid\"\n");
  json trace = over(json::array({kAir}), json::array({"air"}));
  trace["fleet"][0]["trace"] = "lte-driving";
  CHECK(told(trace) ==
        "s#/engine: \"queueing\" cannot do this: nodes behind a shared link have a trace of their "
        "own; take \"simgrid\"\n");
}

TEST_CASE("nobody knows the future of a link that is shared") {
  json document = over(json::array({kAir}), json::array({"air"}));
  document["policies"] = json::array({"oracle"});
  CHECK(told(document).find("s#/policies/0: \"oracle\" knows the future") == 0);
  document["policies"] =
      json::array({{{"policy", "neurosurgeon-latency"}, {"estimator", "oracle"}}});
  CHECK(told(document).find("s#/policies/0: the estimator \"oracle\" knows the future") == 0);
}

TEST_CASE("nodes are attached to hosts of a SimGrid platform") {
  const Scratch scratch;
  scratch.write("grid.xml", R"(<?xml version='1.0'?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1">
  <zone id="net" routing="Full">
    <host id="cloud" speed="1Gf"/>
    <host id="near" speed="1Gf"/>
    <host id="far" speed="1Gf"/>
    <link id="wire" bandwidth="100Mbps" latency="2ms"/>
    <link id="long" bandwidth="10Mbps" latency="20ms"/>
    <route src="near" dst="cloud"><link_ctn id="wire"/></route>
    <route src="far" dst="cloud"><link_ctn id="long"/><link_ctn id="wire"/></route>
  </zone>
</platform>
)");
  json document = dnn();
  document["topology"] = {{"platform", "grid.xml"}, {"servers_at", "cloud"}};
  document["engine"] = "simgrid";
  document["fleet"][0]["count"] = 4;
  document["fleet"][0]["attach"] = json::array({"near", "far"});
  if (told(with(dnn(), "/engine", "simgrid")) != "") {
    MESSAGE("skipped: this build is without SimGrid");
    return;
  }
  const auto scenario = read(document, scratch.path());
  const sim::RunModel& model = scenario.model;
  CHECK(model.topology.channels.size() == 2);
  REQUIRE(model.groups[0].routes.size() == 2);
  const platforms::Route& far = model.topology.routes[model.groups[0].routes[1]];
  CHECK(far.up.size() == 2);
  CHECK(base::in_seconds(far.latency_up) == doctest::Approx(0.022));

  document["fleet"][0]["attach"] = "nowhere";
  CHECK(told(document, scratch.path()).find("nowhere") != std::string::npos);
  document["fleet"][0]["attach"] = "near";
  document["topology"]["platform"] = "missing.xml";
  CHECK(told(document, scratch.path()).find("missing.xml") != std::string::npos);
  document.erase("topology");
  CHECK(told(document, scratch.path()) ==
        "s#/fleet/0/attach: needs a \"topology\" with a \"platform\", whose host this is\n");
}
