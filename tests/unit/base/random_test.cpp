#include "base/random.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

using namespace edgecut::base;

namespace {

constexpr int kDraws = 200000;
// Statistical bounds are 4.5 standard errors: a chance of 7e-6 for another seed to fail.
constexpr double kZ = 4.5;

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += (a[i] - 0.5) * (b[i] - 0.5);
  }
  return sum / static_cast<double>(a.size()) * 12;  // a uniform has variance 1/12
}

std::vector<double> draws(std::uint64_t seed, std::uint32_t replication, Purpose purpose,
                          std::uint32_t entity) {
  RandomStream stream(RandomSource(seed, replication), purpose, entity);
  std::vector<double> values(kDraws);
  for (double& value : values) {
    value = stream.uniform();
  }
  return values;
}

}  // namespace

TEST_CASE("Philox gives the published known answer") {
  // Random123's test vector for counter 0, key 0 (Salmon et al., SC 2011).
  const auto words = r123::Philox4x32{}({{0, 0, 0, 0}}, {{0, 0}});
  CHECK(words[0] == 0x6627e8d5);
  CHECK(words[1] == 0xe169c58d);
  CHECK(words[2] == 0xbc57ac4c);
  CHECK(words[3] == 0x9b00dbd8);
}

TEST_CASE("draws equal those of an independent implementation") {
  // Recomputed outside the project with big integers: SplitMix64 key, Philox4x32-10, 52 bits.
  const UniformPair first = RandomSource(1).uniforms(Purpose::kTest, 0, 0);
  CHECK(first.first == 0x1.b278127b64114p-3);
  CHECK(first.second == 0x1.3fa87f701b1fbp-1);
  const UniformPair far = RandomSource(42, 3).uniforms(Purpose::kQueries, 7, 5000000000ULL);
  CHECK(far.first == 0x1.dd01be590ccd7p-1);
  CHECK(far.second == 0x1.34418c9fdfa7cp-3);
}

TEST_CASE("a stream reads the pairs of its source in order, from any index") {
  const RandomSource source(7);
  RandomStream stream(source, Purpose::kTest, 3);
  RandomStream late(source, Purpose::kTest, 3, 2);
  for (std::uint64_t i = 0; i < 4; ++i) {
    const UniformPair pair = source.uniforms(Purpose::kTest, 3, i);
    CHECK(stream.uniform() == pair.first);
    CHECK(stream.uniform() == pair.second);
    if (i >= 2) {
      CHECK(late.uniform() == pair.first);
      CHECK(late.uniform() == pair.second);
    }
  }
}

TEST_CASE("blocks of draws are the draws one by one, to the bit") {
  const RandomSource source(20240101, 3);
  const std::uint64_t near_carry = (std::uint64_t{1} << 32U) - 5;  // the index's low word overflows
  for (const std::uint64_t index : {std::uint64_t{0}, near_carry, std::uint64_t{7} << 60U}) {
    for (const std::size_t size : {0U, 1U, 2U, 7U, 8U, 9U, 64U, 1000U}) {
      std::vector<double> first(size);
      std::vector<double> second(size);
      source.fill_uniforms(Purpose::kTest, 0x80000000U, index, first, second);
      for (std::size_t i = 0; i < size; ++i) {
        const UniformPair pair = source.uniforms(Purpose::kTest, 0x80000000U, index + i);
        REQUIRE(first[i] == pair.first);
        REQUIRE(second[i] == pair.second);
      }
    }
  }
}

