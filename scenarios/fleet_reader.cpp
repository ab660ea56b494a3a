#include "scenarios/fleet_reader.hpp"

#include <map>
#include <set>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "platforms/device.hpp"
#include "platforms/network.hpp"
#include "scenarios/cost_resolver.hpp"
#include "scenarios/link_reader.hpp"
#include "scenarios/topology_reader.hpp"
#include "scenarios/trace_loader.hpp"

namespace edgecut::scenarios {
namespace {

namespace fs = std::filesystem;
using base::JsonObject;
using base::JsonValue;
using base::Range;

constexpr double kNodesMax = 1e8;
// A milliwatt-hour to a megawatt-hour; a phone has 10 Wh.
constexpr Range kBatteryWh = {.min = 1e-3, .max = 1e6};

sim::NodeGroup read_group(const JsonValue& value, const fs::path& directory, bool needs_device,
                          TraceLoader& traces, TopologyReader& topology, SharedInputs& inputs) {
  JsonObject object = value.object();
  sim::NodeGroup group;
  group.count = static_cast<std::uint32_t>(object.integer("count", Range::between(1, kNodesMax)));
  const auto device = needs_device ? object.require("device") : object.find("device");
  if (device) {
    const std::string reference = device->string();
    try {
      const auto found = find_shared_device(reference, directory, device->where(), inputs);
      group.idle_power = found->idle_power;
      if (found->kind == platforms::DeviceKind::kServer) {
        device->problem("\"" + found->name + "\" is a server: nodes need a mobile device");
      }
    } catch (const base::ConfigError& error) {
      value.problems().add(error);
    }
    group.device = reference;
  }
  if (const auto battery_wh = object.optional_number("battery_wh", kBatteryWh)) {
    group.battery = base::watt_hours(*battery_wh);
    if (!device) {
      value.problem("\"battery_wh\" needs a \"device\", whose board it feeds");
    }
  }
  const auto network = object.require("network");
  if (network) {
    const std::string reference = network->string();
    try {
      group.network = inputs.get<platforms::NetworkProfile>(
          "network", {directory.string(), reference},
          [&] { return platforms::find_network(reference, directory, network->where()); });
    } catch (const base::ConfigError& error) {
      value.problems().add(error);
    }
  }
  read_uplink(value, object, traces, group);
  if (network) {
    read_latency(*network, object, traces, group);
  }
  topology.read_way(object, group);
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
                SharedInputs& inputs, Scenario& scenario) {
  TraceLoader traces(directory, options.trace_directory, inputs);
  std::error_code error;
  if (!options.trace_directory.empty() && !fs::is_directory(options.trace_directory, error)) {
    root.problems().add("--trace-dir", "no such folder: " + options.trace_directory.string());
  }
  TopologyReader topology(root, directory, traces, scenario.model);
  const bool needs_device = scenario.model.any_dnn();
  std::set<std::string> seen;
  std::map<std::string, int> last_number;
  double total = 0;
  const auto value = root.require("fleet");
  if (!value) {
    return;
  }
  for (const JsonValue& one : value->array(1)) {
    sim::NodeGroup group = read_group(one, directory, needs_device, traces, topology, inputs);
    total += group.count;
    const std::string name = group.name;
    while (!seen.insert(group.name).second) {
      group.name = name + "#" + std::to_string(++last_number[name] + 1);
    }
    scenario.model.groups.push_back(std::move(group));
  }
  topology.finish(root);
  if (total > kNodesMax) {
    value->problem("at most 1e8 nodes in all, got " + base::format_number(total));
  }
  const auto& replay = scenario.model.arrivals.replay;
  if (replay && replay->node_count_min > total) {
    value->problem("the recorded arrivals name node " + std::to_string(replay->node_count_min - 1) +
                   ", the fleet has " + base::format_number(total) + " nodes");
  }
  scenario.resolved["fleet"] = value->raw();
  if (const auto shared = root.find("topology")) {
    scenario.resolved["topology"] = shared->raw();
  }
  if (!traces.rows_skipped().empty()) {
    scenario.resolved["trace_rows_skipped"] = traces.rows_skipped();
  }
}

}  // namespace edgecut::scenarios
