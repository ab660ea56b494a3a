// Blocks of neighbouring draws, the rounds of Philox4x32-10 side by side.
//
// Each 32-bit word of a counter sits in a 64-bit lane of its own, so that a multiplication gives
// the high and the low word of the product in one lane. Held to Random123's rounds bit by bit in
// tests/unit/base/random_test.cpp.
#include <algorithm>
#include <array>
#include <bit>

#include "base/errors.hpp"
#include "base/random.hpp"
#include "base/vector_clones.hpp"

namespace edgecut::base {
namespace {

constexpr std::uint64_t kLow = 0xffffffffULL;
constexpr int kRounds = 10;

struct Key {
  std::uint32_t low;
  std::uint32_t high;
  std::uint32_t purpose;
};

// (bits + 1/2) 2^-52 for the upper 52 of 64 bits: 1 + bits 2^-52 has them as its mantissa, and
// taking 1 - 2^-53 away is exact.
inline double to_uniform(std::uint64_t low, std::uint64_t high) {
  const std::uint64_t bits = (high << 32U | low) >> 12U;
  return std::bit_cast<double>(bits | 0x3ff0000000000000ULL) - (1 - 0x1p-53);
}

[[gnu::always_inline]] inline UniformPair draw_one(const Key& key, std::uint64_t entity,
                                                   std::uint64_t index) {
  std::uint64_t word0 = index & kLow;
  std::uint64_t word1 = index >> 32U;
  std::uint64_t word2 = entity;
  std::uint64_t word3 = key.purpose;
  std::uint32_t key0 = key.low;
  std::uint32_t key1 = key.high;
#pragma GCC unroll 10
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{PHILOX_M4x32_0} * (word0 & kLow);
    const std::uint64_t product1 = std::uint64_t{PHILOX_M4x32_1} * (word2 & kLow);
    word0 = (product1 >> 32U) ^ word1 ^ key0;
    word1 = product1 & kLow;
    word2 = (product0 >> 32U) ^ word3 ^ key1;
    word3 = product0 & kLow;
    key0 += PHILOX_W32_0;
    key1 += PHILOX_W32_1;
  }
  return {to_uniform(word0, word1), to_uniform(word2, word3)};
}

EDGECUT_VECTOR_CLONES
void draw_in_turn(const Key& key, std::uint32_t entity, std::uint64_t index,
                  double* __restrict first, double* __restrict second, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const UniformPair pair = draw_one(key, entity, index + i);
    first[i] = pair.first;
    second[i] = pair.second;
  }
}

EDGECUT_VECTOR_CLONES
void draw_each(const Key& key, const std::uint32_t* __restrict entities,
               const std::uint32_t* __restrict indices, double* __restrict first,
               double* __restrict second, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const UniformPair pair = draw_one(key, entities[i], indices[i]);
    first[i] = pair.first;
    second[i] = pair.second;
  }
}

}  // namespace

void RandomSource::fill_uniforms(Purpose purpose, std::uint32_t entity, std::uint64_t index,
                                 std::span<double> first, std::span<double> second) const {
  EC_CHECK(first.size() == second.size(), "uniforms are drawn in pairs");
  draw_in_turn({key_[0], key_[1], static_cast<std::uint32_t>(purpose)}, entity, index, first.data(),
               second.data(), first.size());
}

void RandomSource::fill_uniforms(Purpose purpose, std::span<const std::uint32_t> entities,
                                 std::span<const std::uint32_t> indices, std::span<double> first,
                                 std::span<double> second) const {
  EC_CHECK(first.size() == second.size() && first.size() == entities.size() &&
               first.size() == indices.size(),
           "uniforms are drawn in pairs, for an entity and an index each");
  draw_each({key_[0], key_[1], static_cast<std::uint32_t>(purpose)}, entities.data(),
            indices.data(), first.data(), second.data(), first.size());
}

void RandomStream::fill(std::span<double> values) {
  if (!values.empty() && has_second_) {
    values.front() = uniform();
    values = values.subspan(1);
  }
  constexpr std::size_t kPairs = 128;
  std::array<double, kPairs> first;
  std::array<double, kPairs> second;
  while (values.size() >= 2) {
    const std::size_t pairs = std::min(values.size() / 2, kPairs);
    source_.fill_uniforms(purpose_, entity_, index_, {first.data(), pairs}, {second.data(), pairs});
    index_ += pairs;
    for (std::size_t i = 0; i < pairs; ++i) {
      values[2 * i] = first[i];
      values[2 * i + 1] = second[i];
    }
    values = values.subspan(2 * pairs);
  }
  if (!values.empty()) {
    values.front() = uniform();
  }
}

}  // namespace edgecut::base
