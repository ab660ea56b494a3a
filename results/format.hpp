// Values with their interval, for people: "123.4 ms ±1.2".
//
// The half-width is told to two significant digits and the value to the same decimals, so no digit
// is shown that the interval does not support; without an interval four significant digits are
// shown. For files use base::format_number, which loses nothing.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "results/intervals.hpp"

namespace edgecut::results {

/// Decimals that show two significant digits of `half_width` (0 to 9).
inline int decimals_for(double half_width) {
  int decimals = 0;
  // 9.95 prints as 10 with one decimal: two digits already.
  for (double rest = std::abs(half_width); rest > 0 && rest < 9.95 && decimals < 9; rest *= 10) {
    ++decimals;
  }
  return decimals;
}

/// "123.4 ms ±1.2"; `scale` units make one of the estimate's (1e3 for ms out of s).
inline std::string format_estimate(const Estimate& estimate, std::string_view unit,
                                   double scale = 1) {
  const double value = estimate.value * scale;
  const bool spread = estimate.half_width && *estimate.half_width > 0;
  const double half_width = spread ? *estimate.half_width * scale : 0;
  // Of a very narrow interval, no more than six digits of the value.
  const int decimals_max =
      std::max(0, 5 - static_cast<int>(std::floor(std::log10(std::max(std::abs(value), 1e-9)))));
  const int decimals = std::min(decimals_for(half_width), decimals_max);
  std::string text =
      spread ? base::format_fixed(value, decimals) : base::format_significant(value, 4);
  if (!unit.empty()) {
    text += ' ';
    text += unit;
  }
  if (estimate.half_width) {
    text += " ±";
    text += base::format_fixed(half_width, decimals);
  }
  return text;
}

/// The scale of a value in s or J that keeps it readable.
struct UnitScale {
  std::string_view prefix;
  double scale;
};

inline UnitScale unit_scale(double value) {
  const double size = std::abs(value);
  if (size >= 1 || size == 0) {
    return {"", 1};
  }
  return size >= 1e-3 ? UnitScale{"m", 1e3} : UnitScale{"µ", 1e6};
}

/// "123.4 ms ±1.2", "1.20 J ±0.11": seconds or joules with the prefix that suits the value.
inline std::string format_scaled(const Estimate& estimate, std::string_view unit) {
  const UnitScale scale = unit_scale(estimate.value);
  std::string scaled_unit(scale.prefix);
  scaled_unit += unit;
  return format_estimate(estimate, scaled_unit, scale.scale);
}

/// "-12.1 ms [-13.0, -11.2]": a difference with the bounds of its interval.
inline std::string format_bounds(const Estimate& estimate, std::string_view unit) {
  const double half_width = estimate.half_width.value_or(0);
  const UnitScale scale = unit_scale(std::max(std::abs(estimate.value), half_width));
  const int decimals = decimals_for(half_width * scale.scale);
  const auto number = [&](double value) {
    return half_width > 0 ? base::format_fixed(value * scale.scale, decimals)
                          : base::format_significant(value * scale.scale, 4);
  };
  std::string text = number(estimate.value) + ' ';
  text += scale.prefix;
  text += unit;
  if (estimate.half_width) {
    text += " [" + number(estimate.value - half_width) + ", ";
    text += number(estimate.value + half_width) + ']';
  }
  return text;
}

}  // namespace edgecut::results
