// The fleet as a compact array, 80 bytes a node.
#pragma once

#include <cstdint>
#include <vector>

#include "base/quantity.hpp"
#include "base/random.hpp"
#include "sim/run_model.hpp"

namespace edgecut::sim {

struct Node {
  base::Duration next_arrival = base::kForever;
  base::Duration processor_free_at;
  base::Duration uplink_free_at;
  /// For deciders that look ahead: until when the decisions so far keep the uplink busy. Where
  /// radio states delay uploads, these are booked later than decided; this does not count the
  /// promotions.
  base::Duration uplink_promised_until;
  base::Duration downlink_free_at;
  base::Duration radio_active_until = -base::kForever;  // of a radio with states
  base::Duration radio_ready_at;                        // promotion under way until then
  /// Answers wait until so long after the last activity; zero: none does.
  base::Duration radio_hears_after;
  std::uint32_t query_number = 0;
  std::uint32_t trace = 0;
  std::uint32_t group = 0;
  float trace_offset_share = 0;  // of the trace's period
};
static_assert(sizeof(Node) == 80);

/// Every node with its trace and its place in it, before any arrival.
inline std::vector<Node> make_nodes(const RunModel& model, const base::RandomSource& source,
                                    const std::vector<std::uint32_t>& first_trace_of_group) {
  std::vector<Node> nodes(model.nodes());
  std::uint32_t id = 0;
  for (std::uint32_t g = 0; g < model.groups.size(); ++g) {
    const NodeGroup& group = model.groups[g];
    for (std::uint32_t i = 0; i < group.count; ++i, ++id) {
      Node& node = nodes[id];
      node.group = g;
      node.trace = first_trace_of_group[g] + i % static_cast<std::uint32_t>(group.traces.size());
      if (group.random_offset) {
        node.trace_offset_share =
            static_cast<float>(source.uniforms(base::Purpose::kTraceOffset, id, 0).first);
      }
    }
  }
  return nodes;
}

}  // namespace edgecut::sim
