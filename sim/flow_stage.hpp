// The radio stage where transfers are flows: the ends are not known at the start.
//
// Each node sends one upload at a time and receives one download at a time, first come first
// served, as on links of its own (sim/queueing_stages.cpp); the flow network says when each ends.
// The radio wakes for the first transfer and stays active while one is under way or waits. The base
// power of an instant at which both directions are busy belongs to the query that asked first: the
// same split as in closed form, where each query pays for what it adds to the active time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <queue>
#include <vector>

#include "base/quantity.hpp"
#include "sim/channel_shares.hpp"
#include "sim/flow_network.hpp"
#include "sim/node_table.hpp"
#include "sim/outcome.hpp"
#include "sim/prepared_run.hpp"
#include "sim/query.hpp"

namespace edgecut::sim {

/// The nodes of a run as a flow network sees them.
FlowNetworkModel flow_network_model(const RunModel& model, const std::vector<Node>& nodes,
                                    const std::vector<const platforms::RateTrace*>& traces);

/// Gets the transfers that are done, in the order of time.
class TransferSink {
 public:
  TransferSink() = default;
  TransferSink(const TransferSink&) = delete;
  TransferSink& operator=(const TransferSink&) = delete;
  virtual ~TransferSink() = default;
  /// The query, with its radio energy, was sent from `start` to `end`.
  virtual void uploaded(Query& query, base::Duration start, base::Duration end) = 0;
  /// The answer, at the base station since `answered_at`, came down.
  virtual void downloaded(Query& query, base::Duration answered_at, base::Duration start,
                          base::Duration end) = 0;
};

class FlowStage final : private FlowSink {
 public:
  /// All that is referred to must outlive this. `totals` by group and class: what the radios did.
  FlowStage(const PreparedRun& run, std::vector<Node>& nodes, std::vector<ClassTotals>& totals,
            FlowNetworkModel model, const FlowNetworkMaker& make_network, TransferSink& sink);

  /// A query wants to be sent, or its answer to come down, at query.time, to which this was run.
  /// `since`: when the answer came to the base station.
  void request(const Query& query, base::Duration since);
  /// Does all that happens before `until`.
  void run(base::Duration until);
  /// The run is over: the radios' active time so far is counted.
  void close(base::Duration until);

  /// Queries in here, waiting or under way; checked against the network's own count.
  [[nodiscard]] std::uint64_t held() const;
  /// Nothing ends or starts before this unless something is requested.
  [[nodiscard]] base::Duration next_event() const;

  /// Whether a transfer of the node is under way or waits.
  [[nodiscard]] bool active(std::uint32_t node) const {
    const auto& lanes = lanes_[node].lanes;
    return lanes[0].first != kNone || lanes[1].first != kNone;
  }

  [[nodiscard]] const platforms::Route& route(std::uint32_t node) const {
    return model_.route(node);
  }

  [[nodiscard]] base::Duration next_publication() const { return shares_.next_publication(); }
  void publish() { shares_.publish(); }
  /// What the shared channels on the node's way offered an upload, as last published.
  [[nodiscard]] base::DataRate offered(std::uint32_t node) const {
    return shares_.offered(model_.nodes[node].route);
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;

  /// A query whose tensor or answer is in here; `next` in the queue of its node and direction.
  struct Transfer {
    Query query;
    base::DataSize size;
    std::uint64_t number = 0;  // of the requests
    base::Duration since;
    base::Duration start;
    base::Duration owned;  // time whose base power is this query's
    std::uint32_t next = kNone;
  };
  struct Lane {
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
    bool moving = false;  // the first one's bits flow; else it waits for the radio
  };
  struct NodeLanes {
    std::array<Lane, 2> lanes;  // by direction
    base::Duration owned_until;
  };
  /// The radio will be ready for the first transfer of a node and direction.
  struct Start {
    base::Duration at;
    std::uint32_t node;
    Direction direction;
    bool operator>(const Start& other) const;
  };

  void flow_ended(std::uint32_t handle, base::Duration at) override;
  void start_first(std::uint32_t node, Direction direction, base::Duration at);
  [[nodiscard]] bool takes_time(std::uint32_t node, Direction direction, base::DataSize size) const;
  void finish_first(std::uint32_t node, Direction direction, base::Duration at);
  void settle(NodeLanes& lanes, base::Duration at);
  void count_active(const Transfer& transfer);
  std::uint32_t hold(const Transfer& transfer);
  static Direction direction_of(const Query& query) {
    return query.answered ? Direction::kDown : Direction::kUp;
  }

  const PreparedRun& run_;
  std::vector<Node>& nodes_;
  std::vector<ClassTotals>& totals_;
  FlowNetworkModel model_;
  std::unique_ptr<FlowNetwork> network_;
  TransferSink& sink_;
  ChannelShares shares_;
  std::vector<NodeLanes> lanes_;  // by node
  std::vector<Transfer> transfers_;
  std::vector<std::uint32_t> free_;
  std::priority_queue<Start, std::vector<Start>, std::greater<>> starts_;
  std::uint64_t requests_ = 0;
  std::uint64_t moving_ = 0;
};

}  // namespace edgecut::sim
