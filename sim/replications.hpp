// Independent replications of one run, put together to one outcome.
//
// R replications of a run differ in their random draws only (RunModel::replication). Each drops its
// own warm-up and gives ceil(32 / R) batches; all batches together carry the intervals. From 32
// replications on a batch is a replication: then the interval rests on the variance between
// independent runs and assumes nothing about correlation within one.
#pragma once

#include <vector>

#include "sim/outcome.hpp"

namespace edgecut::sim {

/// Makes an outcome small: its batches instead of its statistics over time, its stretches as few.
/// One of `replications`.
void condense(RunOutcome& outcome, std::size_t replications);

/// The outcome of all; in the order given, at least one, all condensed.
RunOutcome merge_replications(std::vector<RunOutcome> outcomes);

}  // namespace edgecut::sim
