// Internal to the inference of layers: arithmetic that cannot overflow, and the collection of what
// is wrong with one layer. Ignores what a layer is.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include "workloads/shape_inference.hpp"

namespace edgecut::workloads::inference {

inline constexpr std::int64_t kAxisMax = 3;
inline constexpr std::int64_t kSaturated = std::numeric_limits<std::int64_t>::max();

// The product of factors >= 0, or kSaturated when it does not fit: beyond every limit either way.
inline std::int64_t product(std::initializer_list<std::int64_t> factors) {
  std::int64_t result = 1;
  bool overflow = false;
  for (const std::int64_t factor : factors) {
    if (factor == 0) {
      return 0;
    }
    overflow = overflow || __builtin_mul_overflow(result, factor, &result);
  }
  return overflow ? kSaturated : result;
}

inline std::int64_t elements_of(const Shape& shape) {
  return product({shape.batch, shape.channels, shape.height, shape.width});
}

// Collects what is wrong with one layer while its inference goes on.
class Checker {
 public:
  explicit Checker(std::vector<std::string>& problems) : problems_(problems) {}

  void require(bool condition, const std::string& problem) {
    if (!condition) {
      problems_.push_back(problem);
    }
  }
  void range(const std::string& what, std::int64_t value, std::int64_t low) {
    require(value >= low && value <= kDimensionMax, what + " is " + std::to_string(value) +
                                                        ", allowed: " + std::to_string(low) +
                                                        " to " + std::to_string(kDimensionMax));
  }
  [[nodiscard]] bool ok() const { return problems_.empty(); }

 private:
  std::vector<std::string>& problems_;
};

/// The layers that slide a window over their input (workloads/window_inference.cpp).
void infer_convolution(const LayerParameters& p, const Shape& input, LayerInference& result);
void infer_local(const LayerParameters& p, const Shape& input, LayerInference& result);
void infer_pooling(const LayerParameters& parameters, const Shape& input, LayerInference& result);

}  // namespace edgecut::workloads::inference
