// Regressions inside predictor files.
#pragma once

#include <nlohmann/json.hpp>

#include "base/json_fwd.hpp"
#include "predictors/regression.hpp"

namespace edgecut::predictors {

/// `value` rounded: more than any measurement holds, and less than what linear algebra may leave
/// different between compilers.
double six_digits(double value);

nlohmann::ordered_json regression_json(const Regression& regression);

/// Problems go to those of `value`; what is returned then must not be used.
Regression read_regression(const base::JsonValue& value, workloads::LayerType type, Target target);

}  // namespace edgecut::predictors
