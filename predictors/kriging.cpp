#include "predictors/kriging.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>

#include "base/errors.hpp"
#include "base/stable_math.hpp"

namespace edgecut::predictors {
namespace {

constexpr double kTrendVariance = 100;  // in units of the surface's variance: as good as free
constexpr std::array kLengths = {0.5, 1.0, 2.0, 4.0, 8.0};
constexpr std::array kNoises = {0.003, 0.01, 0.03, 0.1, 0.3, 1.0};

double covariance(const Eigen::VectorXd& a, const Eigen::VectorXd& b, double length, bool trend) {
  constexpr double kSqrt3 = 1.7320508075688772;
  const double r = kSqrt3 * (a - b).norm() / length;
  return (1 + r) * base::stable_exp(-r) + (trend ? kTrendVariance * (1 + a.dot(b)) : 0);
}

Eigen::MatrixXd covariances(const Eigen::MatrixXd& points, double length, bool trend) {
  const Eigen::Index n = points.rows();
  const Eigen::MatrixXd columns = points.transpose();
  Eigen::MatrixXd result(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j <= i; ++j) {
      result(i, j) = covariance(columns.col(i), columns.col(j), length, trend);
      result(j, i) = result(i, j);
    }
  }
  return result;
}

void standardise(const Eigen::MatrixXd& columns, Kriging& kriging) {
  kriging.centre = columns.colwise().mean();
  kriging.points = columns.rowwise() - kriging.centre.transpose();
  kriging.spread =
      (kriging.points.colwise().squaredNorm() / static_cast<double>(columns.rows())).cwiseSqrt();
  for (Eigen::Index j = 0; j < columns.cols(); ++j) {
    kriging.spread(j) = kriging.spread(j) > 1e-9 ? kriging.spread(j) : 1;
  }
  kriging.points = kriging.points * kriging.spread.cwiseInverse().asDiagonal();
}

}  // namespace

Kriging fit_kriging(const Eigen::MatrixXd& columns, const Eigen::VectorXd& values, bool has_trend) {
  const Eigen::Index n = columns.rows();
  EC_CHECK(n >= 2 && n <= kKrigingSamplesMax && values.size() == n, "2 to 400 samples");
  Kriging kriging;
  kriging.has_trend = has_trend;
  standardise(columns, kriging);
  kriging.weights = Eigen::VectorXd::Zero(n);
  double best = -std::numeric_limits<double>::infinity();
  for (const double length : kLengths) {
    const Eigen::MatrixXd kernel = covariances(kriging.points, length, has_trend);
    for (const double noise : kNoises) {
      Eigen::MatrixXd noisy = kernel;
      noisy.diagonal().array() += noise;
      const Eigen::LLT<Eigen::MatrixXd> factors(noisy);
      const Eigen::VectorXd weights = factors.solve(values);
      const double variance = values.dot(weights) / static_cast<double>(n);
      if (factors.info() != Eigen::Success || !(variance > 0)) {
        continue;  // all values are 0, and so is the surface
      }
      double log_determinant = 0;
      for (Eigen::Index i = 0; i < n; ++i) {
        log_determinant += base::stable_log(factors.matrixLLT()(i, i));
      }
      const double likelihood =
          -0.5 * static_cast<double>(n) * base::stable_log(variance) - log_determinant;
      if (likelihood > best) {
        best = likelihood;
        kriging.length = length;
        kriging.weights = weights;
      }
    }
  }
  return kriging;
}

double krige(const Kriging& kriging, const Eigen::VectorXd& point) {
  const Eigen::VectorXd z = (point - kriging.centre).cwiseQuotient(kriging.spread);
  double sum = 0;
  for (Eigen::Index i = 0; i < kriging.points.rows(); ++i) {
    sum += kriging.weights(i) *
           covariance(z, kriging.points.row(i).transpose(), kriging.length, kriging.has_trend);
  }
  return sum;
}

}  // namespace edgecut::predictors
