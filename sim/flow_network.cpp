#include "sim/flow_network.hpp"

namespace edgecut::sim {

base::DataRate FlowNetworkModel::bound(std::uint32_t node, Direction direction) const {
  constexpr base::DataRate kUnlimited = base::bits_per_s(std::numeric_limits<double>::infinity());
  const NodeAccess& access = nodes[node];
  if (direction == Direction::kUp) {
    const base::DataRate own = access.uplink == nullptr ? kUnlimited : access.uplink->mean_rate();
    return base::min(own, route(node).cap_up.value_or(kUnlimited));
  }
  return base::min(access.downlink, route(node).cap_down.value_or(kUnlimited));
}

}  // namespace edgecut::sim
