// Least squares of the relative error with coefficients that are never negative.
//
// Minimises sum over samples of (predicted / measured - 1)^2, the error that matters when layers
// span five orders of magnitude. Non-negative coefficients keep the form sensible outside the range
// of the samples: more work never takes less time.
#pragma once

#include <Eigen/Core>

#include "predictors/layer_form.hpp"

namespace edgecut::predictors {

/// `amounts` has a row a sample, `times` the measured seconds (> 0). Columns of zeros get 0. The
/// result is that of Lawson and Hanson's active-set method (Solving Least Squares Problems, 1974).
Eigen::VectorXd fit_relative(const Eigen::MatrixXd& amounts, const Eigen::VectorXd& times);

/// Errors of predictions, both in seconds; percentiles are the nearest rank below.
FitErrors relative_errors(const Eigen::VectorXd& predicted, const Eigen::VectorXd& measured);

}  // namespace edgecut::predictors