TEST_CASE("a block over many entities has the draws of each, to the bit") {
  const RandomSource source(20240101, 3);
  RandomStream picks(RandomSource(2), Purpose::kTest, 0);
  std::vector<std::uint32_t> entities;
  std::vector<std::uint32_t> indices;
  for (int i = 0; i < 1001; ++i) {
    entities.push_back(static_cast<std::uint32_t>(picks.below(std::uint64_t{1} << 32U)));
    indices.push_back(static_cast<std::uint32_t>(picks.below(std::uint64_t{1} << 32U)));
  }
  std::vector<double> first(entities.size());
  std::vector<double> second(entities.size());
  source.fill_uniforms(Purpose::kTest, entities, indices, first, second);
  for (std::size_t i = 0; i < entities.size(); ++i) {
    const UniformPair pair = source.uniforms(Purpose::kTest, entities[i], indices[i]);
    REQUIRE(first[i] == pair.first);
    REQUIRE(second[i] == pair.second);
  }
}

TEST_CASE("a stream filled in pieces of any size reads the same as one by one") {
  const RandomSource source(3);
  RandomStream one_by_one(source, Purpose::kTest, 9);
  RandomStream in_blocks(source, Purpose::kTest, 9);
  for (const std::size_t size : {1U, 2U, 3U, 0U, 256U, 1U, 255U, 513U, 4U, 1U}) {
    std::vector<double> values(size);
    in_blocks.fill(values);
    for (const double value : values) {
      REQUIRE(value == one_by_one.uniform());
    }
    REQUIRE(in_blocks.uniform() == one_by_one.uniform());
  }
}

TEST_CASE("uniforms have the moments of a uniform and lie strictly between 0 and 1") {
  double sum = 0;
  double square = 0;
  for (const double u : draws(1, 0, Purpose::kTest, 0)) {
    CHECK_UNARY(u > 0 && u < 1);
    sum += u;
    square += u * u;
  }
  const double n = kDraws;
  CHECK(std::abs(sum / n - 0.5) < kZ * std::sqrt(1.0 / 12 / n));
  CHECK(std::abs(square / n - 1.0 / 3) < kZ * std::sqrt((1.0 / 5 - 1.0 / 9) / n));
}

TEST_CASE("uniforms fill 100 cells evenly (chi-square)") {
  std::array<double, 100> counts{};
  for (const double u : draws(2, 0, Purpose::kTest, 0)) {
    counts[static_cast<std::size_t>(u * counts.size())] += 1;
  }
  const double expected = kDraws / static_cast<double>(counts.size());
  double chi_square = 0;
  for (const double count : counts) {
    chi_square += (count - expected) * (count - expected) / expected;
  }
  // 99 degrees of freedom: mean 99, standard deviation sqrt(198).
  CHECK(std::abs(chi_square - 99) < kZ * std::sqrt(2 * 99.0));
}

TEST_CASE("streams that differ in one part of their key are uncorrelated") {
  const auto base_draws = draws(1, 0, Purpose::kTest, 0);
  const double bound = kZ / std::sqrt(static_cast<double>(kDraws));
  CHECK(std::abs(correlation(base_draws, draws(2, 0, Purpose::kTest, 0))) < bound);
  CHECK(std::abs(correlation(base_draws, draws(1, 1, Purpose::kTest, 0))) < bound);
  CHECK(std::abs(correlation(base_draws, draws(1, 0, Purpose::kQueries, 0))) < bound);
  CHECK(std::abs(correlation(base_draws, draws(1, 0, Purpose::kTest, 1))) < bound);
  auto shifted = base_draws;
  shifted.push_back(shifted.front());
  shifted.erase(shifted.begin());
  CHECK(std::abs(correlation(base_draws, shifted)) < bound);
}

TEST_CASE("below gives every whole number of its range equally often") {
  RandomStream stream(RandomSource(5), Purpose::kTest, 0);
  constexpr std::uint64_t kCells = 7;
  std::array<double, kCells> counts{};
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t cell = stream.below(kCells);
    REQUIRE(cell < kCells);
    counts[cell] += 1;
  }
  const double p = 1.0 / kCells;
  for (const double count : counts) {
    CHECK(std::abs(count - kDraws * p) < kZ * std::sqrt(kDraws * p * (1 - p)));
  }
  CHECK(stream.below(1) == 0);
}
