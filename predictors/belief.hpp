// Which costs somebody believes in: the true ones, or those of a predictor.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "predictors/cost_model.hpp"

namespace edgecut::predictors {

enum class BeliefKind {
  kTruth,      // the calibrated cost model, measured layers as measured
  kForms,      // the cost model's formula of each layer type (predictors/form_predictor.hpp)
  kPublished,  // the study's regressions (predictors/published)
  kFitted,     // the best regression of each type (predictors/fitted)
};

struct Belief {
  BeliefKind kind = BeliefKind::kTruth;
  std::map<std::string, std::string> files;  // device or server as named -> predictor file
};

/// "truth", "forms", "published", "fitted".
const std::vector<std::string>& belief_names();

/// The costs of a device or server under a belief. `device` is a name or path as in a scenario;
/// paths are relative to `directory`. Throws base::ConfigError when there is no such device, cost
/// model or predictor; so does the model's cost() for a layer type that a predictor cannot predict.
std::unique_ptr<CostModel> find_costs(const std::string& device, const Belief& belief,
                                      const std::filesystem::path& directory);

}  // namespace edgecut::predictors
