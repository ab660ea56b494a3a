// An exact sum of doubles that does not depend on the order of the additions.
//
// Floating-point sums change with their order, so with the number of threads; integers do not. Each
// addend is cut (towards zero) to a multiple of 2^-44 of its unit, 5.7e-14, and the multiples are
// added in 128 bits. What is exact is the addition; the cut loses less than 2^-44 an addend, 6e-11
// of a millisecond's latency.
//
// Limits: one addend below 2^19 (524,288 s or J) takes a 64-bit path of about a nanosecond, larger
// ones a wider path up to 2^82; a sum stays below 2^83. Beyond that, and for NaN, it is our bug.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "base/errors.hpp"

namespace edgecut::results {

class ExactSum {
 public:
  void add(double value) {
    const double units = value * kUnitsPerOne;  // a power of two: exact
    if (std::abs(units) < 0x1p63) [[likely]] {
      units_ += static_cast<std::int64_t>(units);
    } else {
      add_large(units);
    }
  }

  /// As if every one of `values` was added in turn; below 2^19 much faster, as no sum waits for the
  /// one before.
  void add_all(std::span<const double> values);

  void merge(const ExactSum& other) { units_ += other.units_; }
  /// Takes an earlier state of this sum away again.
  void subtract(const ExactSum& other) { units_ -= other.units_; }

  /// The sum, rounded once to the nearest double.
  [[nodiscard]] double value() const { return static_cast<double>(units_) / kUnitsPerOne; }

  /// The sum bit by bit, for files that other processes read.
  struct Words {
    std::int64_t high = 0;
    std::uint64_t low = 0;
  };
  [[nodiscard]] Words words() const {
    return {static_cast<std::int64_t>(units_ >> 64), static_cast<std::uint64_t>(units_)};
  }
  static ExactSum from_words(Words words) {
    ExactSum sum;
    sum.units_ = static_cast<Wide>(words.high) * kTwoTo64 + static_cast<Wide>(words.low);
    return sum;
  }

  bool operator==(const ExactSum&) const = default;

 private:
  __extension__ typedef __int128 Wide;
  static constexpr double kUnitsPerOne = 0x1p44;
  static constexpr Wide kTwoTo64 = static_cast<Wide>(1) << 64;

  void add_large(double units) {
    EC_CHECK(std::abs(units) < 0x1p126, "an addend of an exact sum is not a number or too large");
    Wide sum = 0;
    EC_CHECK(!__builtin_add_overflow(units_, static_cast<Wide>(units), &sum),
             "an exact sum is too large");
    units_ = sum;
  }

  Wide units_ = 0;
};

}  // namespace edgecut::results
