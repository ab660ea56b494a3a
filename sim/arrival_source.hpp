// The arrivals of a slab: of every node's own process, of one process for the fleet, or of a list.
//
// Which query a node gets and when depends on (seed, replication, node, number) only: policies that
// are compared see the same queries (common random numbers).
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "sim/alias_table.hpp"
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
        for (std::size_t id = 0; id < nodes.size(); ++id) {
          issue_node(until, static_cast<std::uint32_t>(id), nodes[id], issue);
        }
        return;
      case Mode::kDueNodes:
        due_.clear();
        calendar_.take_before(until, due_);
        for (const DueNode& due : due_) {
          Node& node = nodes[due.node];
          issue_node(until, due.node, node, issue);
          calendar_.push({node.next_arrival, due.node});
        }
        return;
      case Mode::kFleet:
        issue_fleet(until, nodes, issue);
        return;
      case Mode::kReplay:
        issue_replay(until, nodes, issue);
        return;
    }
  }

 private:
  // Every node in turn while a slab brings it an arrival often enough; else only those that are
  // due.
  enum class Mode : std::uint8_t { kEveryNode, kDueNodes, kFleet, kReplay };
  struct DueNode {
    base::Duration time;
    std::uint32_t node;
  };

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
  base::Duration next_fleet_arrival_ = base::kForever;
  std::uint64_t fleet_number_ = 0;
  std::vector<std::uint32_t> class_of_replayed_;
};

}  // namespace edgecut::sim
