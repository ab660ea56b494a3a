// Fast sequential random numbers for the baselines.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace edgecut::bench {

/// xoshiro256++ (Blackman and Vigna, 2019).
class Xoshiro {
 public:
  explicit Xoshiro(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15ULL;
      std::uint64_t z = seed;
      z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
      z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
      word = z ^ (z >> 31U);
    }
  }
  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }
  double uniform() { return (static_cast<double>(next() >> 11U) + 0.5) * 0x1.0p-53; }

 private:
  std::array<std::uint64_t, 4> state_{};
};

/// Exponential with mean 1 by a 256-layer ziggurat (Marsaglia and Tsang, 2000).
class Exponential {
 public:
  Exponential() {
    const double r = 7.69711747013104972;
    const double area = 0.0039496598225815571993;
    x_[0] = area / std::exp(-r);
    x_[1] = r;
    y_[1] = std::exp(-r);
    for (std::size_t i = 2; i < 256; ++i) {
      y_[i] = y_[i - 1] + area / x_[i - 1];
      x_[i] = -std::log(y_[i]);
    }
    y_[256] = 1;
  }
  double draw(Xoshiro& random) const {
    double tail = 0;
    for (;;) {
      const std::uint64_t bits = random.next();
      const std::size_t layer = bits & 255U;
      const double x = static_cast<double>(bits >> 11U) * 0x1.0p-53 * x_[layer];
      if (x < x_[layer + 1]) [[likely]] {
        return tail + x;
      }
      if (layer == 0) {
        tail += x_[1];
      } else if (y_[layer] + random.uniform() * (y_[layer + 1] - y_[layer]) < std::exp(-x)) {
        return tail + x;
      }
    }
  }

 private:
  std::array<double, 257> x_{};
  std::array<double, 257> y_{};
};

}  // namespace edgecut::bench
