// What lies between a node group and the cloud: the rate of its uplink over time and its latency.
#pragma once

#include "base/json_fwd.hpp"
#include "scenarios/trace_loader.hpp"
#include "sim/run_model.hpp"

namespace edgecut::scenarios {

/// The keys trace, trace_*, and bandwidth_mbps of a group (`value`), whose network is known.
void read_uplink(const base::JsonValue& value, base::JsonObject& object, TraceLoader& traces,
                 sim::NodeGroup& group);

/// The key round_trip_ms: recorded round trips instead of the network's latencies, whose median
/// becomes the network's. Refuses latencies that the engine cannot run exactly. `network` is the
/// place of the network's reference.
void read_latency(const base::JsonValue& network, base::JsonObject& object, TraceLoader& traces,
                  sim::NodeGroup& group);

}  // namespace edgecut::scenarios
