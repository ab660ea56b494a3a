#include "results/extremes.hpp"

#include <array>
#include <cstddef>

#include "base/vector_clones.hpp"

namespace edgecut::results {
namespace {

constexpr std::size_t kLanes = 16;

struct Lanes {
  std::array<double, kLanes> min;
  std::array<double, kLanes> max;
};

EDGECUT_VECTOR_CLONES
void widen_lanes(Lanes& lanes, const double* values, std::size_t blocks) {
  std::array<double, kLanes> min = lanes.min;
  std::array<double, kLanes> max = lanes.max;
  for (std::size_t i = 0; i < blocks * kLanes; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double value = values[i + lane];
      min[lane] = value < min[lane] ? value : min[lane];
      max[lane] = value > max[lane] ? value : max[lane];
    }
  }
  lanes = {min, max};
}

}  // namespace

void Extremes::widen(std::span<const double> values) {
  const auto see = [this](double smaller, double larger) {
    min = smaller < min ? smaller : min;
    max = larger > max ? larger : max;
  };
  const std::size_t blocks = values.size() / kLanes;
  if (blocks > 0) {
    Lanes lanes;
    lanes.min.fill(min);
    lanes.max.fill(max);
    widen_lanes(lanes, values.data(), blocks);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      see(lanes.min[lane], lanes.max[lane]);
    }
  }
  for (const double value : values.subspan(blocks * kLanes)) {
    see(value, value);
  }
}

}  // namespace edgecut::results
