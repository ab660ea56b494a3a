// G GPUs behind one FIFO queue, without events: each arrival goes to the GPU that is free first
// (Kiefer and Wolfowitz, 1955). Exact for arrivals in order of time. Which GPU it is does not
// matter, so only the times are kept: a short list is scanned, a long one is a binary heap.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/quantity.hpp"

namespace edgecut::sim {

class GpuPool {
 public:
  explicit GpuPool(std::size_t gpus) : free_at_(gpus) {}

  /// When the service of a query starts that arrives at `time` (not before an earlier arrival).
  base::Duration start(base::Duration time, base::Duration service) {
    if (free_at_.size() > kScanMax) {
      return start_on_heap(time, service);
    }
    std::size_t first = 0;
    base::Duration earliest = free_at_[0];
    for (std::size_t i = 1; i < free_at_.size(); ++i) {
      const bool sooner = free_at_[i] < earliest;
      earliest = sooner ? free_at_[i] : earliest;
      first = sooner ? i : first;
    }
    const base::Duration begin = base::max(time, earliest);
    free_at_[first] = begin + service;
    return begin;
  }

  /// How long a query that arrives at `time` would wait.
  [[nodiscard]] base::Duration wait(base::Duration time) const {
    const base::Duration earliest = *std::min_element(free_at_.begin(), free_at_.end());
    return base::max(earliest - time, base::seconds(0));
  }

  [[nodiscard]] std::size_t size() const { return free_at_.size(); }

 private:
  static constexpr std::size_t kScanMax = 16;

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
