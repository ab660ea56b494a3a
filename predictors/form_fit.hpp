// Fitting of one parametric form a layer type to measured layers: step 1 of calibrate.hpp.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "predictors/calibrated_model.hpp"

namespace edgecut::predictors {

/// A measured layer; the pointers' targets must outlive the fit.
struct FitSample {
  const workloads::Layer* layer;
  base::Duration time;
};

struct FitSamples {
  std::vector<FitSample> in_networks;
  std::vector<FitSample> alone;  // time includes the copy of the input from the host
};

struct FittedForms {
  std::array<LayerForm, kLayerTypes> forms;
  std::array<bool, kLayerTypes> is_from_alone{};  // the network factor applies
};

/// A form for every layer type. Throws ConfigError at `where` when a type that others depend on has
/// too few samples.
FittedForms fit_forms(const FitSamples& samples, const std::string& where);

}  // namespace edgecut::predictors
