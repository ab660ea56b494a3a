// The true and the believed cost of every cut of every query class on every node group.
#pragma once

#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

/// Where policies get their costs from: the calibrated models themselves, or the forms fitted to
/// each layer type (predictors/form_predictor.hpp). The oracle always gets the former.
enum class Belief { kTruth, kForms };

/// File names are relative to `directory`. Fills in `scenario.model.costs`; of a layer graph they
/// list the cuts that are cheapest for what `scenario.policies` minimise, too. Throws
/// base::ConfigError when a cost model is missing or damaged.
void resolve_costs(Scenario& scenario, const std::filesystem::path& directory, Belief belief);

}  // namespace edgecut::scenarios
