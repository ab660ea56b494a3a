#include "results/exact_sum.hpp"

#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "base/random.hpp"

namespace edgecut::results {
namespace {

constexpr double kQuantum = 0x1p-44;

ExactSum sum_of(const std::vector<double>& values) {
  ExactSum sum;
  for (const double value : values) {
    sum.add(value);
  }
  return sum;
}

TEST_CASE("an exact sum of multiples of the quantum is exact where doubles lose them") {
  const double large = 0x1p18;
  const double small = 3 * kQuantum;
  REQUIRE(large + small == large);
  const ExactSum sum = sum_of({large, small, -large});
  CHECK(sum.value() == small);
}

TEST_CASE("an addend is cut towards zero to the quantum, whatever its sign") {
  CHECK(sum_of({2.9 * kQuantum}).value() == 2 * kQuantum);
  CHECK(sum_of({-2.9 * kQuantum}).value() == -2 * kQuantum);
}

TEST_CASE("a block is refused for what one addend is refused for") {
  ExactSum sum;
  const std::vector<double> values = {1, 2, std::numeric_limits<double>::quiet_NaN(), 4};
  CHECK_THROWS_AS(sum.add_all(values), base::InternalError);
}

TEST_CASE("addends on both sides of the 64-bit path add up exactly") {
  const double border = 0x1p19;
  const double below = border - kQuantum * 0x1p10;  // the largest double below the border
  CHECK(sum_of({border, -below}).value() == border - below);
  CHECK(sum_of({-border, below}).value() == below - border);
  CHECK(sum_of({0x1p80, 1, -0x1p80}).value() == 1);
}

TEST_CASE("an exact sum is the same after shuffling and after splitting into parts") {
  base::RandomStream random(base::RandomSource(7), base::Purpose::kTest, 0);
  std::vector<double> values;
  for (int i = 0; i < 5000; ++i) {
    values.push_back((random.uniform() - 0.3) / (random.uniform() * random.uniform()));
  }
  const ExactSum forwards = sum_of(values);
  for (std::size_t i = values.size() - 1; i > 0; --i) {
    std::swap(values[i], values[random.below(i + 1)]);
  }
  CHECK(sum_of(values) == forwards);
  std::vector<ExactSum> parts(7);
  for (const double value : values) {
    parts[random.below(parts.size())].add(value);
  }
  ExactSum merged;
  for (const ExactSum& part : parts) {
    merged.merge(part);
  }
  CHECK(merged == forwards);
}

TEST_CASE("an exact sum refuses what is no number or cannot be held") {
  ExactSum sum;
  CHECK_THROWS_AS(sum.add(std::numeric_limits<double>::quiet_NaN()), base::InternalError);
  CHECK_THROWS_AS(sum.add(std::numeric_limits<double>::infinity()), base::InternalError);
  CHECK_THROWS_AS(sum.add(0x1p82), base::InternalError);
  CHECK(sum.value() == 0);
  for (int i = 0; i < 3; ++i) {
    sum.add(0x1p81);
  }
  CHECK_THROWS_AS(sum.add(0x1p81), base::InternalError);
  CHECK(sum.value() == 3 * 0x1p81);
}

}  // namespace
}  // namespace edgecut::results
