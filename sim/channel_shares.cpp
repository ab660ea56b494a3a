#include "sim/channel_shares.hpp"

#include <algorithm>
#include <cmath>

namespace edgecut::sim {

using base::DataRate;
using base::Duration;

ChannelShares::ChannelShares(const platforms::Topology& topology,
                             const platforms::EstimatorSpec& estimator)
    : topology_(topology),
      interval_(estimator.sample_interval),
      next_(topology.channels.empty() ? base::kForever : interval_),
      estimators_(topology.channels.size(), platforms::RateEstimator(estimator)),
      loads_(topology.channels.size()),
      offered_(topology.routes.size()) {
  std::vector<DataRate> idle;
  for (const platforms::Channel& channel : topology.channels) {
    idle.push_back(channel.rate->mean_rate());
  }
  settle_routes(idle);
}

void ChannelShares::settle_routes(const std::vector<DataRate>& of_channel) {
  for (std::size_t route = 0; route < offered_.size(); ++route) {
    offered_[route] = base::bits_per_s(HUGE_VAL);
    for (const std::uint32_t channel : topology_.routes[route].up) {
      offered_[route] = base::min(offered_[route], of_channel[channel]);
    }
  }
}

void ChannelShares::advance(std::uint32_t channel, Duration now) {
  Load& load = loads_[channel];
  const double capacity = base::in_bits(topology_.channels[channel].rate->carried(load.since, now));
  const double unused =
      load.unbounded > 0 ? 0 : capacity - load.bounds * base::in_seconds(now - load.since);
  load.bits += std::max(capacity / (load.flows + 1), unused);
  load.since = now;
}

void ChannelShares::change(const std::vector<std::uint32_t>& channels, DataRate bound, double by,
                           Duration now) {
  for (const std::uint32_t channel : channels) {
    advance(channel, now);
    Load& load = loads_[channel];
    load.flows += by;
    if (base::is_finite(bound)) {
      load.bounds = load.flows > load.unbounded ? load.bounds + by * base::in_bits_per_s(bound) : 0;
    } else {
      load.unbounded += by;
    }
  }
}

void ChannelShares::started(const std::vector<std::uint32_t>& channels, DataRate bound,
                            Duration now) {
  change(channels, bound, 1, now);
}

void ChannelShares::ended(const std::vector<std::uint32_t>& channels, DataRate bound,
                          Duration now) {
  change(channels, bound, -1, now);
}

void ChannelShares::publish() {
  const Duration now = next_;
  std::vector<DataRate> estimates;
  for (std::uint32_t channel = 0; channel < loads_.size(); ++channel) {
    advance(channel, now);
    estimators_[channel].add(base::bits(loads_[channel].bits) / interval_);
    estimates.push_back(*estimators_[channel].estimate());
    loads_[channel].bits = 0;
  }
  settle_routes(estimates);
  ++published_;
  next_ = static_cast<double>(published_ + 1) * interval_;
}

}  // namespace edgecut::sim
