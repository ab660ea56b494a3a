#include "sim/simgrid/network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/errors.hpp"

namespace edgecut::sim::simgrid_module {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();
// Flows on one lane do not wait for each other, but each start and end makes SimGrid look at all.
constexpr std::size_t kLanesMax = 4096;

double cap_or_unlimited(const std::optional<base::DataRate>& cap) {
  return cap ? base::in_bits_per_s(*cap) : kUnlimited;
}

}  // namespace

SimgridNetwork::SimgridNetwork(const FlowNetworkModel& model) : model_(model) {
  const platforms::Topology& topology = *model_.topology;
  for (const platforms::Channel& channel : topology.channels) {
    const platforms::RateStepTable& steps = steps_of(*channel.rate);
    kernel_.add_link(base::in_bits_per_s(steps.step(0).rate));
    channels_.emplace_back().steps = &steps;
  }
  add_routes();
  kernel_.seal([this](void* flow) { ended(*static_cast<FlowState*>(flow)); });
}

SimgridNetwork::~SimgridNetwork() {
  // SimGrid complains of transfers that are forgotten before their end.
  for (const std::unique_ptr<FlowState>& state : states_) {
    static_cast<void>(state->transfer.comm.detach());
  }
}

void SimgridNetwork::add_routes() {
  const platforms::Topology& topology = *model_.topology;
  for (const platforms::Route& route : topology.routes) {
    auto& end = route_ends_.emplace_back();
    if (!route.up.empty() || !route.down.empty()) {
      end = kernel_.add_end(route.up, route.down);
    }
  }
  std::size_t without_channels = 0;
  for (const NodeAccess& node : model_.nodes) {
    const platforms::Route& route = topology.routes.at(node.route);
    without_channels += route.up.empty() || route.down.empty() ? 1U : 0U;
  }
  for (std::size_t i = 0; i < std::min(without_channels, kLanesMax); ++i) {
    const LinkIndex lane = kernel_.add_lane();
    lanes_.push_back(kernel_.add_end({lane}, {lane}));
  }
}

const platforms::RateStepTable& SimgridNetwork::steps_of(const platforms::RateTrace& trace) {
  return step_tables_.try_emplace(&trace, trace).first->second;
}

EndIndex SimgridNetwork::end_of(const Flow& flow) const {
  const std::uint32_t index = model_.nodes[flow.node].route;
  const platforms::Route& route = model_.topology->routes[index];
  const bool has_channels = !(flow.direction == Direction::kUp ? route.up : route.down).empty();
  return has_channels ? *route_ends_[index] : lanes_[flow.node % lanes_.size()];
}

// The bound of a flow's rate by what does not vary.
double SimgridNetwork::cap_of(const Flow& flow) const {
  const NodeAccess& node = model_.nodes[flow.node];
  const platforms::Route& route = model_.topology->routes[node.route];
  if (flow.direction == Direction::kDown) {
    return std::min(cap_or_unlimited(route.cap_down), base::in_bits_per_s(node.downlink));
  }
  const bool constant = node.uplink != nullptr && node.uplink->is_constant();
  return std::min(cap_or_unlimited(route.cap_up),
                  constant ? base::in_bits_per_s(node.uplink->mean_rate()) : kUnlimited);
}

void SimgridNetwork::start(const Flow& flow, base::Duration now) {
  EC_CHECK(flow.size > base::bits(0) && base::is_finite(flow.size), "a flow has bits");
  EC_CHECK(std::abs(base::in_seconds(now) - kernel_.now_s()) <= 1e-9 * (1 + base::in_seconds(now)),
           "a flow starts at the network's clock");
  const NodeAccess& node = model_.nodes.at(flow.node);
  const platforms::Route& route = model_.topology->routes[node.route];
  FlowState& state = take_state();
  state.handle = flow.handle;
  state.cap_bits_per_s = cap_of(flow);
  state.channels = flow.direction == Direction::kUp ? &route.up : &route.down;
  const bool varies =
      flow.direction == Direction::kUp && node.uplink != nullptr && !node.uplink->is_constant();
  if (!varies && state.channels->empty() && !std::isfinite(state.cap_bits_per_s)) {
    ++instant_;
    kernel_.at(kernel_.now_s(), [this, &state] {
      --instant_;
      free_states_.push_back(&state);
      hand_over(state.handle);
    });
    return;
  }
  for (const std::uint32_t channel : *state.channels) {
    use(channel, now);
  }
  double bound = state.cap_bits_per_s;
  if (varies) {
    begin(state.varying, steps_of(*node.uplink), node.trace_offset, now);
    bound = std::min(bound, base::in_bits_per_s(state.varying.walk->rate()));
  }
  state.transfer = kernel_.start(end_of(flow), flow.direction == Direction::kUp,
                                 base::in_bits(flow.size), bound, &state);
  ++flows_;
  if (varies) {
    arm_flow(state);
  }
}

