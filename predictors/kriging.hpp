// Kriging (Gaussian process regression): what neighbours missed, carried over to a new point.
//
// Rasmussen and Williams, Gaussian Processes for Machine Learning, MIT Press 2006, chapters 2 and
// 5: a Matern kernel of order 3/2 on standardised columns, k(r) = (1 + sqrt3 r) exp(-sqrt3 r) with
// r the distance over one length, plus noise and, when asked for, a linear trend with a wide prior.
// Length and noise are the pair of a grid with the largest marginal likelihood, in which the
// overall variance is profiled out: nothing held out is looked at. Without the trend the surface
// falls back to 0 far from all samples. Costs n^3: for some hundred samples.
#pragma once

#include <Eigen/Core>

namespace edgecut::predictors {

struct Kriging {
  Eigen::VectorXd centre;  // of each column
  Eigen::VectorXd spread;  // standard deviation of each column; 1 for a constant one
  Eigen::MatrixXd points;  // standardised, a row a sample
  Eigen::VectorXd weights;
  double length = 1;
  bool has_trend = false;
};

/// The most samples that fit_kriging takes.
inline constexpr Eigen::Index kKrigingSamplesMax = 400;

/// `columns` has a row a sample (2 or more), `values` what the surface should meet there.
Kriging fit_kriging(const Eigen::MatrixXd& columns, const Eigen::VectorXd& values, bool has_trend);

/// The surface at a point given in the columns' own units.
double krige(const Kriging& kriging, const Eigen::VectorXd& point);

}  // namespace edgecut::predictors
