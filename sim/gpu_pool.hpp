// G GPUs behind one FIFO queue, without events: each arrival goes to the GPU that is free first
// (Kiefer and Wolfowitz, 1955). Exact for arrivals in order of time. Which GPU it is does not
// matter, so only the times are kept: a short list is scanned, a long one is a binary heap.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "base/quantity.hpp"

namespace edgecut::sim {

class GpuPool {
 public:
  explicit GpuPool(std::size_t gpus) : free_at_(gpus) {}

  /// When the service of a query starts that arrives at `time` (not before an earlier arrival).
  base::Duration start(base::Duration time, base::Duration service) {
    switch (free_at_.size()) {  // loops of a known length for usual numbers
      case 1:
        return start_on_first(time, service, 1);
      case 2:
        return start_on_first(time, service, 2);
      case 4:
        return start_on_first(time, service, 4);
      case 8:
        return start_on_first(time, service, 8);
      default:
        return free_at_.size() > kScanMax ? start_on_heap(time, service)
                                          : start_on_first(time, service, free_at_.size());
    }
  }

  /// As if `start` was asked for a block of queries in turn: number i arrives at `times[i]` (in
  /// order) and takes `services[i]`; its start goes to `starts[i]`. Faster for 1, 2, 4 and 8 GPUs.
  void start_all(std::span<const base::Duration> times, std::span<const base::Duration> services,
                 std::span<base::Duration> starts);

  /// How long a query that arrives at `time` would wait.
  [[nodiscard]] base::Duration wait(base::Duration time) const {
    const base::Duration earliest = *std::min_element(free_at_.begin(), free_at_.end());
    return base::max(earliest - time, base::seconds(0));
  }

  /// Work taken up and not yet done at `time`.
  [[nodiscard]] base::Duration backlog(base::Duration time) const {
    base::Duration total;
    for (const base::Duration free_at : free_at_) {
      total += base::max(free_at - time, base::seconds(0));
    }
    return total;
  }

  [[nodiscard]] std::size_t size() const { return free_at_.size(); }

 private:
  static constexpr std::size_t kScanMax = 16;

  template <std::size_t kGpus>
  void start_all_on(std::span<const base::Duration> times, std::span<const base::Duration> services,
                    std::span<base::Duration> starts);

  // On the first of `gpus` GPUs that is free.
  [[gnu::always_inline]] base::Duration start_on_first(base::Duration time, base::Duration service,
                                                       std::size_t gpus) {
    base::Duration* const free_at = free_at_.data();
    std::size_t first = 0;
    base::Duration earliest = free_at[0];
    for (std::size_t i = 1; i < gpus; ++i) {
      const bool sooner = free_at[i] < earliest;
      earliest = sooner ? free_at[i] : earliest;
      first = sooner ? i : first;
    }
    const base::Duration begin = base::max(time, earliest);
    free_at[first] = begin + service;
    return begin;
  }

  // The heap's top is the earliest; its successor sinks from there.
  base::Duration start_on_heap(base::Duration time, base::Duration service) {
    const base::Duration begin = base::max(time, free_at_.front());
    const base::Duration end = begin + service;
    std::size_t hole = 0;
    for (std::size_t child = 1; child < free_at_.size(); child = 2 * hole + 1) {
      if (child + 1 < free_at_.size() && free_at_[child + 1] < free_at_[child]) {
        ++child;
      }
      if (end <= free_at_[child]) {
        break;
      }
      free_at_[hole] = free_at_[child];
      hole = child;
    }
    free_at_[hole] = end;
    return begin;
  }

  std::vector<base::Duration> free_at_;
};

}  // namespace edgecut::sim
