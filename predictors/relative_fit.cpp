#include "predictors/relative_fit.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <Eigen/QR>

#include "base/errors.hpp"

namespace edgecut::predictors {
namespace {

// The unconstrained solution on the columns marked free; zero elsewhere.
Eigen::VectorXd solve_free(const Eigen::MatrixXd& a, const Eigen::VectorXd& b,
                           const std::vector<bool>& free) {
  std::vector<Eigen::Index> columns;
  for (Eigen::Index j = 0; j < a.cols(); ++j) {
    if (free[static_cast<std::size_t>(j)]) {
      columns.push_back(j);
    }
  }
  Eigen::MatrixXd part(a.rows(), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t k = 0; k < columns.size(); ++k) {
    part.col(static_cast<Eigen::Index>(k)) = a.col(columns[k]);
  }
  const Eigen::VectorXd solution = part.colPivHouseholderQr().solve(b);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(a.cols());
  for (std::size_t k = 0; k < columns.size(); ++k) {
    x(columns[k]) = solution(static_cast<Eigen::Index>(k));
  }
  return x;
}

// Moves from x towards the solution on the free columns; columns that would turn negative leave.
void step_within_bounds(const Eigen::MatrixXd& a, const Eigen::VectorXd& b, std::vector<bool>& free,
                        Eigen::VectorXd& x) {
  while (true) {
    const Eigen::VectorXd target = solve_free(a, b, free);
    double step = 1;
    for (Eigen::Index j = 0; j < x.size(); ++j) {
      if (free[static_cast<std::size_t>(j)] && target(j) <= 0) {
        step = std::min(step, x(j) / (x(j) - target(j)));
      }
    }
    if (step >= 1) {
      x = target;
      return;
    }
    x += step * (target - x);
    for (Eigen::Index j = 0; j < x.size(); ++j) {
      if (free[static_cast<std::size_t>(j)] && target(j) <= 0 && x(j) <= 1e-12) {
        free[static_cast<std::size_t>(j)] = false;
        x(j) = 0;
      }
    }
  }
}

// Lawson-Hanson; columns of `a` have length 1 or 0.
Eigen::VectorXd non_negative_least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b) {
  constexpr double kGradientMin = 1e-10;
  const auto columns = static_cast<std::size_t>(a.cols());
  std::vector<bool> free(columns, false);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(a.cols());
  for (std::size_t round = 0; round < 3 * columns; ++round) {
    const Eigen::VectorXd gradient = a.transpose() * (b - a * x);
    Eigen::Index best = -1;
    for (Eigen::Index j = 0; j < a.cols(); ++j) {
      if (!free[static_cast<std::size_t>(j)] && gradient(j) > kGradientMin &&
          (best < 0 || gradient(j) > gradient(best))) {
        best = j;
      }
    }
    if (best < 0) {
      break;
    }
    free[static_cast<std::size_t>(best)] = true;
    step_within_bounds(a, b, free, x);
  }
  return x;
}

}  // namespace

Eigen::VectorXd fit_relative(const Eigen::MatrixXd& amounts, const Eigen::VectorXd& times) {
  EC_CHECK(amounts.rows() == times.size() && times.minCoeff() > 0, "samples need times above 0");
  Eigen::MatrixXd a = times.cwiseInverse().asDiagonal() * amounts;
  Eigen::VectorXd scale = a.colwise().norm();
  for (Eigen::Index j = 0; j < a.cols(); ++j) {
    scale(j) = scale(j) > 0 ? scale(j) : 1;
    a.col(j) /= scale(j);
  }
  const Eigen::VectorXd x = non_negative_least_squares(a, Eigen::VectorXd::Ones(a.rows()));
  return x.cwiseQuotient(scale);
}

FitErrors relative_errors(const Eigen::VectorXd& predicted, const Eigen::VectorXd& measured) {
  std::vector<double> errors;
  for (Eigen::Index i = 0; i < measured.size(); ++i) {
    errors.push_back(std::abs(predicted(i) / measured(i) - 1));
  }
  std::sort(errors.begin(), errors.end());
  const std::size_t n = errors.size();
  if (n == 0) {
    return {};
  }
  return {.samples = n,
          .median = errors[(n - 1) / 2],
          .p90 = errors[(n - 1) * 9 / 10],
          .max = errors[n - 1]};
}

}  // namespace edgecut::predictors
