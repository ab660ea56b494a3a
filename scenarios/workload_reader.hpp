// The "workload" part of a scenario: which queries, how many.
#pragma once

#include <filesystem>

#include "base/json_fwd.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/shared_inputs.hpp"

namespace edgecut::scenarios {

/// Fills in the query classes and the arrivals.
void read_workload(base::JsonObject& root, const std::filesystem::path& directory,
                   SharedInputs& inputs, Scenario& scenario);

}  // namespace edgecut::scenarios
