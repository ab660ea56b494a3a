// The arrivals of a slab: of every node's own process, of one process for the fleet, or of a list.
//
// Which query a node gets and when depends on (seed, replication, node, number) only: policies that
// are compared see the same queries (common random numbers).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "sim/alias_table.hpp"
#include "sim/gaps_ahead.hpp"
#include "sim/node_table.hpp"
#include "sim/run_model.hpp"
#include "sim/slab_calendar.hpp"

namespace edgecut::sim {

class ArrivalSource {
 public:
  ArrivalSource(const RunModel& model, const base::RandomSource& source, const SlabGrid& grid,
                const AliasTable& class_mix);

  /// Gives every node its first arrival.
  void start(std::vector<Node>& nodes);

  /// No arrival comes before this cell of the grid.
  [[nodiscard]] std::int64_t next_cell(const SlabGrid& grid, base::Duration now) const;

  /// Calls `issue(node id, node, time, query class)` for every arrival before `until`: in the order
  /// of time at each node, in any order among nodes.
  template <class Issue>
  void issue_before(base::Duration until, std::vector<Node>& nodes, Issue&& issue) {
    switch (mode_) {
      case Mode::kEveryNode:
        issue_every_node(until, nodes, issue);
        return;
      case Mode::kDueNodes:
        issue_due_nodes(until, nodes, issue);
        return;
      case Mode::kFleet:
        issue_fleet(until, nodes, issue);
        return;
      case Mode::kReplay:
        issue_replay(until, nodes, issue);
        return;
    }
  }

  /// Whether `take_block` does what `issue_before` would: there is one node.
  [[nodiscard]] bool comes_in_blocks() const { return ahead_.has_value(); }

  /// The next arrivals at the only node before `until`, as many as `times` holds at most; returns
  /// their number, by which it raises the node's count of queries. What they ask is left to the
  /// caller: use it where there is one class.
  std::size_t take_block(base::Duration until, Node& node, std::span<base::Duration> times);

 private:
  // Every node in turn while a slab brings it an arrival often enough; else only those that are
  // due.
  enum class Mode : std::uint8_t { kEveryNode, kDueNodes, kFleet, kReplay };
  static constexpr std::size_t kBlock = 256;
  using NodeIds = std::array<std::uint32_t, kBlock>;
  struct DueNode {
    base::Duration time;
    std::uint32_t node;
  };

  template <class Issue>
  void issue_every_node(base::Duration until, std::vector<Node>& nodes, Issue& issue) {
    NodeIds ids;
    std::size_t size = 0;
    for (std::size_t id = 0; id < nodes.size(); ++id) {
      ids[size] = static_cast<std::uint32_t>(id);
      size += nodes[id].next_arrival < until ? 1U : 0U;
      if (size == kBlock) {
        issue_block(until, nodes, ids, issue);
        size = 0;
      }
    }
    issue_block(until, nodes, std::span(ids).first(size), issue);
  }

  template <class Issue>
  void issue_due_nodes(base::Duration until, std::vector<Node>& nodes, Issue& issue) {
    due_.clear();
    calendar_.take_before(until, due_);
    NodeIds ids;
    for (std::size_t begin = 0; begin < due_.size(); begin += kBlock) {
      const std::size_t size = std::min(kBlock, due_.size() - begin);
      for (std::size_t i = 0; i < size; ++i) {
        ids[i] = due_[begin + i].node;
      }
      issue_block(until, nodes, std::span(ids).first(size), issue);
    }
    for (const DueNode& due : due_) {
      calendar_.push({nodes[due.node].next_arrival, due.node});
    }
  }

