#include "sim/flow_stage.hpp"

#include <tuple>
#include <utility>

#include "base/errors.hpp"
#include "sim/node_radio.hpp"

namespace edgecut::sim {

using base::Duration;

FlowNetworkModel flow_network_model(const RunModel& model, const std::vector<Node>& nodes,
                                    const std::vector<const platforms::RateTrace*>& traces) {
  FlowNetworkModel network{.topology = &model.topology, .nodes = {}};
  network.nodes.reserve(nodes.size());
  std::uint32_t first_of_group = 0;
  for (std::uint32_t id = 0; id < nodes.size(); ++id) {
    const Node& node = nodes[id];
    if (id > 0 && node.group != nodes[id - 1].group) {
      first_of_group = id;
    }
    const NodeGroup& group = model.groups[node.group];
    NodeAccess access;
    if (!group.instant_uplink) {
      access.uplink = traces[node.trace];
      access.trace_offset = static_cast<double>(node.trace_offset_share) * access.uplink->period();
    }
    if (group.network->downlink) {
      access.downlink = *group.network->downlink;
    }
    if (!group.routes.empty()) {
      access.route = group.routes[(id - first_of_group) % group.routes.size()];
    }
    network.nodes.push_back(access);
  }
  return network;
}

bool FlowStage::Start::operator>(const Start& other) const {
  return std::tie(at, node, direction) > std::tie(other.at, other.node, other.direction);
}

FlowStage::FlowStage(const PreparedRun& run, std::vector<Node>& nodes,
                     std::vector<ClassTotals>& totals, FlowNetworkModel model,
                     const FlowNetworkMaker& make_network, TransferSink& sink)
    : run_(run),
      nodes_(nodes),
      totals_(totals),
      model_(std::move(model)),
      network_(make_network(model_)),
      sink_(sink),
      shares_(run.model().topology, run.estimator()),
      lanes_(nodes.size()) {}

std::uint32_t FlowStage::hold(const Transfer& transfer) {
  if (free_.empty()) {
    transfers_.push_back(transfer);
    return static_cast<std::uint32_t>(transfers_.size() - 1);
  }
  const std::uint32_t handle = free_.back();
  free_.pop_back();
  transfers_[handle] = transfer;
  return handle;
}

std::uint64_t FlowStage::held() const {
  EC_CHECK(network_->under_way() == moving_, "the network lost flows or made them up");
  return transfers_.size() - free_.size();
}

Duration FlowStage::next_event() const {
  const Duration start = starts_.empty() ? base::kForever : starts_.top().at;
  return moving_ == 0 ? start : base::min(start, network_->next_end());
}

void FlowStage::request(const Query& query, Duration since) {
  Node& node = nodes_[query.node];
  const Link& link = run_.links()[node.group];
  const Slot& slot = run_.slots()[query.slot];
  Query asked = query;
  const Duration ready = active(query.node)
                             ? base::max(query.time, node.radio_ready_at)
                             : wake_radio(link, node, asked, totals_[slot.class_index].radio);
  const Direction direction = direction_of(query);
  const std::uint32_t handle =
      hold({.query = asked,
            .size = direction == Direction::kUp ? slot.upload : slot.download,
            .number = requests_++,
            .since = since,
            .start = {},
            .owned = {}});
  Lane& lane = lanes_[query.node].lanes[static_cast<std::size_t>(direction)];
  if (lane.first != kNone) {
    transfers_[lane.last].next = handle;
    lane.last = handle;
    return;
  }
  lane.first = lane.last = handle;
  if (ready > query.time) {
    starts_.push({ready, query.node, direction});
  } else {
    start_first(query.node, direction, query.time);
  }
}

void FlowStage::run(Duration until) {
  while (!starts_.empty() && starts_.top().at < until) {
    const Start next = starts_.top();
    starts_.pop();
    network_->run(next.at, *this);
    start_first(next.node, next.direction, next.at);
  }
  network_->run(until, *this);
}

// The base power since the last change goes to the transfer under way that was asked for first.
void FlowStage::settle(NodeLanes& lanes, Duration at) {
  Transfer* owner = nullptr;
  for (const Lane& lane : lanes.lanes) {
    if (lane.moving) {
      Transfer& transfer = transfers_[lane.first];
      if (owner == nullptr || transfer.number < owner->number) {
        owner = &transfer;
      }
    }
  }
  if (owner != nullptr) {
    owner->owned += at - lanes.owned_until;
  }
  lanes.owned_until = at;
}

void FlowStage::count_active(const Transfer& transfer) {
  const Slot& slot = run_.slots()[transfer.query.slot];
  if (run_.links()[slot.group].two_way) {
    RadioTotals& radio = totals_[slot.class_index].radio;
    (transfer.query.answered ? radio.down_s : radio.up_s).add(base::in_seconds(transfer.owned));
  }
}

void FlowStage::close(Duration until) {
  for (std::size_t id = 0; id < lanes_.size(); ++id) {
    settle(lanes_[id], until);
    for (const Lane& lane : lanes_[id].lanes) {
      if (lane.moving) {
        count_active(transfers_[lane.first]);
        nodes_[id].radio_active_until = base::max(nodes_[id].radio_active_until, until);
      }
    }
  }
}

bool FlowStage::takes_time(std::uint32_t node, Direction direction, base::DataSize size) const {
  return size > base::bits(0) && (!model_.channels(node, direction).empty() ||
                                  base::is_finite(model_.bound(node, direction)));
}

// The first of a node and direction starts, and those behind it as long as they take no time.
void FlowStage::start_first(std::uint32_t node, Direction direction, Duration at) {
  NodeLanes& lanes = lanes_[node];
  Lane& lane = lanes.lanes[static_cast<std::size_t>(direction)];
  while (lane.first != kNone) {
    settle(lanes, at);
    Transfer& transfer = transfers_[lane.first];
    transfer.start = at;
    lane.moving = true;
    if (takes_time(node, direction, transfer.size)) {
      ++moving_;
      shares_.started(model_.channels(node, direction), model_.bound(node, direction), at);
      network_->start(
          {.handle = lane.first, .node = node, .direction = direction, .size = transfer.size}, at);
      return;
    }
    finish_first(node, direction, at);
  }
}

void FlowStage::flow_ended(std::uint32_t handle, Duration at) {
  const std::uint32_t node = transfers_[handle].query.node;
  const Direction direction = direction_of(transfers_[handle].query);
  --moving_;
  shares_.ended(model_.channels(node, direction), model_.bound(node, direction), at);
  finish_first(node, direction, at);
  start_first(node, direction, at);
}

void FlowStage::finish_first(std::uint32_t node_id, Direction direction, Duration at) {
  Node& node = nodes_[node_id];
  NodeLanes& lanes = lanes_[node_id];
  settle(lanes, at);
  Lane& lane = lanes.lanes[static_cast<std::size_t>(direction)];
  Transfer done = transfers_[lane.first];
  free_.push_back(lane.first);
  lane.first = done.next;
  lane.moving = false;
  node.radio_active_until = base::max(node.radio_active_until, at);
  count_active(done);
  const Slot& slot = run_.slots()[done.query.slot];
  const Link& link = run_.links()[node.group];
  if (direction == Direction::kUp) {
    done.query.transmit = slot.transmit_fixed + link.beta * done.owned;
    sink_.uploaded(done.query, done.start, at);
  } else {
    done.query.receive = slot.receive_fixed + link.beta * done.owned;
    sink_.downloaded(done.query, done.since, done.start, at);
  }
}

}  // namespace edgecut::sim
