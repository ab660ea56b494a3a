#include "support/reference_flows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgecut::testing {
namespace {

constexpr long double kInfinite = std::numeric_limits<long double>::infinity();

long double cap_of(const std::optional<base::DataRate>& cap) {
  return cap ? static_cast<long double>(base::in_bits_per_s(*cap)) : kInfinite;
}

// How far all flows that still rise can rise together.
long double level_of(const std::vector<bool>& rising, const std::vector<long double>& bounds,
                     const std::vector<std::vector<std::uint32_t>>& channels_of,
                     const std::vector<long double>& left) {
  long double level = kInfinite;
  std::vector<long double> risers(left.size(), 0);
  for (std::size_t f = 0; f < bounds.size(); ++f) {
    if (rising[f]) {
      level = std::min(level, bounds[f]);
      for (const std::uint32_t channel : channels_of[f]) {
        risers[channel] += 1;
      }
    }
  }
  for (std::size_t c = 0; c < left.size(); ++c) {
    if (risers[c] > 0) {
      level = std::min(level, std::max(left[c], 0.0L) / risers[c]);
    }
  }
  return level;
}

}  // namespace

std::vector<long double> max_min_rates(const std::vector<long double>& bounds,
                                       const std::vector<std::vector<std::uint32_t>>& channels_of,
                                       const std::vector<long double>& capacities) {
  std::vector<long double> rates(bounds.size(), kInfinite);
  std::vector<long double> left = capacities;  // by flows that no longer rise
  std::vector<bool> rising(bounds.size(), true);
  while (true) {
    const long double level = level_of(rising, bounds, channels_of, left);
    if (level == kInfinite) {
      return rates;
    }
    // Rounding must not keep a channel from being full.
    const long double full = level * (1 + 1e-15L);
    std::vector<long double> risers(left.size(), 0);
    for (std::size_t f = 0; f < bounds.size(); ++f) {
      for (const std::uint32_t channel : channels_of[f]) {
        risers[channel] += rising[f] ? 1 : 0;
      }
    }
    std::vector<std::size_t> held;
    for (std::size_t f = 0; f < bounds.size(); ++f) {
      if (rising[f] &&
          (bounds[f] <= full || std::any_of(channels_of[f].begin(), channels_of[f].end(),
                                            [&](auto c) { return left[c] <= full * risers[c]; }))) {
        held.push_back(f);
      }
    }
    for (const std::size_t f : held) {
      rising[f] = false;
      rates[f] = level;
      for (const std::uint32_t channel : channels_of[f]) {
        left[channel] -= level;
      }
    }
  }
}

ReferenceFlows::Tape::Tape(const platforms::RateTrace& trace, long double offset_s, long double now)
    : steps(trace.steps()),
      period(static_cast<long double>(base::in_seconds(trace.period()))),
      offset(offset_s) {
  periods = std::floor((now + offset) / period);
  advance_to(now);
}

long double ReferenceFlows::Tape::rate() const {
  return static_cast<long double>(base::in_bits_per_s(steps[step].rate));
}

long double ReferenceFlows::Tape::next() const {
  if (steps.size() == 1) {
    return kInfinite;
  }
  const long double start = step + 1 < steps.size()
                                ? static_cast<long double>(base::in_seconds(steps[step + 1].start))
                                : period;
  return periods * period + start - offset;
}

void ReferenceFlows::Tape::advance_to(long double now) {
  while (next() <= now) {
    ++step;
    if (step == steps.size()) {
      step = 0;
      periods += 1;
    }
  }
}

ReferenceFlows::ReferenceFlows(const sim::FlowNetworkModel& model) : model_(model) {
  for (const platforms::Channel& channel : model_.topology->channels) {
    channels_.emplace_back(*channel.rate, 0.0L, 0.0L);
  }
}

void ReferenceFlows::start(const sim::Flow& flow, base::Duration now) {
  const sim::NodeAccess& node = model_.nodes.at(flow.node);
  const platforms::Route& route = model_.topology->routes.at(node.route);
  Running& running = flows_.emplace_back();
  running.handle = flow.handle;
  running.rest = static_cast<long double>(base::in_bits(flow.size));
  if (flow.direction == sim::Direction::kUp) {
    running.cap = cap_of(route.cap_up);
    running.channels = route.up;
    if (node.uplink != nullptr) {
      running.own.emplace_back(*node.uplink, base::in_seconds(node.trace_offset),
                               base::in_seconds(now));
    }
  } else {
    running.cap = std::min(cap_of(route.cap_down),
                           static_cast<long double>(base::in_bits_per_s(node.downlink)));
    running.channels = route.down;
  }
}

std::vector<long double> ReferenceFlows::rates() const {
  std::vector<long double> bounds;
  std::vector<std::vector<std::uint32_t>> channels_of;
  for (const Running& flow : flows_) {
    bounds.push_back(flow.own.empty() ? flow.cap : std::min(flow.cap, flow.own[0].rate()));
    channels_of.push_back(flow.channels);
  }
  std::vector<long double> capacities;
  for (const Tape& channel : channels_) {
    capacities.push_back(channel.rate());
  }
  return max_min_rates(bounds, channels_of, capacities);
}

long double ReferenceFlows::next_step() const {
  long double next = kInfinite;
  for (const Tape& channel : channels_) {
    next = std::min(next, channel.next());
  }
  for (const Running& flow : flows_) {
    next = flow.own.empty() ? next : std::min(next, flow.own[0].next());
  }
  return next;
}

void ReferenceFlows::run(base::Duration until, sim::FlowSink& sink) {
  const auto end = static_cast<long double>(base::in_seconds(until));
  while (true) {
    for (Tape& channel : channels_) {
      channel.advance_to(now_);
    }
    for (Running& flow : flows_) {
      for (Tape& own : flow.own) {
        own.advance_to(now_);
      }
    }
    const std::vector<long double> given = rates();
    long double next = std::min(end, next_step());
    std::size_t first = flows_.size();  // to end
    for (std::size_t f = 0; f < flows_.size(); ++f) {
      const long double at = given[f] > 0 ? now_ + flows_[f].rest / given[f] : kInfinite;
      if (at < next || (at == next && first == flows_.size())) {
        next = at;
        first = f;
      }
    }
    for (std::size_t f = 0; f < flows_.size(); ++f) {
      flows_[f].rest -= given[f] < kInfinite ? given[f] * (next - now_) : flows_[f].rest;
    }
    now_ = next;
    if (first < flows_.size()) {
      const std::uint32_t handle = flows_[first].handle;
      flows_.erase(flows_.begin() + static_cast<std::ptrdiff_t>(first));
      sink.flow_ended(handle, base::seconds(static_cast<double>(now_)));
    } else if (now_ >= end) {
      return;
    }
  }
}

}  // namespace edgecut::testing
