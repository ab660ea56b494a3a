// Random networks of flows and what goes over them, the same for the same seed.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "platforms/topology.hpp"
#include "sim/flow_network.hpp"
#include "support/flow_runs.hpp"

namespace edgecut::testing {

struct RandomFlowsOptions {
  std::size_t nodes_max = 20;
  std::size_t flows_max = 200;
  double steps_over_s = 20;  // periods of the traces, about
  double start_s = 0;        // of the first flow
};

struct RandomFlows {
  std::unique_ptr<platforms::Topology> topology;  // where the model's pointers stay valid
  std::vector<std::unique_ptr<platforms::RateTrace>> uplinks;
  sim::FlowNetworkModel model;
  std::vector<FlowStart> starts;
};

/// Channels with and without traces, outages among them; caps, offsets, unlimited links, routes
/// without channels; rates and sizes over three orders of magnitude; flows that start when another
/// ends, and several at one instant. A node has at most one flow a direction under way.
RandomFlows random_flows(std::uint64_t seed, const RandomFlowsOptions& options = {});

}  // namespace edgecut::testing
