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

LagSpaced LagSpaced::from_contents(Contents contents) {
  LagSpaced spaced;
  spaced.all_ = std::move(contents);
  return spaced;
}

void LagSpaced::add(double latency_s) {
  if (all_.skip > 0) {
    --all_.skip;
    return;
  }
  all_.skip = all_.lag - 1;
  if (all_.found) {
    keep(latency_s);
    return;
  }
  all_.buffer.push_back(latency_s);
  if (all_.buffer.size() == kTested) {
    test();
  }
}

void LagSpaced::test() {
  const auto statistic = runs_up_statistic(all_.buffer);
  if (statistic && *statistic < kCritical) {
    all_.found = true;
    for (const double latency_s : all_.buffer) {
      keep(latency_s);
    }
    all_.buffer = {};
    return;
  }
  for (std::size_t i = 1; i < all_.buffer.size() / 2; ++i) {
    all_.buffer[i] = all_.buffer[2 * i];
  }
  all_.buffer.resize(all_.buffer.size() / 2);
  // The last one forgotten lay one old lag after the last one kept: so far on is the next.
  all_.lag *= 2;
  all_.skip = all_.lag / 2 - 1;
}

void LagSpaced::keep(double latency_s) {
  all_.moments.add(latency_s);
  all_.latencies.add(latency_s);
}

std::optional<std::uint64_t> LagSpaced::lag() const {
  return all_.found ? std::optional(all_.lag) : std::nullopt;
}

// Ranks q n +- z sqrt(n q (1 - q)) of the ordered sample; the farther side stands for both.
Estimate LagSpaced::quantile(double q, double confidence) const {
  Estimate estimate;
  estimate.value = all_.latencies.quantile(q);
  const auto n = static_cast<double>(all_.latencies.count());
  const double reach = normal_two_sided(confidence) * std::sqrt(q * (1 - q) / n);
  estimate.half_width = quantile_reach(all_.latencies, q, reach);
  return estimate;
}

std::optional<Estimate> LagSpaced::estimate(Metric metric, double confidence) const {
  EC_CHECK(covers(metric), "lag-spaced samples are of latency only");
  if (!all_.found) {
    return std::nullopt;
  }
  if (const auto q = traits(metric).quantile) {
    return quantile(*q, confidence);
  }
  Estimate estimate;
  estimate.value = all_.moments.mean;
  const auto n = static_cast<double>(all_.moments.count);
  estimate.half_width = normal_two_sided(confidence) * std::sqrt(all_.moments.variance() / n);
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