  // The arrivals at `ids` before `until`, of which each has one: the next one of each, then again
  // at those that have another one. A block of draws is faster than as many draws of one node, and
  // which node comes first does not matter.
  template <class Issue>
  void issue_block(base::Duration until, std::vector<Node>& nodes, std::span<std::uint32_t> ids,
                   Issue& issue) {
    constexpr std::size_t kFew = 8;
    if (!gaps_s_.has_quantile()) {
      for (const std::uint32_t id : ids) {
        issue_node(until, id, nodes[id], issue);
      }
      return;
    }
    std::array<std::uint32_t, kBlock> numbers;
    std::array<double, kBlock> first;
    std::array<double, kBlock> second;
    std::array<double, kBlock> gaps_s;
    while (ids.size() >= kFew) {
      const std::size_t size = ids.size();
      for (std::size_t i = 0; i < size; ++i) {
        numbers[i] = nodes[ids[i]].query_number;
      }
      source_.fill_uniforms(base::Purpose::kQueries, ids, std::span(numbers).first(size),
                            std::span(first).first(size), std::span(second).first(size));
      gaps_s_.quantiles(std::span(first).first(size), std::span(gaps_s).first(size));
      std::size_t again = 0;
      for (std::size_t i = 0; i < size; ++i) {
        const std::uint32_t id = ids[i];
        Node& node = nodes[id];
        const base::Duration time = node.next_arrival;
        node.next_arrival = time + base::seconds(gaps_s[i]);
        issue(id, node, time, class_mix_.pick(second[i]));
        ids[again] = id;
        again += node.next_arrival < until ? 1U : 0U;
      }
      ids = ids.first(again);
    }
    for (const std::uint32_t id : ids) {
      issue_node(until, id, nodes[id], issue);
    }
  }

  template <class Issue>
  void issue_node(base::Duration until, std::uint32_t id, Node& node, Issue& issue) {
    while (node.next_arrival < until) {
      const base::Duration time = node.next_arrival;
      const base::UniformPair uniforms =
          source_.uniforms(base::Purpose::kQueries, id, node.query_number);
      node.next_arrival = time + gap(uniforms.first, id, node.query_number);
      issue(id, node, time, class_mix_.pick(uniforms.second));
    }
  }

  template <class Issue>
  void issue_fleet(base::Duration until, std::vector<Node>& nodes, Issue& issue) {
    while (next_fleet_arrival_ < until) {
      const base::Duration time = next_fleet_arrival_;
      const base::UniformPair uniforms =
          source_.uniforms(base::Purpose::kFleetArrivals, 0, fleet_number_);
      next_fleet_arrival_ = time + gap(uniforms.first, 0, fleet_number_);
      ++fleet_number_;
      const std::uint32_t id = pick_node(uniforms.second);
      issue(id, nodes[id], time, mixed_class(id, nodes[id]));
    }
  }

  template <class Issue>
  void issue_replay(base::Duration until, std::vector<Node>& nodes, Issue& issue) {
    const auto& arrivals = arrivals_.replay->arrivals;
    for (; fleet_number_ < arrivals.size() && arrivals[fleet_number_].time < until;
         ++fleet_number_) {
      const workloads::ReplayArrival& row = arrivals[fleet_number_];
      const std::uint32_t id = row.node ? *row.node : pick_node(node_uniform(fleet_number_));
      issue(id, nodes[id], row.time,
            row.query ? class_of_replayed_[*row.query] : mixed_class(id, nodes[id]));
    }
  }

  [[nodiscard]] base::Duration gap(double uniform, std::uint32_t entity,
                                   std::uint64_t number) const {
    if (exponential_) [[likely]] {
      return base::seconds(gaps_s_.quantile_as<base::Distribution::Kind::kExponential>(uniform));
    }
    return other_gap(uniform, entity, number);
  }
  [[nodiscard]] base::Duration other_gap(double uniform, std::uint32_t entity,
                                         std::uint64_t number) const;
  [[nodiscard]] std::uint32_t mixed_class(std::uint32_t id, const Node& node) const {
    return class_mix_.pick(source_.uniforms(base::Purpose::kQueries, id, node.query_number).second);
  }
  [[nodiscard]] double node_uniform(std::uint64_t number) const {
    return source_.uniforms(base::Purpose::kFleetArrivals, 0, number).second;
  }
  [[nodiscard]] std::uint32_t pick_node(double uniform) const {
    return std::min(static_cast<std::uint32_t>(uniform * static_cast<double>(nodes_)), nodes_ - 1);
  }

  const workloads::ArrivalSpec& arrivals_;
  base::RandomSource source_;
  const AliasTable& class_mix_;
  std::uint32_t nodes_;
  Mode mode_ = Mode::kEveryNode;
  base::Distribution gaps_s_;
  bool exponential_ = false;
  SlabCalendar<DueNode> calendar_;
  std::vector<DueNode> due_;
  std::optional<GapsAhead> ahead_;
  base::Duration next_fleet_arrival_ = base::kForever;
  std::uint64_t fleet_number_ = 0;
  std::vector<std::uint32_t> class_of_replayed_;
};

}  // namespace edgecut::sim
