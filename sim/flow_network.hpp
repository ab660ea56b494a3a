// Transfers as flows that share channels: what an engine asks of a network in which the end of a
// transfer is not known when it starts.
//
// A flow is the bits of one upload or download; latencies are added by the caller, after the last
// bit. The rate of a flow is bounded by its node's own link and the caps of its route, and shared
// max-min fairly on the channels (platforms/topology.hpp). A node has at most one upload and one
// download under way. Two networks stand behind this: cells with processor sharing
// (sim/shared_cells.hpp) and SimGrid.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/rate_trace.hpp"
#include "platforms/topology.hpp"

namespace edgecut::sim {

enum class Direction : std::uint8_t { kUp, kDown };

/// A node's own link and where it goes on. What the pointers refer to must outlive the network.
struct NodeAccess {
  /// Of the uplink, asked at (time + offset); null: unlimited.
  const platforms::RateTrace* uplink = nullptr;
  base::Duration trace_offset;
  /// Infinite: unlimited.
  base::DataRate downlink = base::bits_per_s(std::numeric_limits<double>::infinity());
  std::uint32_t route = 0;  // in Topology::routes
};

struct Flow {
  std::uint32_t handle = 0;  // the caller's; unique among those under way
  std::uint32_t node = 0;
  Direction direction = Direction::kUp;
  base::DataSize size;  // > 0
};

/// Gets the flows that have ended, in the order of time.
class FlowSink {
 public:
  FlowSink() = default;
  FlowSink(const FlowSink&) = delete;
  FlowSink& operator=(const FlowSink&) = delete;
  virtual ~FlowSink() = default;
  /// May start further flows at `at`.
  virtual void flow_ended(std::uint32_t handle, base::Duration at) = 0;
};

class FlowNetwork {
 public:
  FlowNetwork() = default;
  FlowNetwork(const FlowNetwork&) = delete;
  FlowNetwork& operator=(const FlowNetwork&) = delete;
  virtual ~FlowNetwork() = default;

  /// `now`: where the network was run to, or within `flow_ended` its instant.
  virtual void start(const Flow& flow, base::Duration now) = 0;
  /// Runs on to `until`; flows that end before are handed over (those that end at `until` itself
  /// now or in the next call).
  virtual void run(base::Duration until, FlowSink& sink) = 0;
  /// Flows under way, counted in the network itself.
  [[nodiscard]] virtual std::uint64_t under_way() const = 0;
  /// No flow ends before this unless another starts; a network that cannot tell says 0.
  [[nodiscard]] virtual base::Duration next_end() { return {}; }
};

/// What a network is made of.
struct FlowNetworkModel {
  const platforms::Topology* topology = nullptr;
  std::vector<NodeAccess> nodes;

  [[nodiscard]] const platforms::Route& route(std::uint32_t node) const {
    return topology->routes[nodes[node].route];
  }
  [[nodiscard]] const std::vector<std::uint32_t>& channels(std::uint32_t node,
                                                           Direction direction) const {
    return direction == Direction::kUp ? route(node).up : route(node).down;
  }
  /// What the node's own link and the cap of its route allow a flow; of a trace the mean. Infinite:
  /// nothing bounds it.
  [[nodiscard]] base::DataRate bound(std::uint32_t node, Direction direction) const;
};

using FlowNetworkMaker = std::function<std::unique_ptr<FlowNetwork>(const FlowNetworkModel&)>;

}  // namespace edgecut::sim
