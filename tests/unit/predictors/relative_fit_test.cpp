#include "predictors/relative_fit.hpp"

#include <cmath>

#include <doctest/doctest.h>

using namespace edgecut::predictors;

TEST_CASE("a fit recovers the coefficients of samples without noise, over six decades") {
  const Eigen::Vector3d truth(1e-4, 2e-9, 3e-6);
  Eigen::MatrixXd amounts(6, 3);
  for (int i = 0; i < 6; ++i) {
    amounts.row(i) << 1, std::pow(10.0, i + 3), (i * 7) % 5;
  }
  const Eigen::VectorXd fitted = fit_relative(amounts, amounts * truth);
  for (int j = 0; j < 3; ++j) {
    CHECK(fitted(j) == doctest::Approx(truth(j)).epsilon(1e-8));
  }
}

TEST_CASE("a coefficient that would be negative becomes zero and the others are fitted again") {
  // Times fall as the second amount rises, so only the constant stays: the c that minimises
  // sum (c / t - 1)^2 is sum(1/t) / sum(1/t^2).
  Eigen::MatrixXd amounts(3, 2);
  amounts << 1, 1, 1, 2, 1, 3;
  const Eigen::Vector3d times(3, 2, 1);
  const Eigen::VectorXd fitted = fit_relative(amounts, times);
  CHECK(fitted(1) == 0.0);
  CHECK(fitted(0) == doctest::Approx((1.0 / 3 + 1.0 / 2 + 1) / (1.0 / 9 + 1.0 / 4 + 1)));
}

TEST_CASE("an amount that is zero in every sample gets no coefficient") {
  Eigen::MatrixXd amounts(2, 2);
  amounts << 1, 0, 2, 0;
  const Eigen::VectorXd fitted = fit_relative(amounts, Eigen::Vector2d(3, 6));
  CHECK(fitted(0) == doctest::Approx(3));
  CHECK(fitted(1) == 0.0);
}

TEST_CASE("errors are relative to what was measured") {
  const FitErrors errors = relative_errors(Eigen::Vector3d(1.5, 2, 3), Eigen::Vector3d(1, 2, 4));
  CHECK(errors.samples == 3);
  CHECK(errors.median == doctest::Approx(0.25));
  CHECK(errors.max == doctest::Approx(0.5));
}
