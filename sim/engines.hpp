// The engines by name: one model, two ways to work its transfers out.
#pragma once

#include "policies/policy.hpp"
#include "sim/outcome.hpp"
#include "sim/run_control.hpp"
#include "sim/run_model.hpp"

namespace edgecut::sim {

/// Throws ConfigError at "/engine" where this program cannot have it.
void check_engine(Engine engine);

/// Runs `policy` on `model` to its stop rule, on the engine that the model asks for; SimGrid in a
/// process of its own. Throws InternalError when queries are lost (issued = completed + dropped +
/// in flight), Cancelled when `options.cancelled` is set.
RunOutcome run_model(const RunModel& model, const policies::Policy& policy,
                     const RunOptions& options = {});

}  // namespace edgecut::sim
