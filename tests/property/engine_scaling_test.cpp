// Symmetries of the model: units of time, the order of node groups, networks that nobody uses.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/random_scenario.hpp"

using namespace edgecut;
using base::in_seconds;
using nlohmann::json;

namespace {

sim::QueryLog drained_log(const json& document, const std::filesystem::path& directory = {}) {
  scenarios::Scenario scenario = testing::read_json(document, directory);
  scenario.model.stop.drain = true;
  return testing::sorted_log(testing::run_logged(scenario).front().queries);
}

json any_job_times(double mean_s) {
  const std::vector<json> choices = {
      {{"distribution", "exponential"}, {"mean_s", mean_s}},
      {{"distribution", "constant"}, {"value_s", mean_s}},
      {{"distribution", "gamma"}, {"mean_s", mean_s}, {"cv", 2}},
      {{"distribution", "lognormal"}, {"mean_s", mean_s}, {"cv", 0.5}}};
  return choices[static_cast<std::size_t>(*rc::gen::inRange(0, 4))];
}

// The same drawn distribution with every time divided by k.
json divided(json distribution, double k) {
  for (const char* key : {"mean_s", "value_s"}) {
    if (distribution.contains(key)) {
      distribution[key] = distribution[key].get<double>() / k;
    }
  }
  return distribution;
}

json jobs_scenario(const json& device, const json& server, const json& arrivals, int nodes,
                   int gpus) {
  return {{"seed", 5},
          {"workload",
           {{"queries", {{{"job", "job"}, {"device_time", device}, {"server_time", server}}}},
            {"arrivals", arrivals}}},
          {"fleet", {{{"count", nodes}, {"network", "ideal"}}}},
          {"cloud", {{"gpus", gpus}}},
          {"policies", {"cloud-only"}},
          {"stop", {{"queries", 300}}}};
}

struct Arrival {
  double time_s;
  std::size_t group;  // and its node there
  std::size_t node;
  std::string query;
};

const std::vector<json> kGroups = {
    {{"count", 2}, {"device", "jetson-tk1-gpu"}, {"network", "lte"}},
    {{"count", 3}, {"device", "jetson-tk1-cpu"}, {"network", "wifi-2015"}, {"trace", "wifi-home"}},
    {{"count", 1}, {"device", "jetson-tk1-gpu"}, {"network", "3g"}, {"trace", "3g-driving"}}};

// The groups in a given order under names that say so; where group g's nodes start.
struct Fleet {
  json groups = json::array();
  std::vector<std::uint32_t> first = std::vector<std::uint32_t>(kGroups.size());
};

Fleet fleet_in(const std::vector<std::size_t>& order, const std::string& prefix) {
  Fleet fleet;
  std::uint32_t node = 0;
  for (const std::size_t g : order) {
    json group = kGroups[g];
    group["trace_offset"] = "none";
    group["name"] = prefix + std::to_string(g);
    fleet.first[g] = node;
    node += group["count"].get<std::uint32_t>();
    fleet.groups.push_back(group);
  }
  return fleet;
}

sim::QueryLog log_of_fleet(const Fleet& fleet, const std::vector<Arrival>& arrivals,
                           const std::string& policy) {
  const testing::TempFolder folder;
  std::string text = "time_s,node,query\n";
  for (const Arrival& arrival : arrivals) {
    text += std::to_string(arrival.time_s) + "," +
            std::to_string(fleet.first[arrival.group] + arrival.node) + "," + arrival.query + "\n";
  }
  folder.write("arrivals.csv", text);
  sim::QueryLog log =
      drained_log({{"workload",
                    {{"queries", {{{"model", "imc"}}, {{"model", "dig"}}}},
                     {"arrivals", {{"process", "replay"}, {"file", "arrivals.csv"}}}}},
                   {"fleet", fleet.groups},
                   {"cloud", {{"server", "tesla-k40"}, {"gpus", 2}, {"load_poll_interval_s", 1}}},
                   {"policies", {policy}}},
                  folder.path());
  std::sort(log.begin(), log.end(),
            [](const auto& a, const auto& b) { return a.issued_at < b.issued_at; });
  return log;
}

}  // namespace

