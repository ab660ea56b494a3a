#include "scenarios/topology_reader.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "sim/platform_import.hpp"
#include "sim/shared_cells.hpp"

namespace edgecut::scenarios {
namespace {

using base::JsonObject;
using base::JsonValue;
using base::Range;

constexpr double kLinkRateMinMbps = 1e-6;
constexpr double kLinkRateMaxMbps = 1e9;
constexpr double kLatencyMaxMs = 1e6;
constexpr double kCountMax = 1e5;
constexpr std::uint64_t kRoutesMax = 100'000;  // of a group

}  // namespace

TopologyReader::TopologyReader(JsonObject& root, const std::filesystem::path& directory,
                               TraceLoader& traces, sim::RunModel& model)
    : traces_(traces), model_(model) {
  const auto value = root.find("topology");
  if (!value) {
    return;
  }
  JsonObject object = value->object();
  if (object.has("platform")) {
    read_platform(object, directory);
    object.finish();
    return;
  }
  for (const JsonValue& link : object.array("links", 1)) {
    read_link(link);
  }
  object.finish();
}

// A rate in Mbit/s or a trace of it: "<which>_mbps" or "<which>_trace"; null when neither is there.
std::shared_ptr<const platforms::RateTrace> TopologyReader::read_rate(JsonObject& object,
                                                                      const std::string& which) {
  const auto mbps =
      object.optional_number(which + "_mbps", Range::between(kLinkRateMinMbps, kLinkRateMaxMbps));
  const auto trace = object.find(which + "_trace");
  if (mbps && trace) {
    object.problem("give either \"" + which + "_mbps\" or \"" + which + "_trace\", not both");
  }
  if (trace) {
    return traces_.load(*trace, {});
  }
  return mbps ? std::make_shared<const platforms::RateTrace>(
                    platforms::RateTrace::constant(base::megabits_per_s(*mbps)))
              : nullptr;
}

std::vector<std::uint32_t> TopologyReader::add_channels(
    const std::string& name, std::uint32_t count,
    std::shared_ptr<const platforms::RateTrace> rate) {
  std::vector<std::uint32_t> channels;
  for (std::uint32_t copy = 0; rate && copy < count; ++copy) {
    channels.push_back(static_cast<std::uint32_t>(model_.topology.channels.size()));
    model_.topology.channels.push_back(
        {count == 1 ? name : name + "#" + std::to_string(copy + 1), rate});
  }
  return channels;
}

void TopologyReader::read_link(const JsonValue& value) {
  JsonObject object = value.object();
  const std::string name = object.string("name");
  Link link;
  link.count =
      static_cast<std::uint32_t>(object.integer_or("count", 1, Range::between(1, kCountMax)));
  link.latency =
      base::milliseconds(object.number_or("latency_ms", 0, Range::between(0, kLatencyMaxMs)));
  const auto medium = read_rate(object, "medium");
  const auto up = read_rate(object, "uplink");
  const auto down = read_rate(object, "downlink");
  if (medium && (up || down)) {
    object.problem(
        "a medium carries both directions: give either \"medium_mbps\" or \"uplink_mbps\" and "
        "\"downlink_mbps\"");
  }
  if (medium) {
    link.up = link.down = add_channels(name, link.count, medium);
  } else {
    link.up = add_channels(name + "/up", link.count, up);
    link.down = add_channels(name + "/down", link.count, down);
  }
  object.finish();
  if (!links_.emplace(name, std::move(link)).second) {
    value.problem("a second link called \"" + name + "\"");
  }
}

std::uint32_t TopologyReader::add_route(const platforms::Route& route) {
  model_.topology.routes.push_back(route);
  return static_cast<std::uint32_t>(model_.topology.routes.size() - 1);
}

void TopologyReader::read_platform(JsonObject& object, const std::filesystem::path& directory) {
  Platform platform;
  platform.file = directory / object.string("platform");
  platform.servers_at = object.string("servers_at");
  platform.where = object.where();
  if (object.has("links")) {
    object.problem("a platform file has the links: leave \"links\" away");
  }
  platform_ = std::move(platform);
}

void TopologyReader::read_attach(const JsonValue& value) {
  if (!platform_) {
    value.problem("needs a \"topology\" with a \"platform\", whose host this is");
    return;
  }
  std::vector<std::string> hosts;
  for (const JsonValue& one : value.is_array() ? value.array(1) : std::vector<JsonValue>{value}) {
    hosts.push_back(one.string());
  }
  platform_->hosts.emplace_back(model_.groups.size(), std::move(hosts));
}

// Each host that a group is attached to once.
void TopologyReader::import_platform(base::Problems& problems) {
  std::map<std::string, std::uint32_t> route_of;
  sim::PlatformImport import{
      .file = platform_->file, .cloud_host = platform_->servers_at, .attachment_hosts = {}};
  for (const auto& [group, hosts] : platform_->hosts) {
    for (const std::string& host : hosts) {
      if (route_of.emplace(host, static_cast<std::uint32_t>(route_of.size())).second) {
        import.attachment_hosts.push_back(host);
      }
    }
  }
  if (route_of.empty()) {
    problems.add(platform_->where, "no node group is attached to a host of the platform");
    return;
  }
  try {
    platforms::Topology imported = sim::import_platform(import);
    const auto first = static_cast<std::uint32_t>(model_.topology.routes.size());
    model_.topology.channels = std::move(imported.channels);
    for (platforms::Route& route : imported.routes) {
      add_route(route);
    }
    for (const auto& [group, hosts] : platform_->hosts) {
      for (const std::string& host : hosts) {
        model_.groups[group].routes.push_back(first + route_of.at(host));
      }
    }
  } catch (const base::ConfigError& error) {
    problems.add(error);
  }
}

void TopologyReader::read_way(JsonObject& group_object, sim::NodeGroup& group) {
  const auto attach = group_object.find("attach");
  if (attach) {
    if (group_object.has("via")) {
      attach->problem("give either \"attach\" or \"via\", not both");
    }
    read_attach(*attach);
  } else {
    read_via(group_object, group);
  }
}

void TopologyReader::finish(const JsonObject& root) {
  if (platform_ && root.problems().empty()) {
    import_platform(root.problems());
  }
  check_engine(root);
}

void TopologyReader::read_via(JsonObject& group_object, sim::NodeGroup& group) {
  std::vector<const Link*> way;
  std::vector<std::string> names;
  for (const auto& [name, link] : links_) {
    names.push_back(name);
  }
  std::uint64_t routes = 1;
  for (const JsonValue& value : group_object.array_or_empty("via")) {
    if (names.empty()) {
      value.problem("the scenario has no \"topology\" with links to go over");
      return;
    }
    const Link& link = links_.at(names[value.one_of(names)]);
    if (std::find(way.begin(), way.end(), &link) != way.end()) {
      value.problem("twice on the same way");
    }
    way.push_back(&link);
    routes = std::lcm(routes, std::uint64_t{link.count});
    if (routes > kRoutesMax) {
      value.problem("counts of the links on this way that go into each other less often than " +
                    std::to_string(kRoutesMax) + " times");
      return;
    }
  }
  if (way.empty() && model_.engine == sim::Engine::kQueueing) {
    return;
  }
  // A route a combination of copies; nodes beyond them start again with the first.
  routes = std::min(routes, std::uint64_t{group.count});
  for (std::uint64_t copy = 0; copy < routes; ++copy) {
    platforms::Route route;
    for (const Link* link : way) {
      const auto index = static_cast<std::size_t>(copy % link->count);
      if (!link->up.empty()) {
        route.up.push_back(link->up[index]);
      }
      if (!link->down.empty()) {
        route.down.push_back(link->down[index]);
      }
      route.latency_up += link->latency;
      route.latency_down += link->latency;
    }
    group.routes.push_back(add_route(route));
  }
}

void TopologyReader::check_engine(const JsonObject& root) const {
  if (model_.engine != sim::Engine::kQueueing || !root.problems().empty()) {
    return;
  }
  // Nodes of a group differ in trace and route only.
  sim::FlowNetworkModel network{.topology = &model_.topology, .nodes = {}};
  for (const sim::NodeGroup& group : model_.groups) {
    for (std::size_t i = 0; i < std::max(group.traces.size(), group.routes.size()); ++i) {
      if (!group.routes.empty()) {
        network.nodes.push_back({.uplink = group.traces[i % group.traces.size()].get(),
                                 .trace_offset = {},
                                 .route = group.routes[i % group.routes.size()]});
      }
    }
  }
  if (const auto reason = sim::beyond_cells(network)) {
    root.problems().add(root.where() + "/engine",
                        "\"queueing\" cannot do this: " + *reason + "; take \"simgrid\"");
  }
}

}  // namespace edgecut::scenarios
