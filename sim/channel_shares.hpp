// What one more upload would get on the shared channels: what devices learn of the contention.
//
// A channel of rate C on which n flows are under way, bounded by b_1 .. b_n, offers one more flow
// max(C / (n + 1), C - b_1 - ... - b_n). Every channel averages that over windows of equal length
// and publishes the mean at the end of each: an access point that broadcasts its load (the BSS load
// element of IEEE 802.11 is of that kind). Devices make their estimate of these samples, as of
// those of their own link (platforms/rate_estimator.hpp); until the first window is over they take
// C. They go by the least of the channels on their route and their own link.
#pragma once

#include <cstdint>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/rate_estimator.hpp"
#include "platforms/topology.hpp"

namespace edgecut::sim {

class ChannelShares {
 public:
  /// Windows are the estimator's. `topology` must outlive this.
  ChannelShares(const platforms::Topology& topology, const platforms::EstimatorSpec& estimator);

  /// A flow bounded by `bound` begins (ends) at `now` on `channels`; in the order of time.
  void started(const std::vector<std::uint32_t>& channels, base::DataRate bound,
               base::Duration now);
  void ended(const std::vector<std::uint32_t>& channels, base::DataRate bound, base::Duration now);

  [[nodiscard]] base::Duration next_publication() const { return next_; }
  /// At `next_publication()`.
  void publish();
  /// The estimate for an upload over `route`; infinite without channels.
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
  std::vector<platforms::RateEstimator> estimators_;  // by channel
  std::vector<Load> loads_;                           // by channel
  std::vector<base::DataRate> offered_;               // by route
};

}  // namespace edgecut::sim