// k is a power of two, so that rounding scales too: with any other, queries that arrive at a server
// at the same instant may come to differ in their last bit, and so in their order.
TEST_CASE("every rate times k and every time over k divides all instants by k") {
  CHECK(rc::check([] {
    const json device = any_job_times(0.02);
    const json server = any_job_times(0.01);
    const int nodes = *rc::gen::inRange(1, 8);
    const int gpus = *rc::gen::inRange(1, 4);
    json arrivals = {{"process", *rc::gen::elementOf(std::vector<std::string>{
                                     "poisson", "deterministic", "google-search"})},
                     {"scope", *rc::gen::elementOf(std::vector<std::string>{"node", "fleet"})},
                     {"rate_per_s", 30.0 * nodes}};
    const double k = *rc::gen::elementOf(std::vector<double>{2, 1024, 0.125, 0.5});
    const sim::QueryLog log = drained_log(jobs_scenario(device, server, arrivals, nodes, gpus));
    arrivals["rate_per_s"] = k * 30.0 * nodes;
    const sim::QueryLog fast =
        drained_log(jobs_scenario(divided(device, k), divided(server, k), arrivals, nodes, gpus));
    RC_ASSERT(log.size() == fast.size());
    const auto close = [k](base::Duration slow, base::Duration quick) {
      return std::abs(in_seconds(slow) / k - in_seconds(quick)) <=
             1e-10 * (in_seconds(quick) + 1 / k);
    };
    for (std::size_t i = 0; i < log.size(); ++i) {
      RC_ASSERT(close(log[i].issued_at, fast[i].issued_at));
      RC_ASSERT(close(log[i].device_end, fast[i].device_end));
      RC_ASSERT(close(log[i].server_start, fast[i].server_start));
      RC_ASSERT(close(log[i].completed_at, fast[i].completed_at));
    }
  }));
}

TEST_CASE("renaming and reordering the node groups changes no query") {
  CHECK(rc::check([] {
    std::vector<Arrival> arrivals;
    double time_s = 0;
    for (int count = *rc::gen::inRange(1, 80); count > 0; --count) {
      const auto group = static_cast<std::size_t>(*rc::gen::inRange(0, 3));
      const int nodes = kGroups[group]["count"].get<int>();
      time_s += *rc::gen::inRange(1, 300000) * 1e-6;
      arrivals.push_back({time_s, group, static_cast<std::size_t>(*rc::gen::inRange(0, nodes)),
                          *rc::gen::elementOf(std::vector<std::string>{"imc", "dig"})});
    }
    std::vector<std::size_t> order(kGroups.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const Fleet before = fleet_in(order, "group");
    std::rotate(order.begin(), order.begin() + *rc::gen::inRange(1, 3), order.end());
    const Fleet after = fleet_in(order, "renamed");
    const auto policy = *rc::gen::elementOf(
        std::vector<std::string>{"cloud-only", "neurosurgeon-latency", "neurosurgeon-energy"});
    const sim::QueryLog first = log_of_fleet(before, arrivals, policy);
    const sim::QueryLog second = log_of_fleet(after, arrivals, policy);
    RC_ASSERT(first.size() == arrivals.size());
    RC_ASSERT(second.size() == arrivals.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
      RC_ASSERT(first[i].issued_at == second[i].issued_at);
      RC_ASSERT(first[i].cut == second[i].cut);
      RC_ASSERT(first[i].upload_start == second[i].upload_start);
      RC_ASSERT(first[i].server_start == second[i].server_start);
      RC_ASSERT(first[i].completed_at == second[i].completed_at);
      RC_ASSERT(first[i].energy.transmit == second[i].energy.transmit);
      RC_ASSERT(first[i].energy.tail == second[i].energy.tail);
    }
  }));
}

TEST_CASE("queries that stay on the device know nothing of the network") {
  CHECK(rc::check([] {
    const json arrivals = {{"process", "poisson"}, {"rate_per_s", *rc::gen::inRange(1, 50)}};
    json scenario = {{"workload", {{"queries", {{{"model", "imc"}}}}, {"arrivals", arrivals}}},
                     {"fleet", {{{"count", 4}, {"device", "jetson-tk1-gpu"}}}},
                     {"cloud", {{"server", "tesla-k40"}}},
                     {"policies", {"device-only"}},
                     {"stop", {{"queries", 200}}}};
    std::vector<sim::QueryLog> logs;
    for (const char* network : {"ideal", "3g-2015", "lte"}) {
      scenario["fleet"][0]["network"] = network;
      logs.push_back(drained_log(scenario));
    }
    for (const sim::QueryLog& log : logs) {
      RC_ASSERT(log.size() == logs[0].size());
      for (std::size_t i = 0; i < log.size(); ++i) {
        RC_ASSERT(log[i].completed_at == logs[0][i].completed_at);
        RC_ASSERT(log[i].energy.compute == logs[0][i].energy.compute);
        RC_ASSERT(log[i].energy.transmit + log[i].energy.promotion + log[i].energy.tail ==
                  base::joules(0));
      }
    }
  }));
}
