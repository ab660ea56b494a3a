// From measured layers to a predictor: the form of each layer type is the one that does best on
// layers held out (predictors/cross_validation.hpp).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "predictors/predictor.hpp"
#include "predictors/profile.hpp"

namespace edgecut::predictors {

enum class FormChoice { kPublished, kBest };

struct FitOptions {
  FormChoice forms = FormChoice::kBest;
  FoldOptions folds;
};

/// More samples of one type than this are thinned out evenly: nothing is gained by more.
inline constexpr std::size_t kSamplesMax = 50'000;

/// Tries the forms on one type and keeps the best; the published form is tried and reported in any
/// case. One sample alone gives its own time to every layer of the type. Nothing when no form
/// applies (no samples; the published form where layers have no work).
std::optional<TypePredictor> fit_type(workloads::LayerType type, std::vector<Sample> times,
                                      std::vector<Sample> powers, bool input_is_copied,
                                      const FitOptions& options);

/// Seconds in which a byte of weights is read, by fully connected layers; 0 without any.
double memory_s_per_byte(std::span<const Sample> fully_connected, bool input_is_copied);

/// A predictor for every type of the profile.
PredictorData fit_predictor(const Profile& profile, const std::string& device,
                            const FitOptions& options);

}  // namespace edgecut::predictors
