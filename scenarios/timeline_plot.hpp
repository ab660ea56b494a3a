// One node's queries over time, as a picture: what its uplink gave, how long each query took, and
// where it was cut.
#pragma once

#include <cstdint>
#include <vector>

#include "results/plot.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

/// Queries a policy at most; the first ones are drawn.
inline constexpr std::size_t kTimelineQueriesMax = 5000;

/// Three panels with common time: the uplink (where the node has one that takes time), latency by
/// policy, cut by policy. The results have logs; `node` counts through the groups. Throws
/// ConfigError when it has no completed query.
results::Plot timeline_plot(const Scenario& scenario, const std::vector<PolicyResult>& results,
                            std::uint32_t node);

}  // namespace edgecut::scenarios
