// Successive jobs on their way through one FIFO queue, as arrays.
//
// Every step of a job's way is a loop over the block: draw, serve, add up. Nothing in a step waits
// for an earlier step of the next job, but for the two recursions (time of arrival, GPU that is
// free first). Numbers are those of the one-by-one form in the same operations, and sums are of
// integers, so results are the same bits (tests/property/engine_invariance_test.cpp).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "base/distribution.hpp"
#include "base/quantity.hpp"
#include "base/random.hpp"
#include "sim/gpu_pool.hpp"

namespace edgecut::sim {

/// What is kept of a job that is served and not yet done.
struct JobUnderWay {
  base::Duration time;  // when it will be done
  base::Duration issued_at;
};

class JobBlock {
 public:
  static constexpr std::size_t kSize = 256;

  /// Room for the times of arrival, in order.
  [[nodiscard]] std::span<base::Duration> room() { return issued_at_; }

  /// Draws the service of the first `size` jobs in the room; `services_s` has a quantile.
  void draw_services(std::size_t size, const base::Distribution& services_s,
                     base::RandomStream& stream) {
    size_ = size;
    stream.fill(first(uniforms_));
    services_s.quantiles(first(uniforms_), first(service_s_));
    served_ = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      service_[i] = base::seconds(service_s_[i]);
      served_ += service_s_[i] > 0 ? 1U : 0U;
    }
  }

  /// Sends them through `gpus`; a job that takes no time does not wait either.
  void serve(GpuPool& gpus) {
    if (served_ == size_) [[likely]] {
      gpus.start_all(first(issued_at_), first(service_), first(start_));
    } else {
      for (std::size_t i = 0; i < size_; ++i) {
        start_[i] = service_s_[i] > 0 ? gpus.start(issued_at_[i], service_[i]) : issued_at_[i];
      }
    }
    for (std::size_t i = 0; i < size_; ++i) {
      const base::Duration done = start_[i] + service_[i];
      wait_s_[i] = base::in_seconds(start_[i] - issued_at_[i]);
      latency_s_[i] = base::in_seconds(done - issued_at_[i]);
      done_s_[i] = base::in_seconds(done);
    }
  }

  /// Calls `later(i, done)` for the jobs that are done at `until` or later and leaves `done_s` and
  /// `latency_s` to the others, in order.
  template <class Later>
  void keep_before(base::Duration until, Later&& later) {
    completed_ = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      completed_ += done_s_[i] < base::in_seconds(until) ? 1U : 0U;
    }
    if (completed_ == size_) [[likely]] {
      return;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      if (done_s_[i] < base::in_seconds(until)) {
        done_s_[kept] = done_s_[i];
        latency_s_[kept++] = latency_s_[i];
      } else {
        later(i, base::seconds(done_s_[i]));
      }
    }
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] base::Duration issued_at(std::size_t i) const { return issued_at_[i]; }
  [[nodiscard]] base::Duration service(std::size_t i) const { return service_[i]; }
  /// Jobs whose service takes time.
  [[nodiscard]] std::size_t served() const { return served_; }
  /// Of all jobs.
  [[nodiscard]] std::span<const double> service_s() const { return first(service_s_); }
  [[nodiscard]] std::span<const double> wait_s() const { return first(wait_s_); }
  /// Of those that `keep_before` left.
  [[nodiscard]] std::span<const double> done_s() const { return first(done_s_, completed_); }
  [[nodiscard]] std::span<const double> latency_s() const { return first(latency_s_, completed_); }

 private:
  template <class T>
  using Column = std::array<T, kSize>;
  template <class T>
  std::span<T> first(Column<T>& column) {
    return std::span(column).first(size_);
  }
  std::span<const double> first(const Column<double>& column) const {
    return std::span(column).first(size_);
  }
  static std::span<const double> first(const Column<double>& column, std::size_t size) {
    return std::span(column).first(size);
  }

  std::size_t size_ = 0;
  std::size_t served_ = 0;
  std::size_t completed_ = 0;
  Column<double> uniforms_{};
  Column<double> service_s_{};
  Column<double> wait_s_{};
  Column<double> done_s_{};
  Column<double> latency_s_{};
  Column<base::Duration> issued_at_{};
  Column<base::Duration> service_{};
  Column<base::Duration> start_{};
};

}  // namespace edgecut::sim
