// Cells with processor sharing: the flow network of the queueing engine.
//
// A channel that several nodes share gives all flows on it the same rate, bounded by what each
// node's own link can do: with n flows of the bounds a <= b <= ... the level L with
// sum min(bound, L) = capacity. For one bound that is generalised processor sharing; without one,
// the queue M/G/1-PS (Kleinrock 1967). Flows of one bound run at one rate, so they end in the order
// of (bits served by then + own bits): a virtual clock and a heap for each bound make a flow cost
// O(log n) whatever the number under way (Parekh and Gallager's virtual time, 1993).
//
// What it can do: each route crosses at most one channel in a direction, and the nodes behind a
// channel have own links of constant rate. A direction without a channel is the node's own link
// alone, trace or not. Anything else is for SimGrid. A channel's own rate may vary.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sim/flow_network.hpp"

namespace edgecut::sim {

/// Why cells cannot do this; nothing when they can.
std::optional<std::string> beyond_cells(const FlowNetworkModel& model);

/// Precondition: !beyond_cells(model). `model` must outlive the network.
std::unique_ptr<FlowNetwork> make_shared_cells(const FlowNetworkModel& model);

}  // namespace edgecut::sim
