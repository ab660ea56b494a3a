// A plan as text for a terminal, as JSON and as CSV (docs/formats.md, "Plans").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planning/plan.hpp"
#include "results/plot.hpp"

namespace edgecut::planning {

/// What is shown of one setting.
struct PlanView {
  const Setting* setting;
  /// Latency and energy, and what else was asked for.
  std::vector<Objective> objectives;
  std::optional<Sweep> sweep;  // else at the setting's rate
};

/// With a sweep, the intervals of the best cuts; else a table of all cuts, the best ones starred.
std::string plan_text(const PlanView& view);
/// Both; the keys are in docs/formats.md.
std::string plan_json(const PlanView& view);
/// A row a cut; with a sweep, a row a rate.
std::string plan_csv(const PlanView& view);

/// The study's Figures 5 and 6 for any network: time and output of every layer; latency and energy
/// of every cut by what they consist of, the best cut marked. With a sweep: the objectives over the
/// rate, the best cut against both ends.
results::Plot plan_plot(const PlanView& view);

}  // namespace edgecut::planning
