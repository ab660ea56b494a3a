// How devices estimate the rate of their uplinks: the key "estimator" of a scenario and of a
// policy.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/json_fwd.hpp"
#include "platforms/rate_estimator.hpp"
#include "sim/run_model.hpp"

namespace edgecut::scenarios {

/// A name, or an object with it and its parameters. Adds to the value's problems, also for windows
/// of which a trace of `model` has too many.
platforms::EstimatorSpec read_estimator(const base::JsonValue& value, const sim::RunModel& model);

/// With a trace that has too many windows of the default: how to say longer ones.
void check_default_estimator(const base::JsonObject& root, const sim::RunModel& model);

/// For run_info.json and summary.json.
nlohmann::ordered_json estimator_json(const platforms::EstimatorSpec& spec);

}  // namespace edgecut::scenarios
