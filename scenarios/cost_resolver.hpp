// The true and the believed cost of every cut of every query class on every node group.
#pragma once

#include "platforms/device.hpp"
#include "predictors/belief.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/shared_inputs.hpp"

namespace edgecut::scenarios {

std::shared_ptr<const platforms::Device> find_shared_device(const std::string& reference,
                                                            const std::filesystem::path& directory,
                                                            const std::string& where,
                                                            SharedInputs& inputs);

/// File names are relative to `directory`. Fills in `scenario.model.costs` and the
/// work of every kind of server: the truth, and what
/// policies believe by `belief` (the oracle always gets the truth); of a layer graph both list the
/// cuts that are cheapest for what `scenario.policies` minimise, too. Throws base::ConfigError when
/// a cost model is missing or damaged.
void resolve_costs(Scenario& scenario, const std::filesystem::path& directory,
                   const predictors::Belief& belief, SharedInputs& inputs);

}  // namespace edgecut::scenarios
