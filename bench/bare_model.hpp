// The flow that both bare loops simulate.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "bench/bare_random.hpp"

namespace edgecut::bench {

/// A query a second and node; the server's load is 0.7.
struct BareModel {
  explicit BareModel(std::uint32_t node_count)
      : rate(node_count), service(8 * 0.7 / node_count), nodes(node_count) {}
  [[nodiscard]] double gap_mean() const { return nodes / rate; }

  static constexpr double kDevice = 5e-3;
  static constexpr double kUplink = 5e-3;
  static constexpr double kDownlink = 0.5e-3;
  static constexpr double kLatency = 2e-3;
  double rate;
  double service;
  double nodes;
};

struct BareNode {
  double next = 0;
  double processor = 0;
  double uplink = 0;
  double downlink = 0;
};

/// Eight cores, FIFO: the core that is free first serves next.
class EightCores {
 public:
  double serve(double time, double service) {
    std::size_t first = 0;
    double earliest = free_at_[0];
    for (std::size_t i = 1; i < free_at_.size(); ++i) {
      const bool sooner = free_at_[i] < earliest;
      earliest = sooner ? free_at_[i] : earliest;
      first = sooner ? i : first;
    }
    const double end = std::max(time, earliest) + service;
    free_at_[first] = end;
    return end;
  }

 private:
  std::array<double, 8> free_at_{};
};

/// Log-bucket histogram, 0.7 % wide buckets.
class BareHistogram {
 public:
  BareHistogram() : counts_(std::size_t{1} << 14U) {}
  void add(double value) {
    sum_ += value;
    ++count_;
    const std::uint64_t bucket = (std::bit_cast<std::uint64_t>(value) >> 45U) - kFirst;
    ++counts_[std::min<std::uint64_t>(bucket, counts_.size() - 1)];
  }
  [[nodiscard]] double mean() const { return sum_ / static_cast<double>(count_); }

 private:
  static constexpr std::uint64_t kFirst = (1023ULL - 40) << 7U;
  std::vector<std::uint64_t> counts_;
  double sum_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace edgecut::bench
