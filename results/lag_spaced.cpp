#include "results/lag_spaced.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/errors.hpp"

namespace edgecut::results {
namespace {

constexpr std::size_t kCells = 6;  // runs of 1, ..., 5 and of 6 or more

// P(an ascending run has length r) = r / (r + 1)!; the last cell takes the rest, 1 / 6!.
constexpr std::array<double, kCells> kProbabilities = {1.0 / 2,  1.0 / 3,   1.0 / 8,
                                                       1.0 / 30, 1.0 / 144, 1.0 / 720};

// Bits without a pattern from a place (SplitMix64's mixer).
std::uint64_t scattered(std::uint64_t place) {
  std::uint64_t z = (place + 1) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

}  // namespace

std::optional<double> runs_up_statistic(std::span<const double> values) {
  std::array<double, kCells> counts{};
  double runs = 0;
  std::size_t length = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto falls = [&] {
      return values[i] < values[i - 1] ||
             (values[i] == values[i - 1] && scattered(i) < scattered(i - 1));
    };
    if (length > 0 && falls()) {
      ++counts[std::min(length, kCells) - 1];
      ++runs;
      length = 0;  // and this value, which ended the run, is thrown away
    } else {
      ++length;
    }
  }
  if (runs == 0) {
    return std::nullopt;
  }
  double statistic = 0;
  for (std::size_t r = 0; r < kCells; ++r) {
    const double expected = runs * kProbabilities[r];
    statistic += (counts[r] - expected) * (counts[r] - expected) / expected;
  }
  return statistic;
}

void LagSpaced::add(double latency_s) {
  if (skip_ > 0) {
    --skip_;
    return;
  }
  skip_ = lag_ - 1;
  if (found_) {
    keep(latency_s);
    return;
  }
  buffer_.push_back(latency_s);
  if (buffer_.size() == kTested) {
    test();
  }
}

void LagSpaced::test() {
  const auto statistic = runs_up_statistic(buffer_);
  if (statistic && *statistic < kCritical) {
    found_ = true;
    for (const double latency_s : buffer_) {
      keep(latency_s);
    }
    buffer_ = {};
    return;
  }
  for (std::size_t i = 1; i < buffer_.size() / 2; ++i) {
    buffer_[i] = buffer_[2 * i];
  }
  buffer_.resize(buffer_.size() / 2);
  // The last one forgotten lay one old lag after the last one kept: so far on is the next.
  lag_ *= 2;
  skip_ = lag_ / 2 - 1;
}

void LagSpaced::keep(double latency_s) {
  moments_.add(latency_s);
  latencies_.add(latency_s);
}

std::optional<std::uint64_t> LagSpaced::lag() const {
  return found_ ? std::optional(lag_) : std::nullopt;
}

// Ranks q n +- z sqrt(n q (1 - q)) of the ordered sample; the farther side stands for both.
Estimate LagSpaced::quantile(double q, double confidence) const {
  Estimate estimate;
  estimate.value = latencies_.quantile(q);
  const auto n = static_cast<double>(latencies_.count());
  const double reach = normal_two_sided(confidence) * std::sqrt(q * (1 - q) / n);
  estimate.half_width = quantile_reach(latencies_, q, reach);
  return estimate;
}

std::optional<Estimate> LagSpaced::estimate(Metric metric, double confidence) const {
  EC_CHECK(covers(metric), "lag-spaced samples are of latency only");
  if (!found_) {
    return std::nullopt;
  }
  if (const auto q = traits(metric).quantile) {
    return quantile(*q, confidence);
  }
  Estimate estimate;
  estimate.value = moments_.mean;
  const auto n = static_cast<double>(moments_.count);
  estimate.half_width = normal_two_sided(confidence) * std::sqrt(moments_.variance() / n);
  return estimate;
}

void replace_latencies(Summary& summary, const LagSpaced& spaced, double confidence) {
  for (std::size_t m = 0; m < kMetricCount; ++m) {
    const auto metric = static_cast<Metric>(m);
    if (LagSpaced::covers(metric)) {
      summary.estimates[m] = spaced.estimate(metric, confidence);
    }
  }
}

}  // namespace edgecut::results
