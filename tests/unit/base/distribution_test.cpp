#include "base/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace edgecut::base;

namespace {

constexpr int kDraws = 20000;
// Bounds on sample means are 4.5 standard errors: a chance of 7e-6 for another seed to fail.
constexpr double kZ = 4.5;
// Kolmogorov: P(sqrt(n) D > 2.3) = 2 exp(-2 * 2.3^2) = 5e-5.
constexpr double kKolmogorov = 2.3;

struct Named {
  std::string name;
  Distribution distribution;
};

std::vector<Named> continuous() {
  return {
      {"uniform", Distribution::uniform({.low = 1, .high = 4})},
      {"exponential", Distribution::exponential(0.3)},
      {"gamma, shape 4", Distribution::gamma({.mean = 2, .cv = 0.5})},
      {"gamma, shape 0.44", Distribution::gamma({.mean = 0.01, .cv = 1.5})},
      {"lognormal", Distribution::lognormal({.mean = 5, .cv = 0.7})},
      {"hyperexponential", Distribution::hyperexponential({.mean = 3, .cv = 2})},
      {"hyperexponential, cv 1", Distribution::hyperexponential({.mean = 3, .cv = 1})},
      {"empirical", Distribution::empirical({{0, 0}, {1, 0.4}, {1.5, 0.4}, {2, 0.9}, {9, 1}})},
  };
}

template <class Draw>
std::vector<double> sample(std::uint32_t entity, Draw draw) {
  RandomStream stream(RandomSource(11), Purpose::kTest, entity);
  std::vector<double> values(kDraws);
  for (double& value : values) {
    value = draw(stream);
  }
  std::sort(values.begin(), values.end());
  return values;
}

/// sqrt(n) times the largest distance between the sample's CDF and a continuous one.
template <class Cdf>
double kolmogorov(const std::vector<double>& sorted, Cdf cdf) {
  double distance = 0;
  const auto n = static_cast<double>(sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double p = cdf(sorted[i]);
    const auto below = static_cast<double>(i);
    distance = std::max({distance, p - below / n, (below + 1) / n - p});
  }
  return std::sqrt(n) * distance;
}

/// The integral of 1 - cdf over mean up to each of `sorted`, by Simpson's rule between neighbours:
/// the residual distribution of renewal theory.
double residual_kolmogorov(const Distribution& gaps, const std::vector<double>& sorted) {
  double integral = 0;
  double left = 0;
  const auto survival = [&gaps](double x) { return 1 - gaps.cdf(x); };
  std::vector<double> cdf;
  for (const double right : sorted) {
    integral +=
        (right - left) / 6 * (survival(left) + 4 * survival((left + right) / 2) + survival(right));
    cdf.push_back(integral / gaps.mean());
    left = right;
  }
  std::size_t i = 0;
  return kolmogorov(sorted, [&](double) { return cdf[i++]; });
}

}  // namespace

TEST_CASE("draws of every kind follow its distribution function (Kolmogorov-Smirnov)") {
  std::uint32_t entity = 0;
  for (const Named& named : continuous()) {
    CAPTURE(named.name);
    const auto values =
        sample(entity++, [&](RandomStream& s) { return named.distribution.draw(s); });
    CHECK(kolmogorov(values, [&](double x) { return named.distribution.cdf(x); }) < kKolmogorov);
  }
}

TEST_CASE("draws of every kind have its mean and its coefficient of variation") {
  std::uint32_t entity = 100;
  for (const Named& named : continuous()) {
    CAPTURE(named.name);
    const auto values =
        sample(entity++, [&](RandomStream& s) { return named.distribution.draw(s); });
    const double n = kDraws;
    const double mean = named.distribution.mean();
    const double deviation = mean * named.distribution.cv();
    double sum = 0;
    double square = 0;
    double fourth = 0;
    for (const double value : values) {
      const double centred = value - mean;
      sum += centred;
      square += centred * centred;
      fourth += centred * centred * centred * centred;
    }
    CHECK(std::abs(sum / n) < kZ * deviation / std::sqrt(n));
    // The standard error of a variance, its fourth moment estimated from the sample.
    const double variance = square / n;
    const double error = std::sqrt((fourth / n - variance * variance) / n);
    CHECK(std::abs(variance - deviation * deviation) < kZ * error);
  }
}

TEST_CASE("the first gap of a stationary process has the residual distribution") {
  std::uint32_t entity = 200;
  for (const Named& named : continuous()) {
    CAPTURE(named.name);
    const auto values =
        sample(entity++, [&](RandomStream& s) { return named.distribution.draw_residual(s); });
    CHECK(residual_kolmogorov(named.distribution, values) < kKolmogorov);
  }
  const auto phases =
      sample(entity, [](RandomStream& s) { return Distribution::constant(3).draw_residual(s); });
  CHECK(kolmogorov(phases, [](double x) { return std::clamp(x / 3, 0.0, 1.0); }) < kKolmogorov);
}

TEST_CASE("quantile and distribution function are inverse to each other") {
  for (const Named& named : continuous()) {
    CAPTURE(named.name);
    if (!named.distribution.has_quantile()) {
      CHECK(named.distribution.kind() == Distribution::Kind::kGamma);
      CHECK_THROWS_AS(static_cast<void>(named.distribution.quantile(0.5)), InternalError);
      continue;
    }
    double before = -1;
    for (const double p : {1e-12, 1e-6, 0.01, 0.3, 0.4, 0.5, 0.9, 0.999, 1 - 1e-9}) {
      CAPTURE(p);
      const double x = named.distribution.quantile(p);
      CHECK(x > before);
      CHECK(named.distribution.cdf(x) == doctest::Approx(p).epsilon(1e-12));
      before = x;
    }
  }
}

