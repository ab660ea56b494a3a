#include "base/distribution.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

namespace edgecut::base {
namespace {

// Mean and mean square of a piecewise linear CDF: on a segment X is uniform between its ends.
struct Moments {
  double mean = 0;
  double square = 0;
};

Moments moments_of(const std::vector<CdfPoint>& points) {
  Moments moments;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const double x = points[i].value;
    const double y = points[i + 1].value;
    const double mass = points[i + 1].probability - points[i].probability;
    moments.mean += mass * (x + y) / 2;
    moments.square += mass * (x * x + x * y + y * y) / 3;
  }
  return moments;
}

// Drops points without mass at both ends and divides by the last probability.
std::vector<CdfPoint> normalised(const std::vector<CdfPoint>& points) {
  const double total = points.back().probability;
  std::vector<CdfPoint> result;
  for (const CdfPoint& point : points) {
    const double probability = point.probability / total;
    if (probability == 0) {
      result.assign(1, {point.value, 0});
    } else if (result.back().probability < 1) {
      result.push_back({point.value, probability});
    }
  }
  return result;
}

bool is_positive(double x) { return x > 0 && std::isfinite(x); }

void check_moments(MeanAndCv moments, double cv_min) {
  EC_CHECK(is_positive(moments.mean) && moments.cv >= cv_min && moments.cv <= kCvMax,
           "mean or cv of a distribution out of range");
}

}  // namespace

Distribution Distribution::constant(double value) {
  EC_CHECK(value >= 0 && std::isfinite(value), "a constant must be finite and not negative");
  return {Kind::kConstant, {value, 0}, 0, 0};
}

Distribution Distribution::uniform(Bounds bounds) {
  EC_CHECK(bounds.low >= 0 && bounds.high > bounds.low && std::isfinite(bounds.high),
           "uniform bounds out of order");
  const double mean = bounds.low + (bounds.high - bounds.low) / 2;
  const double width = (bounds.high - bounds.low) / mean;
  return {Kind::kUniform, {mean, width / std::sqrt(12.0)}, bounds.low / mean, width};
}

Distribution Distribution::exponential(double mean) {
  check_moments({mean, 1}, 0);
  return {Kind::kExponential, {mean, 1}, 0, 0};
}

Distribution Distribution::gamma(MeanAndCv moments) {
  check_moments(moments, kCvMin);
  return {Kind::kGamma, moments, 1 / (moments.cv * moments.cv), 0};
}

Distribution Distribution::lognormal(MeanAndCv moments) {
  check_moments(moments, kCvMin);
  const double variance = stable_log(1 + moments.cv * moments.cv);  // of log X
  return {Kind::kLognormal, moments, -variance / 2, std::sqrt(variance)};
}

Distribution Distribution::hyperexponential(MeanAndCv moments) {
  check_moments(moments, 1);
  const double square = moments.cv * moments.cv;
  const double faster = (1 + std::sqrt((square - 1) / (square + 1))) / 2;
  return {Kind::kHyperexponential, moments, faster, stable_log(1 - faster)};
}

Distribution Distribution::empirical(std::vector<CdfPoint> points) {
  EC_CHECK(points.size() >= 2 && points.front().value >= 0 && points.front().probability == 0 &&
               points.back().probability > 0 && points.back().probability <= 1 &&
               std::isfinite(points.back().value),
           "an empirical distribution goes from probability 0 to (0, 1]");
  for (std::size_t i = 1; i < points.size(); ++i) {
    EC_CHECK(points[i].value >= points[i - 1].value &&
                 points[i].probability >= points[i - 1].probability,
             "an empirical distribution must not fall");
  }
  points = normalised(points);
  const double mean = moments_of(points).mean;
  EC_CHECK(is_positive(mean), "an empirical distribution needs a positive mean");
  for (CdfPoint& point : points) {
    point.value /= mean;
  }
  const Moments unit = moments_of(points);
  const double variance = std::max(0.0, unit.square - unit.mean * unit.mean);
  Distribution result(Kind::kEmpirical, {mean, std::sqrt(variance) / unit.mean}, 0, 0);

  Table table;
  table.guide.resize(points.size());
  std::size_t i = 0;
  for (std::size_t k = 0; k < table.guide.size(); ++k) {
    const double p = static_cast<double>(k) / static_cast<double>(table.guide.size());
    while (points[i + 1].probability < p) {
      ++i;
    }
    // One back against rounding of p * size: the walk in the quantile only goes forward.
    table.guide[k] = static_cast<std::uint32_t>(i > 0 ? i - 1 : 0);
  }
  double biased = 0;
  table.biased.push_back(0);
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    const double mass = points[k + 1].probability - points[k].probability;
    biased += mass * (points[k].value + points[k + 1].value) / 2;
    table.biased.push_back(biased);
  }
  table.points = std::move(points);
  result.table_ = std::make_shared<const Table>(std::move(table));
  return result;
}

