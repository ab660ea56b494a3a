// The "fleet" part of a scenario: which nodes over which networks.
#pragma once

#include <filesystem>

#include "base/json_fwd.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/shared_inputs.hpp"

namespace edgecut::scenarios {

/// Fills in the node groups with their networks and traces.
void read_fleet(base::JsonObject& root, const std::filesystem::path& directory,
                const ScenarioOptions& options, SharedInputs& inputs, Scenario& scenario);

}  // namespace edgecut::scenarios
