#include "results/extremes.hpp"

#include <cstddef>
#include <cstring>

#include "base/vector_clones.hpp"

namespace edgecut::results {
namespace {

// Lanes as one value: of arrays GCC 12 makes sixteen scalars.
constexpr std::size_t kLanes = 8;
constexpr std::size_t kBlock = 2 * kLanes;
typedef double Lanes __attribute__((vector_size(kLanes * sizeof(double))));

EDGECUT_VECTOR_CLONES
void widen_lanes(double* min, double* max, const double* values, std::size_t blocks) {
  // Two of each, so that a comparison need not wait for the one before.
  Lanes least = Lanes{} + *min;
  Lanes most = Lanes{} + *max;
  Lanes least_too = least;
  Lanes most_too = most;
  for (std::size_t i = 0; i < blocks * kBlock; i += kBlock) {
    Lanes here;
    Lanes there;
    std::memcpy(&here, values + i, sizeof here);
    std::memcpy(&there, values + i + kLanes, sizeof there);
    least = here < least ? here : least;
    most = here > most ? here : most;
    least_too = there < least_too ? there : least_too;
    most_too = there > most_too ? there : most_too;
  }
  least = least_too < least ? least_too : least;
  most = most_too > most ? most_too : most;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    *min = least[lane] < *min ? least[lane] : *min;
    *max = most[lane] > *max ? most[lane] : *max;
  }
}

}  // namespace

void Extremes::widen(std::span<const double> values) {
  const std::size_t blocks = values.size() / kBlock;
  widen_lanes(&min, &max, values.data(), blocks);
  for (const double value : values.subspan(blocks * kBlock)) {
    min = value < min ? value : min;
    max = value > max ? value : max;
  }
}

}  // namespace edgecut::results