double Distribution::cdf(double x) const {
  if (!(x >= 0)) {
    return 0;
  }
  if (scale_ == 0) {
    return 1;
  }
  const double y = x / scale_;
  switch (kind_) {
    case Kind::kConstant:
      return x >= scale_ ? 1 : 0;
    case Kind::kUniform:
      return std::clamp((y - a_) / b_, 0.0, 1.0);
    case Kind::kExponential:
      return -std::expm1(-y);
    case Kind::kGamma:
      return boost::math::gamma_p(a_, y * a_);
    case Kind::kLognormal:
      return y == 0 ? 0 : std::erfc((a_ - std::log(y)) / (b_ * std::sqrt(2.0))) / 2;
    case Kind::kHyperexponential:
      return -a_ * std::expm1(-2 * a_ * y) - (1 - a_) * std::expm1(-2 * (1 - a_) * y);
    case Kind::kEmpirical:
      break;
  }
  const auto& points = table_->points;
  const auto right =
      std::upper_bound(points.begin(), points.end(), y,
                       [](double value, const CdfPoint& point) { return value < point.value; });
  if (right == points.begin()) {
    return 0;
  }
  if (right == points.end()) {
    return 1;
  }
  const auto left = right - 1;
  return left->probability + (right->probability - left->probability) * (y - left->value) /
                                 (right->value - left->value);
}

// With S the survival function, log S is convex and falls, so Newton climbs to the root of
// log S(x) = log(1 - p) from any start below it. Two such starts: S is above its slower phase
// alone, and above the exponential with its mean rate (Jensen).
double Distribution::hyperexponential_quantile(double p) const {
  const double rate_fast = 2 * a_;
  const double rate_slow = 2 * (1 - a_);
  const double target = stable_log(1 - p);
  const double rate_mean = a_ * rate_fast + (1 - a_) * rate_slow;
  double x = std::max(-target / rate_mean, (b_ - target) / rate_slow);
  for (int step = 0; step < 100; ++step) {
    const double fast = a_ * stable_exp(-rate_fast * x);
    const double slow = (1 - a_) * stable_exp(-rate_slow * x);
    const double survival = fast + slow;
    const double density = fast * rate_fast + slow * rate_slow;
    const double climb = (stable_log(survival) - target) * survival / density;
    x += climb;
    if (!(climb > 1e-9 * x)) {  // the error left is of the order of the square
      break;
    }
  }
  return x;
}

// A gamma variate of mean 1: Marsaglia and Tsang, ACM TOMS 26 (2000), with their power of a uniform
// for a shape below 1.
double Distribution::draw_gamma(RandomStream& stream, double shape) {
  const double boosted = shape < 1 ? shape + 1 : shape;
  const double d = boosted - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  double value = 0;
  while (true) {
    const double x = normal_quantile(stream.uniform());
    const double root = 1 + c * x;
    const double u = stream.uniform();
    if (root <= 0) {
      continue;
    }
    const double v = root * root * root;
    const double square = x * x;
    if (u < 1 - 0.0331 * square * square ||
        stable_log(u) < 0.5 * square + d * (1 - v + stable_log(v))) {
      value = d * v;
      break;
    }
  }
  if (shape < 1) {
    value *= stable_exp(stable_log(stream.uniform()) / shape);
  }
  return value / shape;
}

// The residual is a uniform share of a length-biased gap (density x f(x) / mean), which for most
// kinds is of the same family (Cox, Renewal Theory, 1962, section 5.2).
double Distribution::draw_residual(RandomStream& stream) const {
  const double u = stream.uniform();
  switch (kind_) {
    case Kind::kConstant:
      return u * scale_;
    case Kind::kExponential:
      return quantile_as<Kind::kExponential>(u);
    case Kind::kUniform: {
      const double high = a_ + b_;
      const double square = a_ * a_ + (high * high - a_ * a_) * stream.uniform();
      return scale_ * u * std::sqrt(square);
    }
    case Kind::kGamma:  // shape + 1 on the same scale; draw_gamma divides by its own shape
      return scale_ * u * draw_gamma(stream, a_ + 1) * (a_ + 1) / a_;
    case Kind::kLognormal: {
      const double z = normal_quantile(stream.uniform());
      return scale_ * u * stable_exp(a_ + b_ * b_ + b_ * z);
    }
    case Kind::kHyperexponential: {  // balanced means: either phase with probability 1/2
      const double rate = u < 0.5 ? 2 * a_ : 2 * (1 - a_);
      return -scale_ * stable_log(stream.uniform()) / rate;
    }
    case Kind::kEmpirical:
      break;
  }
  const auto& biased = table_->biased;
  const double level = stream.uniform() * biased.back();
  const auto right = std::lower_bound(biased.begin() + 1, biased.end() - 1, level);
  const auto i = static_cast<std::size_t>(right - biased.begin());
  const double low = table_->points[i - 1].value;
  const double high = table_->points[i].value;
  const double share = (level - biased[i - 1]) / (biased[i] - biased[i - 1]);
  return scale_ * u * std::sqrt(low * low + (high * high - low * low) * share);
}

Distribution Distribution::scaled_to_mean(double mean) const {
  EC_CHECK(is_positive(mean) || (mean == 0 && kind_ == Kind::kConstant),
           "a distribution can only be scaled to a positive mean");
  Distribution result = *this;
  result.scale_ = mean;
  return result;
}

}  // namespace edgecut::base
