// What one more upload would get on the shared channels: what devices learn of the contention.
//
// A channel of rate C on which n flows are under way, bounded by b_1 .. b_n, offers one more flow
// max(C / (n + 1), C - b_1 - ... - b_n). Every channel averages that over windows of equal length
// and publishes the mean at the end of each: an access point that broadcasts its load (the BSS load
// element of IEEE 802.11 is of that kind). Until the first window is over it publishes C. A device
// takes the least of the channels on its route, and its own link's estimate where that is less.
#pragma once

#include <cstdint>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/topology.hpp"

namespace edgecut::sim {

class ChannelShares {
 public:
  /// `interval` > 0 or infinite (nothing is ever published). `topology` must outlive this.
  ChannelShares(const platforms::Topology& topology, base::Duration interval);

  /// A flow bounded by `bound` begins (ends) at `now` on `channels`; in the order of time.
  void started(const std::vector<std::uint32_t>& channels, base::DataRate bound,
               base::Duration now);
  void ended(const std::vector<std::uint32_t>& channels, base::DataRate bound, base::Duration now);

  [[nodiscard]] base::Duration next_publication() const { return next_; }
  /// At `next_publication()`.
  void publish();
  /// Of an upload over `route`, as last published; infinite without channels.
  [[nodiscard]] base::DataRate offered(std::uint32_t route) const { return offered_[route]; }

 private:
  struct Load {
    double flows = 0;
    double bounds = 0;     // bit/s, of those that are bounded
    double unbounded = 0;  // flows
    double bits = 0;       // that one more flow would have got since the window began
    base::Duration since;  // up to when `bits` counts
  };

  void advance(std::uint32_t channel, base::Duration now);
  void change(const std::vector<std::uint32_t>& channels, base::DataRate bound, double by,
              base::Duration now);
  void settle_routes(const std::vector<base::DataRate>& of_channel);

  const platforms::Topology& topology_;
  base::Duration interval_;
  base::Duration next_;
  std::uint64_t published_ = 0;
  std::vector<Load> loads_;              // by channel
  std::vector<base::DataRate> offered_;  // by route
};

}  // namespace edgecut::sim