TEST_CASE("quantiles of a block are those of its members, to the bit") {
  std::vector<double> p = {0x1p-53, 0x1p-52, 0.25, 0.5, 0.75, 1 - 0x1p-52, 1 - 0x1p-53};
  RandomStream stream(RandomSource(11), Purpose::kTest, 0);
  for (int i = 0; i < 10000; ++i) {
    p.push_back(stream.uniform());
  }
  std::vector<double> values(p.size());
  std::vector<Named> kinds = continuous();
  kinds.push_back({"constant", Distribution::constant(3)});
  for (const Named& named : kinds) {
    CAPTURE(named.name);
    if (!named.distribution.has_quantile()) {
      CHECK_THROWS_AS(named.distribution.quantiles(p, values), InternalError);
      continue;
    }
    named.distribution.quantiles(p, values);
    for (std::size_t i = 0; i < p.size(); ++i) {
      REQUIRE(values[i] == named.distribution.quantile(p[i]));
    }
  }
}

TEST_CASE("the largest and the smallest uniform give finite, ordered draws") {
  for (const Named& named : continuous()) {
    if (named.distribution.has_quantile()) {
      CAPTURE(named.name);
      const double low = named.distribution.quantile(0x1p-53);
      const double high = named.distribution.quantile(1 - 0x1p-53);
      CHECK(low >= 0);
      CHECK(high > low);
      CHECK(std::isfinite(high));
    }
  }
}

TEST_CASE("scaling to a mean scales every draw and keeps the cv") {
  constexpr double kMean = 0.125;  // a power of two, so that scaling is exact for a mean of 1
  for (const Named& named : continuous()) {
    CAPTURE(named.name);
    const Distribution unit = named.distribution.scaled_to_mean(1);
    const Distribution scaled = unit.scaled_to_mean(kMean);
    CHECK(scaled.mean() == kMean);
    CHECK(scaled.cv() == named.distribution.cv());
    RandomStream a(RandomSource(3), Purpose::kTest, 0);
    RandomStream b(RandomSource(3), Purpose::kTest, 0);
    for (int i = 0; i < 100; ++i) {
      CHECK(scaled.draw(a) == kMean * unit.draw(b));
    }
  }
}

TEST_CASE("a constant draws itself and steps at its value") {
  const auto five = Distribution::constant(5);
  RandomStream stream(RandomSource(1), Purpose::kTest, 0);
  CHECK(five.draw(stream) == 5);
  CHECK(five.cv() == 0);
  CHECK(five.cdf(4.999) == 0);
  CHECK(five.cdf(5) == 1);
  CHECK(Distribution::constant(0).draw(stream) == 0);
}

TEST_CASE("the moments of an empirical distribution are those of its polygon") {
  // Uniform on [0, 2] with probability 1/2, an atom at 4 with probability 1/2.
  const auto distribution = Distribution::empirical({{0, 0}, {2, 0.5}, {4, 0.5}, {4, 1}});
  const double mean = (0.5 * 1) + (0.5 * 4);
  const double square = 0.5 * (2 * 2 / 3.0) + 0.5 * 16;
  CHECK(distribution.mean() == doctest::Approx(mean).epsilon(1e-14));
  CHECK(distribution.cv() == doctest::Approx(std::sqrt(square - mean * mean) / mean));
  CHECK(distribution.quantile(0.25) == doctest::Approx(1).epsilon(1e-14));
  CHECK(distribution.quantile(0.75) == doctest::Approx(4).epsilon(1e-14));
  CHECK(distribution.cdf(3) == 0.5);
  CHECK(distribution.cdf(100) == 1);
  CHECK(distribution.cdf(-1) == 0);
}

TEST_CASE("an empirical distribution that stops early is conditioned on what it covers") {
  const std::vector<CdfPoint> cut = {{0, 0}, {1, 0.5}, {3, 0.999}};
  std::vector<CdfPoint> whole = cut;
  for (CdfPoint& point : whole) {
    point.probability /= 0.999;
  }
  CHECK(Distribution::empirical(cut).mean() == Distribution::empirical(whole).mean());
  const auto distribution = Distribution::empirical(cut).scaled_to_mean(10);
  const auto values = sample(300, [&](RandomStream& stream) { return distribution.draw(stream); });
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  CHECK(std::abs(sum / kDraws - 10) < kZ * 10 * distribution.cv() / std::sqrt(1.0 * kDraws));
}

TEST_CASE("parameters out of range are bugs of the caller") {
  CHECK_THROWS_AS(Distribution::exponential(0), InternalError);
  CHECK_THROWS_AS(Distribution::exponential(std::numeric_limits<double>::quiet_NaN()),
                  InternalError);
  CHECK_THROWS_AS(Distribution::uniform({.low = 2, .high = 2}), InternalError);
  CHECK_THROWS_AS(Distribution::gamma({.mean = 1, .cv = 0}), InternalError);
  CHECK_THROWS_AS(Distribution::hyperexponential({.mean = 1, .cv = 0.9}), InternalError);
  CHECK_THROWS_AS(Distribution::empirical({{0, 0}}), InternalError);
  CHECK_THROWS_AS(Distribution::empirical({{0, 0}, {0, 1}}), InternalError);
  CHECK_THROWS_AS(Distribution::empirical({{0, 0}, {2, 0.5}, {1, 1}}), InternalError);
}
