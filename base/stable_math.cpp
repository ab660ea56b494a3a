#include "base/stable_math.hpp"

namespace edgecut::base {
namespace {

/// An unevaluated sum high + low with |low| <= ulp(high)/2: about 106 bits.
struct DoubleDouble {
  double high;
  double low;
};

// Dekker, Numerische Mathematik 18 (1971): exact sums and products of two doubles, here for
// |a| >= |b| and for factors far from the overflow limit.
DoubleDouble sum_of(double a, double b) {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}

DoubleDouble product_of(double a, double b) {
  constexpr double kSplit = 134217729;  // 2^27 + 1
  const double a_scaled = a * kSplit;
  const double a_high = a_scaled - (a_scaled - a);
  const double a_low = a - a_high;
  const double b_scaled = b * kSplit;
  const double b_high = b_scaled - (b_scaled - b);
  const double b_low = b - b_high;
  const double product = a * b;
  return {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

DoubleDouble add(DoubleDouble a, DoubleDouble b) {  // |a| >= |b|
  const DoubleDouble sum = sum_of(a.high, b.high);
  return sum_of(sum.high, sum.low + (a.low + b.low));
}

DoubleDouble multiply(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble product = product_of(a.high, b.high);
  return sum_of(product.high, product.low + (a.high * b.low + a.low * b.high));
}

DoubleDouble divide(double a, DoubleDouble b) {
  const double quotient = a / b.high;
  const DoubleDouble back = product_of(quotient, b.high);
  const double rest = ((a - back.high) - back.low) - quotient * b.low;
  return sum_of(quotient, rest / b.high);
}

// log(x) = k ln 2 + 2 atanh(s), s = f / (2 + f), |s| < 0.172; the series of atanh up to s^29 errs
// by less than 2^-70 relative. Only its first terms need the double precision. x is positive,
// finite.
DoubleDouble precise_log(double x) {
  double exponent_offset = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    exponent_offset = -54;
  }
  const auto [exponent, mantissa] = detail::split_exponent(x);
  const double k = exponent + exponent_offset;
  const double f = mantissa - 1;
  const DoubleDouble s = divide(f, sum_of(2, f));
  const DoubleDouble z = multiply(s, s);
  double rest = 0;
  for (int n = 29; n >= 7; n -= 2) {
    rest = rest * z.high + 1.0 / n;
  }
  constexpr DoubleDouble kFifth = {1.0 / 5, -0x1.999999999999ap-57};
  constexpr DoubleDouble kThird = {1.0 / 3, 0x1.5555555555555p-56};
  DoubleDouble series = add(kFifth, multiply(z, {rest, 0}));
  series = add(kThird, multiply(z, series));
  series = add({1, 0}, multiply(z, series));
  const DoubleDouble mantissa_log = multiply({2 * s.high, 2 * s.low}, series);
  if (k == 0) {
    return mantissa_log;
  }
  constexpr double kLn2Lowest = 0x1.cc01f97b57a08p-87;  // ln 2 - kLn2High - kLn2Low
  DoubleDouble rest_of_ln2 = product_of(k, detail::kLn2Low);
  rest_of_ln2.low += k * kLn2Lowest;
  return add(add({k * detail::kLn2High, 0}, rest_of_ln2), mantissa_log);
}

double positive_pow(double x, double y) {
  const DoubleDouble log = precise_log(x);
  const double estimate = log.high * y;
  if (estimate > 710) {
    return detail::kInfinity;
  }
  if (estimate < -746) {
    return 0;
  }
  const DoubleDouble product = product_of(log.high, y);
  return detail::exp_of_sum(product.high, product.low + log.low * y);
}

bool is_whole(double y) { return std::trunc(y) == y; }
bool is_odd(double y) { return is_whole(y) && std::abs(y) < 0x1p53 && !is_whole(y / 2); }

// C99 Annex F.9.4.4: everything but a positive finite base with a finite exponent.
double pow_of_special(double x, double y) {
  if (y == 0 || x == 1) {
    return 1;
  }
  if (std::isnan(x) || std::isnan(y)) {
    return detail::kNan;
  }
  const double size = std::abs(x);
  if (std::isinf(y)) {
    return size == 1 ? 1 : ((size > 1) == (y > 0) ? detail::kInfinity : 0);
  }
  const double sign = std::signbit(x) && is_odd(y) ? -1 : 1;
  if (size == 0 || std::isinf(x)) {
    return sign * ((size == 0) == (y < 0) ? detail::kInfinity : 0);
  }
  return is_whole(y) ? sign * positive_pow(size, y) : detail::kNan;
}

}  // namespace

namespace detail {

double log_of_special(double x) {
  if (x == 0) {
    return -kInfinity;
  }
  if (std::isnan(x) || x < 0) {
    return kNan;
  }
  if (std::isinf(x)) {
    return x;
  }
  // The shift by 54 binary digits goes into the exponent, not into the result: no error is added.
  return log_of_normal(x * 0x1p54, -54);
}

// The two outer ranges of AS 241; r = sqrt(-log(p)) of the nearer tail.
double normal_quantile_tail(double p) {
  if (!(p > 0 && p < 1)) {
    return p == 0 ? -kInfinity : (p == 1 ? kInfinity : kNan);
  }
  const bool is_lower = p < 0.5;
  double r = std::sqrt(-stable_log(is_lower ? p : 1 - p));
  double numerator = 0;
  double denominator = 0;
  if (r <= 5) {
    r -= 1.6;
    numerator = polynomial(
        r, {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
            3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
            2.27238449892691845833e-2, 7.74545014278341407640e-4});
    denominator = polynomial(
        r, {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
            1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
            1.05075007164441684324e-9});
  } else {
    r -= 5;
    numerator = polynomial(
        r, {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
            2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
            2.71155556874348757815e-5, 2.01033439929228813265e-7});
    denominator = polynomial(
        r, {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
            7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
            2.04426310338993978564e-15});
  }
  const double z = numerator / denominator;
  return is_lower ? -z : z;
}

}  // namespace detail

double stable_pow(double x, double y) {
  if (!(x > 0 && x < detail::kInfinity && std::isfinite(y))) {
    return pow_of_special(x, y);
  }
  return positive_pow(x, y);
}

}  // namespace edgecut::base
