#include "scenarios/fleet_reader.hpp"

#include <map>
#include <set>

#include "base/text.hpp"
#include "platforms/device.hpp"
#include "platforms/network.hpp"
#include "platforms/radio.hpp"
#include "scenarios/trace_loader.hpp"

namespace edgecut::scenarios {
namespace {

namespace fs = std::filesystem;
using base::JsonObject;
using base::JsonValue;
using base::Range;

constexpr double kNodesMax = 1e8;
constexpr double kRateMinMbps = 1e-6;  // a bit a second
constexpr double kRateMaxMbps = 1e7;

bool any_dnn(const Scenario& scenario) {
  for (const sim::QueryClass& query_class : scenario.model.classes) {
    if (query_class.dnn) {
      return true;
    }
  }
  return false;
}

// What the queueing engine cannot run exactly: an answer must need time to come back before it can
// touch a radio with states or a downlink.
void check_latency(const JsonValue& where, const platforms::NetworkProfile& network) {
  constexpr double kLatencyMin = 1e-4;
  const bool two_way = network.charges_download || platforms::RadioTiming(network).is_stateful();
  if (two_way && base::in_seconds(network.downlink_latency) < kLatencyMin) {
    where.problem("network \"" + network.name + "\" has downloads or radio states, which need a " +
                  "downlink_latency_ms of at least 0.1");
  }
}

void read_uplink(const JsonValue& value, JsonObject& object, TraceLoader& traces,
                 sim::NodeGroup& group) {
  const auto trace = object.find("trace");
  const auto bandwidth =
      object.optional_number("bandwidth_mbps", Range::between(kRateMinMbps, kRateMaxMbps));
  group.random_offset = object.one_of_or("trace_offset", {"random", "none"}, 0) == 0;
  const auto stamp = object.one_of_or("trace_stamps", {"start", "end"}, 0) == 0
                         ? platforms::StampMarks::kStart
                         : platforms::StampMarks::kEnd;
  if (trace && bandwidth) {
    value.problem("give either \"trace\" or \"bandwidth_mbps\", not both");
  }
  if (trace) {
    const std::vector<JsonValue> list =
        trace->is_array() ? trace->array(1) : std::vector<JsonValue>{*trace};
    for (const JsonValue& one : list) {
      if (auto loaded = traces.load(one, stamp)) {
        group.traces.push_back(std::move(loaded));
      }
    }
  } else if (group.network) {
    constexpr base::DataRate kUnlimited = base::megabits_per_s(1e9);
    group.instant_uplink = !bandwidth && !group.network->uplink;
    const base::DataRate rate =
        bandwidth ? base::megabits_per_s(*bandwidth) : group.network->uplink.value_or(kUnlimited);
    group.traces.push_back(
        std::make_shared<const platforms::RateTrace>(platforms::RateTrace::constant(rate)));
  }
}

sim::NodeGroup read_group(const JsonValue& value, const fs::path& directory, bool needs_device,
                          TraceLoader& traces) {
  JsonObject object = value.object();
  sim::NodeGroup group;
  group.count = static_cast<std::uint32_t>(object.integer("count", Range::between(1, kNodesMax)));
  const auto device = needs_device ? object.require("device") : object.find("device");
  if (device) {
    const std::string reference = device->string();
    try {
      const platforms::Device found = platforms::find_device(reference, directory, device->where());
      if (found.kind == platforms::DeviceKind::kServer) {
        device->problem("\"" + found.name + "\" is a server: nodes need a mobile device");
      }
    } catch (const base::ConfigError& error) {
      value.problems().add(error);
    }
    group.device = reference;
  }
  if (const auto network = object.require("network")) {
    const std::string reference = network->string();
    try {
      group.network = std::make_shared<const platforms::NetworkProfile>(
          platforms::find_network(reference, directory, network->where()));
      check_latency(*network, *group.network);
    } catch (const base::ConfigError& error) {
      value.problems().add(error);
    }
  }
  read_uplink(value, object, traces, group);
  std::string name = group.device;
  if (group.network) {
    name += (name.empty() ? "" : "/") + group.network->name;
  }
  group.name = object.string_or("name", name);
  object.finish();
  return group;
}

}  // namespace

void read_fleet(JsonObject& root, const fs::path& directory, const ScenarioOptions& options,
                Scenario& scenario) {
  TraceLoader traces(directory, options.trace_directory);
  std::error_code error;
  if (!options.trace_directory.empty() && !fs::is_directory(options.trace_directory, error)) {
    root.problems().add("--trace-dir", "no such folder: " + options.trace_directory.string());
  }
  const bool needs_device = any_dnn(scenario);
  std::set<std::string> seen;
  std::map<std::string, int> last_number;
  double total = 0;
  const auto value = root.require("fleet");
  if (!value) {
    return;
  }
  for (const JsonValue& one : value->array(1)) {
    sim::NodeGroup group = read_group(one, directory, needs_device, traces);
    total += group.count;
    const std::string name = group.name;
    while (!seen.insert(group.name).second) {
      group.name = name + "#" + std::to_string(++last_number[name] + 1);
    }
    scenario.model.groups.push_back(std::move(group));
  }
  if (total > kNodesMax) {
    value->problem("at most 1e8 nodes in all, got " + base::format_number(total));
  }
  const auto& replay = scenario.model.arrivals.replay;
  if (replay && replay->node_count_min > total) {
    value->problem("the recorded arrivals name node " + std::to_string(replay->node_count_min - 1) +
                   ", the fleet has " + base::format_number(total) + " nodes");
  }
  scenario.resolved["fleet"] = value->raw();
}

void read_cloud(JsonObject& root, const fs::path& directory, Scenario& scenario) {
  const auto value = root.require("cloud");
  if (!value) {
    return;
  }
  JsonObject object = value->object();
  sim::Cluster& cluster = scenario.model.cluster;
  const auto server = any_dnn(scenario) ? object.require("server") : object.find("server");
  if (server) {
    cluster.server = server->string();
    try {
      platforms::find_device(cluster.server, directory, server->where());
    } catch (const base::ConfigError& error) {
      value->problems().add(error);
    }
  }
  cluster.gpus =
      static_cast<std::uint32_t>(object.integer_or("gpus", 1, Range::between(1, 100000)));
  object.one_of_or("discipline", {"fifo"}, 0);
  if (const auto interval =
          object.optional_number("load_poll_interval_s", Range::between(1e-4, 1e9))) {
    cluster.load_poll_interval = base::seconds(*interval);
  }
  object.finish();
  scenario.resolved["cloud"] = value->raw();
}

}  // namespace edgecut::scenarios
