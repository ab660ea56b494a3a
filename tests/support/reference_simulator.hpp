// The model of docs/model.md a second time, plainly: one heap of events, a radio that knows only
// its present state, transfers stepped through the trace. Slow, and shares no code with the
// engine's stations; what is drawn at random (arrivals, times of jobs) and which cut was chosen is
// taken from the engine's log.
#pragma once

#include <vector>

#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::testing {

struct ReferenceRun {
  sim::QueryLog queries;  // by (node, number)
  base::Energy unattributed_tail;
  /// What the servers published, and from when on devices know it.
  std::vector<std::pair<double, policies::ServerLoad>> loads;
};

/// Simulates the queries of a log. The log must be of a run that was drained: a query that is
/// missing may have been in the way of others.
ReferenceRun simulate_plainly(const sim::RunModel& model, const sim::QueryLog& log);

/// How long `size` takes from `start` on the node's trace, by stepping through it.
double plain_transfer_s(const sim::RunModel& model, std::uint32_t node, double start_s,
                        double bits);

/// The trace of a node, and where in it the node starts, s.
struct NodeTrace {
  const platforms::RateTrace* trace = nullptr;
  double offset_s = 0;
  bool instant = false;
};
NodeTrace trace_of(const sim::RunModel& model, std::uint32_t node);

}  // namespace edgecut::testing
