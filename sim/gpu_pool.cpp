#include "sim/gpu_pool.hpp"

#include <array>

#include "base/errors.hpp"

namespace edgecut::sim {

using base::Duration;

namespace {

// As instructions, not as branches that half of the time go the other way.
double smaller(double a, double b) { return a < b ? a : b; }
double larger(double a, double b) { return a < b ? b : a; }

}  // namespace

// The times at which GPUs are free, s, kept in order: the first is the one wanted, and a new one
// finds its place by comparisons alone. With their number known, all of them stay in registers.
template <std::size_t kGpus>
void GpuPool::start_all_on(std::span<const Duration> times, std::span<const Duration> services,
                           std::span<Duration> starts) {
  std::sort(free_at_.begin(), free_at_.end());
  std::array<double, kGpus + 1> free_at_s;
  for (std::size_t k = 0; k < kGpus; ++k) {
    free_at_s[k] = base::in_seconds(free_at_[k]);
  }
  free_at_s[kGpus] = base::in_seconds(base::kForever);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double start_s = larger(base::in_seconds(times[i]), free_at_s[0]);
    const double end_s = start_s + base::in_seconds(services[i]);
    starts[i] = base::seconds(start_s);
    // Those earlier than the end move down by one.
    free_at_s[0] = smaller(end_s, free_at_s[1]);
#pragma GCC unroll 8
    for (std::size_t k = 1; k < kGpus; ++k) {
      free_at_s[k] = smaller(larger(end_s, free_at_s[k]), free_at_s[k + 1]);
    }
  }
  for (std::size_t k = 0; k < kGpus; ++k) {
    free_at_[k] = base::seconds(free_at_s[k]);
  }
}

void GpuPool::start_all(std::span<const Duration> times, std::span<const Duration> services,
                        std::span<Duration> starts) {
  EC_CHECK(times.size() == services.size() && times.size() == starts.size(),
           "a service and a start for every query");
  switch (free_at_.size()) {
    case 1:
      return start_all_on<1>(times, services, starts);
    case 2:
      return start_all_on<2>(times, services, starts);
    case 4:
      return start_all_on<4>(times, services, starts);
    case 8:
      return start_all_on<8>(times, services, starts);
    default:
      for (std::size_t i = 0; i < times.size(); ++i) {
        starts[i] = start(times[i], services[i]);
      }
  }
}

}  // namespace edgecut::sim
