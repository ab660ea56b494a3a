#include "results/exact_sum.hpp"

#include <algorithm>

#include "base/vector_clones.hpp"

namespace edgecut::results {
namespace {

// A block's sum as high * 2^32 + low, in halves that cannot overflow in 2^31 addends.
struct Halves {
  std::int64_t high = 0;
  std::uint64_t low = 0;
  std::uint64_t too_large = 0;  // addends that a 64-bit integer does not hold: nothing else counts
};

EDGECUT_VECTOR_CLONES
void add_halves(Halves& sum, const double* values, std::size_t count, double units_per_one) {
  std::int64_t high = 0;
  std::uint64_t low = 0;
  std::uint64_t too_large = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double units = values[i] * units_per_one;
    const bool fits = std::abs(units) < 0x1p63;
    too_large += fits ? 0U : 1U;
    const auto whole = static_cast<std::int64_t>(fits ? units : 0);
    high += whole >> 32;
    low += static_cast<std::uint64_t>(whole) & 0xffffffffULL;
  }
  sum = {high, low, too_large};
}

}  // namespace

void ExactSum::add_all(std::span<const double> values) {
  constexpr std::size_t kBlock = std::size_t{1} << 31U;
  while (!values.empty()) {
    const auto block = values.first(std::min(values.size(), kBlock));
    Halves sum;
    add_halves(sum, block.data(), block.size(), kUnitsPerOne);
    if (sum.too_large == 0) [[likely]] {
      units_ += static_cast<Wide>(sum.high) * (kTwoTo64 >> 32) + static_cast<Wide>(sum.low);
    } else {
      for (const double value : block) {
        add(value);
      }
    }
    values = values.subspan(block.size());
  }
}

}  // namespace edgecut::results