void SimgridNetwork::begin(Varying& varying, const platforms::RateStepTable& steps,
                           base::Duration offset, base::Duration now) {
  varying.offset = offset;
  varying.walk.emplace(steps, now + offset);
}

void SimgridNetwork::end(Varying& varying) {
  if (varying.timer != nullptr) {
    varying.timer->remove();
    varying.timer = nullptr;
  }
  varying.walk.reset();
}

void SimgridNetwork::arm_flow(FlowState& flow) {
  Varying& varying = flow.varying;
  varying.timer =
      kernel_.at(base::in_seconds(varying.walk->next() - varying.offset), [this, &flow] {
        flow.varying.walk->advance();
        flow.transfer.set_bound(
            std::min(flow.cap_bits_per_s, base::in_bits_per_s(flow.varying.walk->rate())));
        arm_flow(flow);
      });
}

void SimgridNetwork::arm_channel(std::uint32_t channel) {
  Varying& varying = channels_[channel].varying;
  varying.timer = kernel_.at(base::in_seconds(varying.walk->next()), [this, channel] {
    platforms::RateWalk& walk = *channels_[channel].varying.walk;
    walk.advance();
    kernel_.set_bandwidth(channel, base::in_bits_per_s(walk.rate()));
    arm_channel(channel);
  });
}

void SimgridNetwork::use(std::uint32_t channel, base::Duration now) {
  ChannelState& state = channels_[channel];
  if (++state.users > 1 || state.steps->is_constant()) {
    return;
  }
  begin(state.varying, *state.steps, base::seconds(0), now);
  kernel_.set_bandwidth(channel, base::in_bits_per_s(state.varying.walk->rate()));
  arm_channel(channel);
}

void SimgridNetwork::leave(std::uint32_t channel) {
  ChannelState& state = channels_[channel];
  if (--state.users == 0) {
    end(state.varying);
  }
}

SimgridNetwork::FlowState& SimgridNetwork::take_state() {
  if (free_states_.empty()) {
    return *states_.emplace_back(std::make_unique<FlowState>());
  }
  FlowState& state = *free_states_.back();
  free_states_.pop_back();
  return state;
}

void SimgridNetwork::ended(FlowState& flow) {
  end(flow.varying);
  for (const std::uint32_t channel : *flow.channels) {
    leave(channel);
  }
  // SimGrid still works with the transfer when this returns.
  last_ended_ = std::move(flow.transfer.comm);
  flow.transfer = {};
  --flows_;
  free_states_.push_back(&flow);
  hand_over(flow.handle);
}

// In the middle of SimGrid's loop, which nothing may be thrown through.
void SimgridNetwork::hand_over(std::uint32_t handle) {
  if (failure_) {
    return;
  }
  try {
    sink_->flow_ended(handle, base::seconds(kernel_.now_s()));
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void SimgridNetwork::run(base::Duration until, FlowSink& sink) {
  sink_ = &sink;
  kernel_.run(base::in_seconds(until));
  if (failure_) {
    std::rethrow_exception(failure_);
  }
  EC_CHECK(kernel_.under_way() == flows_, "SimGrid has lost transfers");
}

base::Duration SimgridNetwork::next_end() { return base::seconds(kernel_.next_event_s()); }

std::uint64_t SimgridNetwork::under_way() const { return kernel_.under_way() + instant_; }

}  // namespace edgecut::sim::simgrid_module
