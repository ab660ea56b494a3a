#include "sim/alias_table.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"

using namespace edgecut;
using sim::AliasTable;

namespace {

// How often each index is drawn over `points` evenly spaced uniforms.
std::vector<int> counts(const AliasTable& table, std::size_t size, int points) {
  std::vector<int> result(size);
  for (int i = 0; i < points; ++i) {
    ++result[table.pick((i + 0.5) / points)];
  }
  return result;
}

}  // namespace

TEST_CASE("every index gets exactly its share of the unit interval") {
  // Three cells, thresholds in eighths: 24 points fall evenly on both sides of each.
  const std::vector<double> weights = {1, 2, 5};
  CHECK(counts(AliasTable(weights), 3, 24) == std::vector<int>{3, 6, 15});
  CHECK(counts(AliasTable({5, 1, 2}), 3, 24) == std::vector<int>{15, 3, 6});
}

TEST_CASE("equal weights share equally, and one weight takes all") {
  CHECK(counts(AliasTable({3, 3, 3, 3}), 4, 40) == std::vector<int>{10, 10, 10, 10});
  CHECK(counts(AliasTable({0.1}), 1, 10) == std::vector<int>{10});
}

TEST_CASE("an index of weight zero is never drawn") {
  CHECK(counts(AliasTable({0, 1, 0, 1}), 4, 80) == std::vector<int>{0, 40, 0, 40});
}

TEST_CASE("many weights: the shares are right to the resolution of the points") {
  std::vector<double> weights;
  double total = 0;
  for (int i = 1; i <= 97; ++i) {
    weights.push_back(i);
    total += i;
  }
  constexpr int kPoints = 970'000;
  const std::vector<int> drawn = counts(AliasTable(weights), weights.size(), kPoints);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    CAPTURE(i);
    // Each index has at most 97 pieces, each off by at most a point.
    CHECK(std::abs(drawn[i] - weights[i] / total * kPoints) <= 97);
  }
}

TEST_CASE("the ends of the unit interval draw an index that there is") {
  const AliasTable table({1, 2, 3});
  CHECK(table.pick(0) < 3);
  CHECK(table.pick(1) < 3);
}

TEST_CASE("nothing to draw from is a bug") {
  CHECK_THROWS_AS(AliasTable({}), base::InternalError);
  CHECK_THROWS_AS(AliasTable({0, 0}), base::InternalError);
}
