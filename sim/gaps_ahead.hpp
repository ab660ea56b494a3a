// The gaps of one arrival process, drawn a block ahead of their use.
//
// A gap depends on its number alone, so it may be drawn before it is known whether the run gets
// that far, and a block of them is drawn much faster than one by one (base/random_blocks.cpp).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "base/distribution.hpp"
#include "base/random.hpp"

namespace edgecut::sim {

class GapsAhead {
 public:
  static constexpr std::size_t kBlock = 256;

  /// Of entity 0 of the stream; the gaps have a quantile.
  GapsAhead(base::Distribution gaps_s, const base::RandomSource& source, base::Purpose purpose)
      : gaps_s_(std::move(gaps_s)), source_(source), purpose_(purpose) {}

  /// The gap number `number` and those behind it, s: at least one, valid until the next call.
  [[nodiscard]] std::span<const double> from(std::uint64_t number) {
    if (number - first_ >= size_) {
      draw(number);
    }
    return std::span(values_s_).first(size_).subspan(static_cast<std::size_t>(number - first_));
  }

 private:
  void draw(std::uint64_t number) {
    // A node counts its queries in 32 bits, so a block ends where the count begins anew.
    const std::uint64_t left = (number | 0xffffffffULL) + 1 - number;
    first_ = number;
    size_ = static_cast<std::size_t>(std::min<std::uint64_t>(left, kBlock));
    std::array<double, kBlock> uniforms;
    std::array<double, kBlock> unused;
    source_.fill_uniforms(purpose_, 0, number, std::span(uniforms).first(size_),
                          std::span(unused).first(size_));
    gaps_s_.quantiles(std::span(uniforms).first(size_), std::span(values_s_).first(size_));
  }

  base::Distribution gaps_s_;
  base::RandomSource source_;
  base::Purpose purpose_;
  std::uint64_t first_ = 0;
  std::size_t size_ = 0;
  std::array<double, kBlock> values_s_{};
};

}  // namespace edgecut::sim
