// How well a form predicts layers that it was not fitted to.
//
// The samples are dealt into folds, equal layers together (a shape measured twice is not held out
// by halves); each fold is predicted by the form fitted to the others. With 20 different layers or
// fewer each is a fold of its own (leave one out). Hyperparameters are found anew in every fold.
#pragma once

#include <optional>
#include <span>

#include "predictors/regression.hpp"

namespace edgecut::predictors {

/// Errors are |predicted / measured - 1|; quantiles are the nearest rank below.
struct FormScore {
  Form form = Form::kConstant;
  std::size_t layers = 0;
  double median = 0;
  double p90 = 0;
  double within_10 = 0;  // share of layers with an error of at most 10 %
  double within_20 = 0;
  double r2 = 0;  // of the values themselves, 1 - squared errors / squared deviations from the mean
};

FormScore score(Form form, std::span<const double> predicted, std::span<const double> measured);

struct FoldOptions {
  int folds = 5;  // 2 or more
  std::uint64_t seed = 1;
};

/// The held-out score; nothing when some fold leaves too few samples for the form.
std::optional<FormScore> cross_validate(Form form, workloads::LayerType type, Target target,
                                        std::span<const Sample> samples, const FormNeeds& needs,
                                        const FoldOptions& options);

}  // namespace edgecut::predictors
