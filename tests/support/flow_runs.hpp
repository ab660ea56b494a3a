// Runs a network of flows through a list of starts, for tests: what ended when.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "sim/flow_network.hpp"

namespace edgecut::testing {

struct FlowStart {
  base::Duration at;
  std::uint32_t node = 0;
  sim::Direction direction = sim::Direction::kUp;
  base::DataSize size;
  /// The start that waits until this one has ended (its `at` does not count); none: the end.
  std::vector<std::size_t> then;
  bool chained = false;  // stands in another's `then`
};

struct FlowRun {
  /// By start, s; negative: not ended.
  std::vector<double> begins;
  std::vector<double> ends;
  std::vector<std::uint32_t> order;  // of the ends
  std::uint64_t under_way = 0;       // at the end, counted by the network

  /// How long a flow that has ended took, s.
  [[nodiscard]] double taken_s(std::size_t i) const { return ends[i] - begins[i]; }
};

/// To `until`; starts in the order of time. The handle of a flow is its place in `starts`.
FlowRun run_flows(sim::FlowNetwork& network, const std::vector<FlowStart>& starts,
                  base::Duration until);

/// The same on SimGrid, in a process of its own.
FlowRun run_simgrid_flows(const sim::FlowNetworkModel& model, const std::vector<FlowStart>& starts,
                          base::Duration until);

}  // namespace edgecut::testing
