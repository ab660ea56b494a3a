#include "results/extremes.hpp"

#include <cstddef>
#include <cstring>

#include "base/vector_clones.hpp"

namespace edgecut::results {
namespace {

// Lanes as one value: of arrays GCC 12 makes sixteen scalars.
constexpr std::size_t kLanes = 8;
typedef double Lanes __attribute__((vector_size(kLanes * sizeof(double))));

EDGECUT_VECTOR_CLONES
void widen_lanes(double* min, double* max, const double* values, std::size_t blocks) {
  Lanes least = Lanes{} + *min;
  Lanes most = Lanes{} + *max;
  for (std::size_t i = 0; i < blocks * kLanes; i += kLanes) {
    Lanes value;
    std::memcpy(&value, values + i, sizeof value);
    least = value < least ? value : least;
    most = value > most ? value : most;
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    *min = least[lane] < *min ? least[lane] : *min;
    *max = most[lane] > *max ? most[lane] : *max;
  }
}

}  // namespace

void Extremes::widen(std::span<const double> values) {
  const std::size_t blocks = values.size() / kLanes;
  widen_lanes(&min, &max, values.data(), blocks);
  for (const double value : values.subspan(blocks * kLanes)) {
    min = value < min ? value : min;
    max = value > max ? value : max;
  }
}

}  // namespace edgecut::results
