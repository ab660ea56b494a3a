#include "sim/shared_cells.hpp"

#include <functional>
#include <queue>
#include <tuple>
#include <vector>

#include "base/errors.hpp"
#include "sim/shared_cell.hpp"

namespace edgecut::sim {
namespace {

using base::Duration;

class SharedCells final : public FlowNetwork {
 public:
  explicit SharedCells(const FlowNetworkModel& model) : model_(model) {
    for (const platforms::Channel& channel : model.topology->channels) {
      cells_.emplace_back(*channel.rate);
    }
    versions_.resize(cells_.size());
  }

  void start(const Flow& flow, Duration now) override {
    const auto& channels = model_.channels(flow.node, flow.direction);
    const base::DataRate bound = model_.bound(flow.node, flow.direction);
    if (channels.empty()) {
      start_alone(flow, bound, now);
      return;
    }
    cells_[channels.front()].start(flow.handle, flow.size, bound, now);
    reschedule(channels.front());
  }

  void run(Duration until, FlowSink& sink) override {
    for (;;) {
      drop_outdated();
      const Duration cell = events_.empty() ? base::kForever : events_.top().time;
      const Duration alone = alone_.empty() ? base::kForever : alone_.top().end;
      if (!(base::min(cell, alone) < until)) {
        return;
      }
      if (alone <= cell) {
        const std::uint32_t handle = alone_.top().handle;
        alone_.pop();
        sink.flow_ended(handle, alone);
      } else {
        step(events_.top().cell, sink);
      }
    }
  }

  [[nodiscard]] std::uint64_t under_way() const override {
    std::uint64_t count = alone_.size();
    for (const SharedCell& cell : cells_) {
      count += cell.under_way();
    }
    return count;
  }

  [[nodiscard]] Duration next_end() override {
    Duration next = alone_.empty() ? base::kForever : alone_.top().end;
    // An outdated event can only be too early.
    return events_.empty() ? next : base::min(next, events_.top().time);
  }

 private:
  /// A flow whose end nothing can change.
  struct Alone {
    Duration end;
    std::uint64_t number;
    std::uint32_t handle;
    bool operator>(const Alone& other) const {
      return std::tie(end, number) > std::tie(other.end, other.number);
    }
  };
  struct Event {
    Duration time;
    std::uint32_t cell;
    std::uint64_t version;
    bool operator>(const Event& other) const {
      return std::tie(time, cell, version) > std::tie(other.time, other.cell, other.version);
    }
  };
  template <class Item>
  using EarliestFirst = std::priority_queue<Item, std::vector<Item>, std::greater<>>;

  void start_alone(const Flow& flow, base::DataRate bound, Duration now) {
    const NodeAccess& node = model_.nodes[flow.node];
    Duration time;
    if (flow.direction == Direction::kUp && node.uplink != nullptr && !node.uplink->is_constant()) {
      time = node.uplink->transfer_time(now + node.trace_offset, flow.size);
    } else if (base::is_finite(bound)) {
      time = flow.size / bound;
    }
    alone_.push({now + time, started_alone_++, flow.handle});
  }

  void step(std::uint32_t cell, FlowSink& sink) {
    const Duration now = events_.top().time;
    const std::optional<std::uint32_t> ended = cells_[cell].step();
    reschedule(cell);
    if (ended) {
      sink.flow_ended(*ended, now);
    }
  }

  void reschedule(std::uint32_t cell) {
    const Duration next = cells_[cell].next_event();
    ++versions_[cell];
    if (base::is_finite(next)) {
      events_.push({next, cell, versions_[cell]});
    }
  }
  void drop_outdated() {
    while (!events_.empty() && events_.top().version != versions_[events_.top().cell]) {
      events_.pop();
    }
  }

  const FlowNetworkModel& model_;
  std::vector<SharedCell> cells_;  // by channel
  std::vector<std::uint64_t> versions_;
  EarliestFirst<Event> events_;  // those of an older version of their cell are void
  EarliestFirst<Alone> alone_;
  std::uint64_t started_alone_ = 0;
};

}  // namespace

std::optional<std::string> beyond_cells(const FlowNetworkModel& model) {
  for (const platforms::Route& route : model.topology->routes) {
    if (route.up.size() > 1 || route.down.size() > 1) {
      return "a route crosses more than one shared link of limited rate in a direction";
    }
  }
  for (const NodeAccess& node : model.nodes) {
    const platforms::Route& route = model.topology->routes[node.route];
    const bool varies = node.uplink != nullptr && !node.uplink->is_constant();
    if (varies && (!route.up.empty() || route.cap_up)) {
      return "nodes behind a shared link have a trace of their own";
    }
  }
  return std::nullopt;
}

std::unique_ptr<FlowNetwork> make_shared_cells(const FlowNetworkModel& model) {
  EC_CHECK(!beyond_cells(model), "cells cannot do what the reader let through");
  return std::make_unique<SharedCells>(model);
}

}  // namespace edgecut::sim
