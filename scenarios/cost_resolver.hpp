// The true and the believed cost of every cut of every query class on every node group.
#pragma once

#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

/// Fills in `scenario.model.costs`. Throws base::ConfigError when a cost model is missing or
/// damaged.
void resolve_costs(Scenario& scenario);

}  // namespace edgecut::scenarios
