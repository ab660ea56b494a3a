// Means with intervals from the totals of a run's equally long stretches.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "results/intervals.hpp"
#include "sim/outcome.hpp"

namespace edgecut::scenarios {

/// What is summed up in a stretch, and over how many (queries, seconds, ...).
using Term = std::function<results::RatioTerm(const sim::ClassTotals&, base::Duration length)>;

/// Which groups and classes count: all of them when absent.
using ClassIndex = std::optional<std::size_t>;

/// The totals of a stretch, and its length.
struct StretchTotals {
  sim::ClassTotals totals;
  base::Duration length;
};

/// What the ratios below are made from: the run after its warm-up, in batches. For several ratios
/// of the same queries.
std::vector<StretchTotals> batch_totals(const sim::RunOutcome& outcome, ClassIndex of);

/// The ratio of the terms over the batches. Nothing when the weights are all zero.
std::optional<results::Estimate> estimate_ratio(const std::vector<StretchTotals>& batches,
                                                double confidence, const Term& term);

}  // namespace edgecut::scenarios
