// Recorded round trips, and how a group's traces are read.
#include <cmath>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "support.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;
using namespace edgecut::scenarios::testing;
using base::in_milliseconds;
using base::in_seconds;

namespace {

constexpr const char* kRecording =
    "2020-04-06 18:54:12.0_30.0,2020-04-06 18:54:12.1_10.0,2020-04-06 18:54:12.2_20.0";
constexpr const char* kTwoWay =
    "Timestamp,DL_bitrate,UL_bitrate\n"
    "2020.02.28_10.00.00,8000,2000\n2020.02.28_10.00.01,8000,2000\n";

double mean_mbps(const scenarios::Scenario& scenario) {
  return base::in_megabits_per_s(scenario.model.groups[0].traces.at(0)->mean_rate());
}

}  // namespace

TEST_CASE("each query takes one of the round trips, half of it each way, as often as the others") {
  json document = with(dnn(), "/fleet/0/round_trip_ms", {10, 30, 20});
  document["policies"] = {"cloud-only", "device-only"};
  document["stop"] = {{"queries", 3000}};
  const auto results = edgecut::testing::run_logged(read(document));
  std::map<double, int> taken;
  const sim::QueryLog& queries = results.front().queries;
  for (const sim::QueryRecord& query : queries) {
    const double there = in_milliseconds(query.server_arrival - query.upload_end);
    const double back = in_milliseconds(query.completed_at - query.server_end);
    CHECK(there == doctest::Approx(back).epsilon(1e-6));
    ++taken[std::round(there + back)];
  }
  REQUIRE(taken.size() == 3);
  const double expected = static_cast<double>(queries.size()) / 3;
  for (const auto& one : taken) {
    CAPTURE(one.first);
    CHECK(std::abs(one.second - expected) < 4 * std::sqrt(expected * 2 / 3));
  }
  for (const sim::QueryRecord& query : results.back().queries) {
    CHECK(query.completed_at == query.device_end);
  }
}

TEST_CASE("policies believe in the median of the round trips") {
  const auto scenario = read(with(dnn(), "/fleet/0/round_trip_ms", {10, 30, 20, 90}));
  const platforms::NetworkProfile& network = *scenario.model.groups[0].network;
  CHECK(in_milliseconds(network.uplink_latency) == doctest::Approx((20.0 + 30.0) / 2 / 2));
  CHECK(network.downlink_latency == network.uplink_latency);
}

TEST_CASE("round trips come from a recording beside the scenario") {
  const Scratch scratch;
  scratch.write("rtt.txt", kRecording);
  scratch.write("damaged.txt", std::string(kRecording) + ",x");
  const json document = with(dnn(), "/fleet/0/round_trip_ms", "rtt.txt");
  CHECK(read(document, scratch.path()).model.groups[0].round_trips->samples.size() == 3);
  const json damaged = with(dnn(), "/fleet/0/round_trip_ms", "damaged.txt");
  CHECK(told(damaged, scratch.path()).find("damaged.txt: sample 4: found \"x\"") !=
        std::string::npos);
  const auto lenient = read(with(damaged, "/fleet/0/trace_lenient", true), scratch.path());
  CHECK(lenient.resolved["trace_rows_skipped"]["damaged.txt"] == 1);
}

TEST_CASE("round trips that cannot be are refused at their place") {
  CHECK(told(with(dnn(), "/fleet/0/round_trip_ms", json::array())).find("/fleet/0/round_trip_ms") !=
        std::string::npos);
  CHECK(told(with(dnn(), "/fleet/0/round_trip_ms", {5, -1})).find("s#/fleet/0/round_trip_ms/1: ") ==
        0);
  CHECK(told(with(dnn(), "/fleet/0/round_trip_ms", "no-such-file"))
            .find("s#/fleet/0/round_trip_ms: no trace \"no-such-file\"") == 0);
  const json two_way = with(dnn(), "/fleet/0/network", "lte");
  CHECK(told(with(two_way, "/fleet/0/round_trip_ms", {5, 0.1}))
            .find("round trips of at least 0.2 ms; the shortest takes 0.1 ms") !=
        std::string::npos);
  CHECK(told(with(two_way, "/fleet/0/round_trip_ms", {5, 0.2})).empty());
}

TEST_CASE("a recording with both directions needs to be told which one drives the uplink") {
  const Scratch scratch;
  scratch.write("both.csv", kTwoWay);
  const json document = with(dnn(), "/fleet/0/trace", "both.csv");
  CHECK(told(document, scratch.path()).find("both directions") != std::string::npos);
  CHECK(mean_mbps(read(with(document, "/fleet/0/trace_direction", "uplink"), scratch.path())) == 2);
  CHECK(mean_mbps(read(with(document, "/fleet/0/trace_direction", "downlink"), scratch.path())) ==
        8);
  CHECK(told(with(document, "/fleet/0/trace_direction", "up"), scratch.path())
            .find("s#/fleet/0/trace_direction: ") == 0);
}

TEST_CASE("a format can be forced, and damaged rows left out and counted") {
  const Scratch scratch;
  scratch.write("t", "0,100\n1,100\nx\n2,100\n");
  json document = with(dnn(), "/fleet/0/trace", "t");
  CHECK(told(document, scratch.path()).find("t:3: found \"x\"") != std::string::npos);
  document["fleet"][0]["trace_lenient"] = true;
  const auto pairs = read(document, scratch.path());
  CHECK(mean_mbps(pairs) == 100);
  CHECK(pairs.resolved["trace_rows_skipped"]["t"] == 1);
  const auto bytes = read(with(document, "/fleet/0/trace_format", "bytes"), scratch.path());
  CHECK(mean_mbps(bytes) == doctest::Approx(100 * 8 / 1e6));
  CHECK(told(with(document, "/fleet/0/trace_format", "byte"), scratch.path())
            .find("did you mean \"bytes\"") != std::string::npos);
}
