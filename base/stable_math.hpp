// Elementary functions with the same bits on every IEEE 754 machine and compiler.
//
// Libraries differ in the last bit of log and exp, and one bit of one draw changes a whole run.
// These use only + - * / and sqrt (exactly rounded by IEEE 754) and bit casts, and need
// -ffp-contract=off. Errors against the exact value, as tested: stable_log and stable_exp below
// 1 ulp, stable_pow below 1 ulp, normal_quantile below 2e-15 relative. Not for use under another
// rounding mode; flags (overflow, inexact) and errno are not modelled.
#pragma once

#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>

namespace edgecut::base {

static_assert(std::numeric_limits<double>::is_iec559 && FLT_EVAL_METHOD == 0,
              "needs IEEE 754 doubles without excess precision");

namespace detail {

inline constexpr std::uint64_t kMantissaBits = 0x000fffffffffffffULL;
inline constexpr std::uint64_t kOneBits = 0x3ff0000000000000ULL;
inline constexpr std::uint64_t kSqrtHalfBits = 0x3fe6a09e667f3bcdULL;
inline constexpr std::uint64_t kNormalMinBits = 0x0010000000000000ULL;
inline constexpr std::uint64_t kTwoTo52Bits = 0x4330000000000000ULL;
inline constexpr std::uint64_t kInfinityBits = 0x7ff0000000000000ULL;
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// ln 2 in two parts; the first has 21 trailing zero bits, so that k * kLn2High is exact.
inline constexpr double kLn2High = 6.93147180369123816490e-01;
inline constexpr double kLn2Low = 1.90821492927058770002e-10;

/// x = 2^exponent * mantissa with the mantissa in [sqrt(1/2), sqrt(2)); x positive and normal.
struct Scaled {
  double exponent;
  double mantissa;
};

inline Scaled split_exponent(double x) {
  const std::uint64_t shifted = std::bit_cast<std::uint64_t>(x) + (kOneBits - kSqrtHalfBits);
  // 2^52 + n has n in its last bits: a conversion that vector units have at any width.
  const double biased = std::bit_cast<double>((shifted >> 52U) | kTwoTo52Bits) - 0x1p52;
  return {biased - 1023, std::bit_cast<double>((shifted & kMantissaBits) + kSqrtHalfBits)};
}

/// log(x * 2^exponent_offset) for a positive normal x.
inline double log_of_normal(double x, double exponent_offset) {
  // With s = f / (2 + f): log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), R a minimax polynomial with
  // an error below 2^-58. Coefficients: fdlibm 5.3, e_log.c (Sun Microsystems, 1993).
  const auto [exponent, mantissa] = split_exponent(x);
  const double k = exponent + exponent_offset;
  const double f = mantissa - 1;
  const double half_square = 0.5 * f * f;
  const double s = f / (2 + f);
  const double z = s * s;
  const double w = z * z;
  const double even = w * (3.999999999940941908e-01 +
                           w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double odd = z * (6.666666666666735130e-01 +
                          w * (2.857142874366239149e-01 +
                               w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  const double tail = s * (half_square + (even + odd)) + k * kLn2Low;
  return k * kLn2High - ((half_square - tail) - f);
}

/// exp(x + x_low), |x_low| far below |x|; x in [-746, 710].
inline double exp_of_sum(double x, double x_low) {
  // x = k ln 2 + r, |r| <= ln(2)/2; exp(r) = 1 + r + r c / (2 - c), c = r - r^2 P(r^2), P a
  // Remez polynomial with an error below 2^-59. Coefficients: fdlibm 5.3, e_exp.c (Sun, 1993).
  constexpr double kShift = 0x1.8p52;  // adding and subtracting it rounds to a whole number
  const double k = (x * 1.44269504088896338700 + kShift) - kShift;
  const double high = x - k * kLn2High;
  const double low = k * kLn2Low - x_low;
  const double r = high - low;
  const double z = r * r;
  const double c =
      r - z * (1.66666666666666019037e-01 +
               z * (-2.77777777770155933842e-03 +
                    z * (6.61375632143793436117e-05 +
                         z * (-1.65339022054652515390e-06 + z * 4.13813679705723846039e-08))));
  const double y = 1 - ((low - (r * c) / (2 - c)) - high);
  // Two steps, so that subnormal results are rounded once and 2^1024 is never formed.
  const auto exponent = static_cast<std::int64_t>(k);
  const std::int64_t half = exponent / 2;
  const auto power_of_two = [](std::int64_t n) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52U);
  };
  return y * power_of_two(half) * power_of_two(exponent - half);
}

double log_of_special(double x);  // zero, negative, subnormal, infinite or NaN
double normal_quantile_tail(double p);

/// c[0] + c[1] x + ... + c[7] x^7.
inline double polynomial(double x, const std::array<double, 8>& c) {
  return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x +
         c[0];
}

}  // namespace detail

/// The natural logarithm; -inf at 0, NaN below.
inline double stable_log(double x) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  if (bits - detail::kNormalMinBits >= detail::kInfinityBits - detail::kNormalMinBits)
      [[unlikely]] {
    return detail::log_of_special(x);
  }
  return detail::log_of_normal(x, 0);
}

/// e^x; 0 below -745.13, inf above 709.78.
inline double stable_exp(double x) {
  if (!(std::abs(x) < 709)) [[unlikely]] {
    if (std::isnan(x)) {
      return x;
    }
    if (x > 710) {
      return detail::kInfinity;
    }
    if (x < -746) {
      return 0;
    }
  }
  return detail::exp_of_sum(x, 0);
}

/// x^y with the special cases of C99 Annex F (NaN for a negative x and a fractional y).
double stable_pow(double x, double y);

/// The z with P(N(0,1) <= z) = p: algorithm AS 241 (PPND16) of Wichura, Applied Statistics 37
/// (1988) 477-484. -inf at 0, inf at 1, NaN outside. For the far upper tail use -quantile(1 - p).
inline double normal_quantile(double p) {
  const double q = p - 0.5;
  if (!(std::abs(q) <= 0.425)) {
    return detail::normal_quantile_tail(p);
  }
  const double r = 0.180625 - q * q;
  const double numerator = detail::polynomial(
      r, {3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
          1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
          3.3430575583588128105e+4, 2.5090809287301226727e+3});
  const double denominator = detail::polynomial(
      r, {1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
          2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
          5.2264952788528545610e+3});
  return q * numerator / denominator;
}

}  // namespace edgecut::base
