// Quantities in the unit of the file from which they were read, without the noise in the last
// digits that a conversion and back leaves: 51 ms are 51, not 51.00000000000001.
#pragma once

#include <cmath>

#include "base/quantity.hpp"
#include "base/text.hpp"

namespace edgecut::base {

/// The number, a rounding or two from `near`, of which `make` makes `value`. Of several the one
/// with the fewest digits; one of up to 12 also where it makes `value` but for the last bit, since
/// that is what a conversion costs. `near` where there is none.
template <class Make>
double as_read(double value, double near, Make make) {
  const auto rounded = [near](int digits) {
    return parse_number(format_significant(near, digits)).value_or(near);
  };
  const double few = rounded(12);
  if (std::nextafter(value, make(few)) == make(few)) {
    return few;
  }
  const double below = std::nextafter(near, -HUGE_VAL);
  const double above = std::nextafter(near, HUGE_VAL);
  for (const double number : {rounded(15), near, below, above}) {
    if (make(number) == value) {
      return number;
    }
  }
  return near;
}

inline double milliseconds_as_read(Duration time) {
  return as_read(in_seconds(time), in_milliseconds(time),
                 [](double ms) { return in_seconds(milliseconds(ms)); });
}

inline double megabits_per_s_as_read(DataRate rate) {
  return as_read(in_bits_per_s(rate), in_megabits_per_s(rate),
                 [](double mbps) { return in_bits_per_s(megabits_per_s(mbps)); });
}

}  // namespace edgecut::base
