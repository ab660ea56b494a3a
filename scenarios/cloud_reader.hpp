// The part of a scenario that describes the data centre.
#pragma once

#include "base/json_fwd.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

/// Fills in the cluster but for the work of the servers (cost_resolver.hpp).
void read_cloud(base::JsonObject& root, const std::filesystem::path& directory,
                SharedInputs& inputs, Scenario& scenario);

}  // namespace edgecut::scenarios
