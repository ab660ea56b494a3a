// Probability distributions of a non-negative quantity: gaps between arrivals, service times.
//
// A value is a raw double in the unit of the caller (the key suffix of the JSON form says which).
// Draws use base/stable_math.hpp only: the same seed gives the same bits everywhere. Correlation
// between draws is not modelled: every draw is independent.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.hpp"
#include "base/json_fwd.hpp"
#include "base/random.hpp"
#include "base/stable_math.hpp"

namespace edgecut::base {

/// A point of an empirical distribution: P(X <= value) = probability, linear in between; two points
/// of one value are an atom.
struct CdfPoint {
  double value;
  double probability;
};

/// Coefficient of variation: standard deviation over mean.
struct MeanAndCv {
  double mean;
  double cv;
};

struct Bounds {
  double low;
  double high;
};

/// The limits of `MeanAndCv::cv` where it is free: below, take a constant; above, a run never ends.
inline constexpr double kCvMin = 1e-3;
inline constexpr double kCvMax = 100;

/// Immutable; copies share an empirical table. All factories throw InternalError for parameters out
/// of range: input is checked by `read_distribution`.
class Distribution {
 public:
  enum class Kind {
    kConstant,
    kUniform,
    kExponential,
    kGamma,
    kLognormal,
    kHyperexponential,
    kEmpirical
  };

  /// Always 1.
  Distribution() = default;
  static Distribution constant(double value);
  static Distribution uniform(Bounds bounds);
  static Distribution exponential(double mean);
  static Distribution gamma(MeanAndCv moments);
  static Distribution lognormal(MeanAndCv moments);
  /// Two phases with balanced means (p1 m1 = p2 m2; Allen 1990), cv >= 1.
  static Distribution hyperexponential(MeanAndCv moments);
  /// Values and probabilities do not fall, from probability 0 to the last one, which is in (0, 1]:
  /// probabilities are divided by it, so that what lies beyond the last point is left out.
  static Distribution empirical(std::vector<CdfPoint> points);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] double mean() const { return scale_; }
  [[nodiscard]] double cv() const { return cv_; }
  /// P(X <= x). For tests and reports: uses the platform's erfc, so its last bits may differ.
  [[nodiscard]] double cdf(double x) const;
  /// Whether one uniform gives a draw through `quantile`; false for gamma only.
  [[nodiscard]] bool has_quantile() const { return kind_ != Kind::kGamma; }
  /// The smallest x with cdf(x) >= p, p in (0, 1); increasing in p. Not for gamma.
  [[nodiscard]] double quantile(double p) const;
  /// `quantile` of every one of `p`, to `values` (equally many); the same bits, fast for
  /// exponentials.
  void quantiles(std::span<const double> p, std::span<double> values) const;
  /// `quantile` where the caller has switched on the kind outside its loop.
  template <Kind K>
  [[nodiscard]] double quantile_as(double p) const;

  [[nodiscard]] double draw(RandomStream& stream) const {
    return has_quantile() ? quantile(stream.uniform()) : scale_ * draw_gamma(stream, a_);
  }
  /// The time from an arbitrary instant to the next arrival of a stationary renewal process with
  /// these gaps: density P(X > x) / mean, exact for every kind.
  [[nodiscard]] double draw_residual(RandomStream& stream) const;

  /// The same shape (same cv) with another mean.
  [[nodiscard]] Distribution scaled_to_mean(double mean) const;

 private:
  // An empirical distribution of mean 1 with an index from probabilities to points.
  struct Table {
    std::vector<CdfPoint> points;
    std::vector<std::uint32_t> guide;
    std::vector<double> biased;  // length-biased probability up to each point
  };

  Distribution(Kind kind, MeanAndCv moments, double a, double b)
      : kind_(kind), scale_(moments.mean), cv_(moments.cv), a_(a), b_(b) {}
  static double draw_gamma(RandomStream& stream, double shape);
  [[nodiscard]] double hyperexponential_quantile(double p) const;
  [[nodiscard]] double empirical_quantile(double p) const;

  // Parameters describe the distribution of X / mean: uniform a + b u; gamma shape a; lognormal
  // exp(a + b z); hyperexponential probability a of the faster phase, b = log(1 - a).
  Kind kind_ = Kind::kConstant;
  double scale_ = 1;
  double cv_ = 0;
  double a_ = 0;
  double b_ = 0;
  std::shared_ptr<const Table> table_;
};

inline double Distribution::empirical_quantile(double p) const {
  // The index leads to the first interval that can hold p (Chen and Asau, 1974): O(1) expected.
  const Table& table = *table_;
  const double cell = p * static_cast<double>(table.guide.size());
  std::size_t i = table.guide[std::min(static_cast<std::size_t>(cell), table.guide.size() - 1)];
  while (table.points[i + 1].probability < p) {
    ++i;
  }
  const CdfPoint& left = table.points[i];
  const CdfPoint& right = table.points[i + 1];
  return left.value + (right.value - left.value) *
                          ((p - left.probability) / (right.probability - left.probability));
}

template <Distribution::Kind K>
double Distribution::quantile_as(double p) const {
  static_assert(K != Kind::kGamma, "gamma has no quantile in closed form: use draw()");
  if constexpr (K == Kind::kConstant) {
    return scale_;
  } else if constexpr (K == Kind::kUniform) {
    return scale_ * (a_ + b_ * p);
  } else if constexpr (K == Kind::kExponential) {
    return -scale_ * stable_log(1 - p);
  } else if constexpr (K == Kind::kLognormal) {
    return scale_ * stable_exp(a_ + b_ * normal_quantile(p));
  } else if constexpr (K == Kind::kHyperexponential) {
    return scale_ * hyperexponential_quantile(p);
  } else {
    return scale_ * empirical_quantile(p);
  }
}

inline double Distribution::quantile(double p) const {
  switch (kind_) {
    case Kind::kConstant:
      return quantile_as<Kind::kConstant>(p);
    case Kind::kUniform:
      return quantile_as<Kind::kUniform>(p);
    case Kind::kExponential:
      return quantile_as<Kind::kExponential>(p);
    case Kind::kLognormal:
      return quantile_as<Kind::kLognormal>(p);
    case Kind::kHyperexponential:
      return quantile_as<Kind::kHyperexponential>(p);
    case Kind::kEmpirical:
      return quantile_as<Kind::kEmpirical>(p);
    case Kind::kGamma:
      break;
  }
  EC_CHECK(false, "a gamma distribution has no quantile here: use draw()");
  return 0;
}

/// The points of a BigHouse `.cdf` file (Meisner et al., ISPASS 2012): a row `value probability`
/// each, separated by blanks or a comma; blank lines and lines starting with # are skipped. Neither
/// column falls; the first probability is 0, the last at least 0.99. Throws ConfigError naming each
/// damaged line.
std::vector<CdfPoint> parse_cdf(std::string_view text, const std::string& name);
std::vector<CdfPoint> read_cdf_file(const std::filesystem::path& path);

/// {"distribution": "constant" | "uniform" | "exponential" | "gamma" | "lognormal" |
/// "hyperexponential" | "empirical", ...}; see docs. Keys of values end in `unit_suffix`. A file
/// name is relative to `relative_to`. Adds to the value's Problems and returns a harmless
/// distribution when something is wrong.
Distribution read_distribution(const JsonValue& json, const std::filesystem::path& relative_to,
                               const std::string& unit_suffix = "_s");

}  // namespace edgecut::base
