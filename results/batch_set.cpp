#include "results/batch_set.hpp"

#include <algorithm>
#include <cmath>

#include "base/errors.hpp"

namespace edgecut::results {
namespace {

// Up to here the intervals allow for the correlation of batches; beyond, the batches are too short.
constexpr double kAutocorrelationMax = 0.5;
// Below this relative half-width the deviations are rounding, and so is their autocorrelation.
constexpr double kExact = 1e-9;

template <class Value>
void append_all(std::vector<Value>& to, const std::vector<Value>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

Summary to_summary(const BatchedSummary& batched, double confidence) {
  Summary summary{.from = batched.from,
                  .until = batched.until,
                  .queries = batched.queries,
                  .batches = batched.batches,
                  .latency_max = batched.latency_max,
                  .estimates = {}};
  for (std::size_t m = 0; m < kMetricCount; ++m) {
    if (batched.metrics[m]) {
      summary.estimates[m] = to_estimate(*batched.metrics[m], confidence);
    }
  }
  return summary;
}

bool precise(const Summary& summary, std::span<const Metric> metrics, double relative_precision) {
  return std::all_of(metrics.begin(), metrics.end(), [&](Metric metric) {
    const std::optional<Estimate>& estimate = summary[metric];
    if (!estimate || !estimate->half_width) {
      return false;
    }
    const double size = std::abs(estimate->value);
    return *estimate->half_width <= kExact * size ||
           (*estimate->half_width <= relative_precision * size &&
            estimate->autocorrelation.value_or(0) < kAutocorrelationMax);
  });
}

void BatchSet::append(const BatchSet& other) {
  if (size() == 0) {
    *this = other;
    return;
  }
  append_all(lengths_s, other.lengths_s);
  append_all(latency_s, other.latency_s);
  append_all(energies_j, other.energies_j);
  append_all(latencies_s, other.latencies_s);
}

LogHistogram BatchSet::all_latencies_s() const {
  LogHistogram all;
  for (const LogHistogram& latencies : latencies_s) {
    all.merge(latencies);
  }
  return all;
}

std::optional<Batched> BatchSet::batched(Metric metric, const LogHistogram& all) const {
  const auto ratio = [&](auto&& term) {
    std::vector<RatioTerm> terms;
    for (std::size_t b = 0; b < lengths_s.size(); ++b) {
      terms.push_back(term(b));
    }
    return batched_ratio(terms);
  };
  const auto count = [&](std::size_t b) { return static_cast<double>(latencies_s[b].count()); };
  const auto energy = [&](std::size_t first, std::size_t last) {
    return ratio([&](std::size_t b) {
      ExactSum sum;
      for (std::size_t e = first; e <= last; ++e) {
        sum.merge(energies_j[b][e]);
      }
      return RatioTerm{sum.value(), count(b)};
    });
  };
  switch (metric) {
    case Metric::kLatencyMean:
      return ratio([&](std::size_t b) { return RatioTerm{latency_s[b].value(), count(b)}; });
    case Metric::kLatencyP50:
    case Metric::kLatencyP90:
    case Metric::kLatencyP95:
    case Metric::kLatencyP99:
    case Metric::kLatencyP999:
      return batched_quantile(latencies_s, all, *traits(metric).quantile);
    case Metric::kEnergyMean:
      return energy(0, kEnergies - 1);
    case Metric::kEnergyCompute:
    case Metric::kEnergyTransmit:
    case Metric::kEnergyReceive:
    case Metric::kEnergyPromotion:
    case Metric::kEnergyTail: {
      const std::size_t component =
          static_cast<std::size_t>(metric) - static_cast<std::size_t>(Metric::kEnergyCompute);
      return energy(component, component);
    }
    case Metric::kCompletedRate:
      return ratio([&](std::size_t b) { return RatioTerm{count(b), lengths_s[b]}; });
  }
  EC_CHECK(false, "an unknown metric");
  return std::nullopt;
}

std::optional<Batched> BatchSet::batched(Metric metric) const {
  return batched(metric, all_latencies_s());
}

BatchedSummary BatchSet::batched() const {
  const LogHistogram all = all_latencies_s();
  BatchedSummary summary;
  summary.end = until;
  summary.from = from;
  summary.until = until;
  summary.batches = size();
  summary.queries = all.count();
  if (summary.queries > 0) {
    summary.latency_max = base::seconds(all.max());
  }
  for (std::size_t m = 0; m < kMetricCount; ++m) {
    summary.metrics[m] = batched(static_cast<Metric>(m), all);
  }
  return summary;
}

}  // namespace edgecut::results
