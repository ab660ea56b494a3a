// Means with intervals from the totals of a run's equally long stretches.
#pragma once

#include <functional>
#include <optional>

#include "results/intervals.hpp"
#include "sim/outcome.hpp"

namespace edgecut::scenarios {

/// What is summed up in a stretch, and over how many (queries, seconds, ...).
using Term = std::function<results::RatioTerm(const sim::ClassTotals&, base::Duration length)>;

/// Which groups and classes count: all of them when absent.
using ClassIndex = std::optional<std::size_t>;

/// The ratio of the terms over the run after its warm-up, by batch means over its stretches.
/// Nothing when the weights are all zero.
std::optional<results::Estimate> estimate_ratio(const sim::RunOutcome& outcome, ClassIndex of,
                                                double confidence, const Term& term);

}  // namespace edgecut::scenarios
