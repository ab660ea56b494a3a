// The wired and shared part of the network: what lies between the nodes' own radio links and the
// servers.
//
// A channel is capacity that the flows crossing it share: one direction of a cable or cell, or a
// medium for both directions (Wi-Fi: the air). A route is the channels that a node's uploads and
// downloads cross, with the latency on top. A node's own link (its network profile's rates, or a
// trace) comes before its route and is not in here. Flows share max-min fairly (Bertsekas and
// Gallager, Data Networks, section 6.5.2): none can get more without one that has less giving up
// some. Ignored: packets, losses, how TCP finds its share, airtime that slow stations take.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/rate_trace.hpp"

namespace edgecut::platforms {

/// Shared by all flows that cross it; its rate may vary in time.
struct Channel {
  std::string name;
  std::shared_ptr<const RateTrace> rate;
};

/// The way between a node's own link and the servers. Channels by index; a medium for both
/// directions is in both lists. None twice in a list.
struct Route {
  std::vector<std::uint32_t> up;
  std::vector<std::uint32_t> down;
  base::Duration latency_up;  // one way, on top of the node's network
  base::Duration latency_down;
  std::optional<base::DataRate> cap_up;  // of each flow alone
  std::optional<base::DataRate> cap_down;
};

struct Topology {
  std::vector<Channel> channels;
  std::vector<Route> routes;
};

}  // namespace edgecut::platforms
