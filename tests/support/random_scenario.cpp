#include "support/random_scenario.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include "support/random_cloud.hpp"
#include "support/random_picks.hpp"

namespace edgecut::testing {
namespace {

using nlohmann::json;

json any_distribution(double mean_s) {
  switch (pick(0, 4)) {
    case 0:
      return {{"distribution", "constant"}, {"value_s", mean_s}};
    case 1:
      return {{"distribution", "uniform"}, {"min_s", 0}, {"max_s", 2 * mean_s}};
    case 2:
      return {{"distribution", "gamma"}, {"mean_s", mean_s}, {"cv", pick_real(0.2, 3)}};
    case 3:
      return {{"distribution", "hyperexponential"}, {"mean_s", mean_s}, {"cv", pick_real(1, 3)}};
    default:
      return {{"distribution", "exponential"}, {"mean_s", mean_s}};
  }
}

json any_queries(bool jobs) {
  std::vector<std::string> names = {"imc", "vgg", "face", "dig", "asr", "pos", "ner", "chk"};
  json queries = json::array();
  for (int count = pick(1, 3); count > 0; --count) {
    const auto index = static_cast<std::size_t>(pick(0, static_cast<int>(names.size()) - 1));
    queries.push_back({{"model", names[index]}, {"weight", pick(1, 5)}});
    names.erase(names.begin() + static_cast<std::ptrdiff_t>(index));
  }
  if (jobs && chance(30)) {
    json job = {{"job", "job"}, {"weight", pick(1, 5)}};
    const int kind = pick(0, 2);
    if (kind != 0) {
      job["device_time"] = any_distribution(pick_real(0.001, 0.1));
    }
    if (kind != 1) {
      job["server_time"] = any_distribution(pick_real(0.001, 0.1));
    }
    queries.push_back(job);
  }
  return queries;
}

// How a radio that sleeps listens.
json any_cycle() {
  const double cycle_ms = pick_real(1, 2000);
  return {{"cycle_ms", cycle_ms},
          {"on_ms", pick_real(0, 0.5) * cycle_ms},
          {"on_power_mw", pick(0, 2000)},
          {"sleep_power_mw", pick(0, 1000)}};
}

// A network of our own: any mix of effects, binary fractions nowhere.
json any_network_file(int number) {
  json radio = {{"alpha_up_mw_per_mbps", pick(0, 900)},
                {"alpha_down_mw_per_mbps", pick(0, 200)},
                {"beta_mw", pick(0, 1500)}};
  if (chance(60)) {
    radio["promotion"] = {{"power_mw", pick(0, 1500)}, {"duration_ms", pick(0, 600)}};
  }
  for (int phases = pick(0, 3); phases > 0; --phases) {
    json phase = {{"duration_ms", pick(1, 4000) + 0.37}};
    if (chance(50)) {
      phase["drx"] = any_cycle();
      // Some end with a whole cycle.
      if (chance(30)) {
        phase["duration_ms"] = pick(1, 20) * phase["drx"]["cycle_ms"].get<double>();
      }
    } else {
      phase["power_mw"] = pick(0, 1500);
    }
    radio["tail"].push_back(phase);
  }
  if (chance(50)) {
    radio["idle"] = any_cycle();
  }
  if (radio.dump().find("cycle_ms") != std::string::npos && chance(20)) {
    radio["answers_wait"] = false;
  }
  const bool download = chance(50);
  json network = {{"name", "net" + std::to_string(number)}, {"title", "made up"},
                  {"uplink_mbps", pick_real(0.5, 50)},      {"downlink_mbps", pick_real(0.5, 50)},
                  {"charges_download", download},           {"uplink_latency_ms", pick(0, 100)},
                  {"downlink_latency_ms", pick(1, 100)},    {"radio", radio},
                  {"sources", {{"all", "made up"}}}};
  return network;
}

std::string any_trace_file() {
  std::string text = "time_s,rate_mbps\n";
  double time = 0;
  for (int steps = pick(2, 40); steps > 0; --steps) {
    const double rate = chance(20) ? 0 : pick_real(0.3, 40);
    text += std::to_string(time) + "," + std::to_string(rate) + "\n";
    time += pick_real(0.05, 3);
  }
  return text + std::to_string(time) + ",7.5\n";
}

json any_group(const TempFolder& folder, int number) {
  json group = {{"count", pick(1, 6)},
                {"device", pick_one({"jetson-tk1-cpu", "jetson-tk1-gpu"})},
                {"trace_offset", pick_one({"random", "none"})}};
  if (chance(35)) {
    const std::string file = "net" + std::to_string(number) + ".json";
    folder.write(file, any_network_file(number).dump());
    group["network"] = file;
  } else {
    group["network"] = pick_one({"wifi-2015", "lte-2015", "3g-2015", "wifi", "lte", "3g", "ideal"});
  }
  if (chance(25)) {
    for (int samples = pick(1, 8); samples > 0; --samples) {
      group["round_trip_ms"].push_back(pick_real(1, 300));
    }
  }
  const int uplink = pick(0, 3);
  if (uplink == 1) {
    group["bandwidth_mbps"] = pick_real(0.5, 50);
  } else if (uplink == 2) {
    const std::string file = "trace" + std::to_string(number) + ".csv";
    folder.write(file, any_trace_file());
    group["trace"] = file;
  } else if (uplink == 3) {
    group["trace"] = pick_one({"lte-walking", json::array({"3g-driving", "wifi-home"})});
  }
  return group;
}

// A recorded list, with arrivals at equal instants now and then.
std::string any_replay(const json& queries, int nodes) {
  const bool named = chance(50);
  const bool placed = chance(70);
  std::string text = std::string("time_s") + (placed ? ",node" : "") + (named ? ",query" : "");
  text += "\n";
  const int gap_ms = pick(1, 400);
  int time_ms = pick(0, 1000);
  for (int count = pick(2, 200); count > 0; --count) {
    text += std::to_string(time_ms / 1000.0);
    text += placed ? "," + std::to_string(pick(0, nodes - 1)) : "";
    if (named) {
      const json query = pick_one(queries.get<std::vector<json>>());
      text += "," + (query.contains("model") ? query["model"] : query["job"]).get<std::string>();
    }
    text += "\n";
    time_ms += chance(20) ? 0 : pick(0, 2 * gap_ms);
  }
  return text;
}

json any_arrivals(const TempFolder& folder, const json& queries, int nodes) {
  const std::vector<json> processes = {"poisson",          "deterministic", "gamma", "lognormal",
                                       "hyperexponential", "google-search", "replay"};
  json arrivals = {{"process", pick_one(processes)}};
  if (arrivals["process"] == "replay") {
    folder.write("arrivals.csv", any_replay(queries, nodes));
    arrivals["file"] = "arrivals.csv";
    return arrivals;
  }
  arrivals["rate_per_s"] = nodes * pick_real(0.05, 3);
  arrivals["scope"] = pick_one({"node", "fleet"});
  const json& process = arrivals["process"];
  if (process == "gamma" || process == "lognormal" || process == "hyperexponential") {
    arrivals["cv"] = pick_real(1, 3);
  }
  return arrivals;
}

json any_policies(const json& queries) {
  json list = json::array({"cloud-only"});
  const std::vector<json> others = {
      "device-only",
      "neurosurgeon-latency",
      "neurosurgeon-energy",
      "oracle",
      {{"policy", "neurosurgeon-latency"}, {"load_aware", true}, {"label", "load-aware"}},
      {{"policy", "neurosurgeon-weighted"},
       {"latency_weight_per_s", 1},
       {"energy_weight_per_j", 0.3}}};
  for (const json& other : others) {
    if (chance(40)) {
      list.push_back(other);
    }
  }
  const json first = queries[0].value("model", json());
  if (first == "imc" && chance(50)) {
    list.push_back({{"policy", "fixed-cut"}, {"cut_after", {{"imc", "pool2"}}}});
  }
  return list;
}

}  // namespace

RandomScenario any_scenario(const RandomOptions& options) {
  RandomScenario sample;
  sample.folder = std::make_shared<TempFolder>();
  json fleet = json::array();
  int nodes = 0;
  for (int groups = pick(1, 4); groups > 0; --groups) {
    fleet.push_back(any_group(*sample.folder, groups));
    nodes += fleet.back()["count"].get<int>();
  }
  const json queries = any_queries(options.jobs);
  const json cloud = any_cloud(options.cloud);
  sample.document = {
      {"seed", pick(1, 1000000)},
      {"workload",
       {{"queries", queries}, {"arrivals", any_arrivals(*sample.folder, queries, nodes)}}},
      {"fleet", fleet},
      {"cloud", cloud},
      {"policies", any_policies(queries)},
      {"stop", {{"queries", pick(1, 300)}}}};
  RC_LOG() << sample.document.dump(1) << "\n";
  sample.scenario = read_json(sample.document, sample.folder->path());
  sample.scenario.model.stop.drain = sample.scenario.model.stop.drain || options.drain;
  return sample;
}

}  // namespace edgecut::testing
