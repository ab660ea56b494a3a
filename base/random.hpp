// Counter-based random streams (Philox4x32-10; Salmon et al., SC 2011; library Random123).
//
// A draw is a pure function of (seed, replication, purpose, entity, index). A new consumer of
// randomness takes a new purpose or entity and shifts no other draw; nothing depends on the order
// in which entities are simulated, on threads or on the machine.
#pragma once

#include <cstdint>
#include <span>

#include <Random123/philox.h>

namespace edgecut::base {

/// What a stream is for. Values are part of the results: append, never renumber.
enum class Purpose : std::uint32_t {
  kQueries = 1,        // inter-arrival time and DNN of each query of a node
  kFleetArrivals = 2,  // arrivals drawn for the whole fleet: time and node
  kService = 3,        // service times drawn from distributions
  kTraceOffset = 4,
  kTraceGeneration = 5,
  kDispatch = 6,
  kPolicy = 7,
  kFit = 8,
  kFirstArrival = 9,  // the residual gap at the start of each renewal process
  kGaps = 10,         // gaps whose draw takes several uniforms
  kRoundTrip = 21,    // the latency of each query, from recorded round trips
  kTest = 1000,
};

/// Two independent uniforms in (0, 1), each with 52 random bits: never 0, never 1.
struct UniformPair {
  double first;
  double second;
};

/// All the randomness of one replication of one run.
class RandomSource {
 public:
  explicit RandomSource(std::uint64_t seed, std::uint32_t replication = 0) {
    // SplitMix64 spreads neighbouring seeds and replications over the key space.
    std::uint64_t z = seed + 0x9e3779b97f4a7c15ULL * (std::uint64_t{replication} + 1);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    z ^= z >> 31U;
    key_ = {{static_cast<std::uint32_t>(z), static_cast<std::uint32_t>(z >> 32U)}};
  }

  /// Draw number `index` of the stream (purpose, entity).
  [[nodiscard]] UniformPair uniforms(Purpose purpose, std::uint32_t entity,
                                     std::uint64_t index) const {
    const r123::Philox4x32::ctr_type counter = {{static_cast<std::uint32_t>(index),
                                                 static_cast<std::uint32_t>(index >> 32U), entity,
                                                 static_cast<std::uint32_t>(purpose)}};
    const auto words = r123::Philox4x32{}(counter, key_);
    return {to_uniform(words[0], words[1]), to_uniform(words[2], words[3])};
  }

  /// `uniforms` of the indices from `index` on, as many as `first` and `second` hold (equally
  /// many). The same bits, about ten times as fast: neighbouring draws do not depend on each other,
  /// so they go through the rounds side by side.
  void fill_uniforms(Purpose purpose, std::uint32_t entity, std::uint64_t index,
                     std::span<double> first, std::span<double> second) const;
  /// The same for draw number `indices[i]` of `entities[i]`, for every i.
  void fill_uniforms(Purpose purpose, std::span<const std::uint32_t> entities,
                     std::span<const std::uint32_t> indices, std::span<double> first,
                     std::span<double> second) const;

 private:
  static double to_uniform(std::uint32_t low, std::uint32_t high) {
    const std::uint64_t bits = (std::uint64_t{high} << 32U | low) >> 12U;  // 52 bits
    return (static_cast<double>(bits) + 0.5) * 0x1.0p-52;
  }

  r123::Philox4x32::key_type key_{};
};

/// A stream read in sequence, for consumers that take a varying number of draws.
class RandomStream {
 public:
  RandomStream(const RandomSource& source, Purpose purpose, std::uint32_t entity,
               std::uint64_t index = 0)
      : source_(source), purpose_(purpose), entity_(entity), index_(index) {}

  /// The next uniform in (0, 1).
  double uniform() {
    if (has_second_) {
      has_second_ = false;
      return second_;
    }
    const UniformPair pair = source_.uniforms(purpose_, entity_, index_++);
    second_ = pair.second;
    has_second_ = true;
    return pair.first;
  }

  /// A whole number in [0, n), n >= 1, every one equally likely up to 2^-52.
  std::uint64_t below(std::uint64_t n) {
    const auto value = static_cast<std::uint64_t>(uniform() * static_cast<double>(n));
    return value < n ? value : n - 1;
  }

  /// As if every one of `values` came from `uniform()` in turn.
  void fill(std::span<double> values);

 private:
  RandomSource source_;
  Purpose purpose_;
  std::uint32_t entity_;
  std::uint64_t index_;
  double second_ = 0;
  bool has_second_ = false;
};

}  // namespace edgecut::base
