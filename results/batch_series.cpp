#include "results/batch_series.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/errors.hpp"

namespace edgecut::results {
namespace {

constexpr double kAutocorrelationMax = 0.2;
// Below this relative half-width the deviations are rounding, and so is their autocorrelation.
constexpr double kExact = 1e-9;

}  // namespace

bool precise(const Summary& summary, std::span<const Metric> metrics, double relative_precision) {
  return std::all_of(metrics.begin(), metrics.end(), [&](Metric metric) {
    const std::optional<Estimate>& estimate = summary[metric];
    if (!estimate || !estimate->half_width || !estimate->autocorrelation) {
      return false;
    }
    const double size = std::abs(estimate->value);
    return *estimate->half_width <= kExact * size ||
           (*estimate->half_width <= relative_precision * size &&
            std::abs(*estimate->autocorrelation) < kAutocorrelationMax);
  });
}

void BatchSeries::Window::merge(const Window& other) {
  latency.merge(other.latency);
  for (std::size_t i = 0; i < kEnergies; ++i) {
    energies[i].merge(other.energies[i]);
  }
  latencies.merge(other.latencies);
}

BatchSeries::BatchSeries(base::Duration window_first) {
  const double length_s = base::in_seconds(window_first);
  EC_CHECK(length_s > 0x1p-40 && length_s < 0x1p40, "the first window needs a length");
  windows_per_s_ = std::ldexp(1, -std::ilogb(length_s));
}

base::Duration BatchSeries::window_length() const { return base::seconds(1 / windows_per_s_); }

// Instants beyond the ladder share its last window, which no run lives to see.
double BatchSeries::far_position(double position) {
  EC_CHECK(position >= 0, "a query completes at a time >= 0");
  return kPositionMax - 1;
}

// The pairs of the first 256 windows merge; every later rung moves down by one.
void BatchSeries::coarsen() {
  const std::size_t pairs = std::min(windows_.size(), kWindowsMax);
  const std::size_t merged = (pairs + 1) / 2;
  for (std::size_t i = 0; i < merged; ++i) {
    if (i > 0) {
      windows_[i] = std::move(windows_[2 * i]);
    }
    if (2 * i + 1 < pairs) {
      windows_[i].merge(windows_[2 * i + 1]);
    }
  }
  windows_.erase(windows_.begin() + static_cast<std::ptrdiff_t>(merged),
                 windows_.begin() + static_cast<std::ptrdiff_t>(pairs));
  windows_per_s_ /= 2;
}

void BatchSeries::merge(const BatchSeries& other) {
  while (windows_per_s_ > other.windows_per_s_) {
    coarsen();
  }
  if (windows_per_s_ < other.windows_per_s_) {
    BatchSeries coarser = other;
    while (coarser.windows_per_s_ > windows_per_s_) {
      coarser.coarsen();
    }
    merge(coarser);
    return;
  }
  if (windows_.size() < other.windows_.size()) {
    windows_.resize(other.windows_.size());
  }
  for (std::size_t i = 0; i < other.windows_.size(); ++i) {
    windows_[i].merge(other.windows_[i]);
  }
}

void BatchSeries::settle(base::Duration now) {
  for (int steps = plan(now).coarser; steps > 0; --steps) {
    coarsen();
  }
}

BatchSeries::Plan BatchSeries::plan(base::Duration end) const {
  const double position = std::floor(base::in_seconds(end) * windows_per_s_);
  EC_CHECK(position >= 0 && position < kPositionMax, "a summary needs an end within the run");
  const auto whole = static_cast<std::uint64_t>(position);
  Plan plan;
  if (whole == 0) {
    return plan;
  }
  plan.coarser = static_cast<int>(std::bit_width((whole - 1) >> (kRungBits + 1)));
  plan.last = static_cast<std::size_t>(whole >> plan.coarser);
  plan.first = static_cast<std::size_t>(std::ceil(static_cast<double>(plan.last) * kWarmup));
  plan.batches = std::min(plan.last - plan.first, kBatches);
  return plan;
}

// Every window held lies inside one batch: the ladder is never coarser than what `end` wants.
BatchSeries::Batches BatchSeries::batches(const Plan& plan) const {
  Batches batches;
  batches.latency.resize(plan.batches);
  batches.energies.resize(plan.batches);
  batches.latencies.resize(plan.batches);
  const double length_s = std::ldexp(1 / windows_per_s_, plan.coarser);
  for (std::size_t b = 0; b < plan.batches; ++b) {
    const std::size_t windows = plan.boundary(b + 1) - plan.boundary(b);
    batches.lengths_s.push_back(length_s * static_cast<double>(windows));
  }
  std::size_t b = 0;
  for (std::size_t i = 0; i < windows_.size() && b < plan.batches; ++i) {
    const std::size_t rung = i < kWindowsMax ? 0 : i / kRung - 1;
    const std::uint64_t start = std::uint64_t{i - rung * kRung} << rung;
    const auto place = static_cast<std::size_t>(start >> plan.coarser);
    while (b < plan.batches && place >= plan.boundary(b + 1)) {
      ++b;
    }
    if (place >= plan.first && b < plan.batches) {
      batches.latency[b].merge(windows_[i].latency);
      for (std::size_t e = 0; e < kEnergies; ++e) {
        batches.energies[b][e].merge(windows_[i].energies[e]);
      }
      batches.latencies[b].merge(windows_[i].latencies);
    }
  }
  for (const LogHistogram& latencies : batches.latencies) {
    batches.latencies_all.merge(latencies);
  }
  return batches;
}

std::optional<Batched> BatchSeries::batched(Metric metric, const Batches& batches) {
  const auto ratio = [&](auto&& term) {
    std::vector<RatioTerm> terms;
    for (std::size_t b = 0; b < batches.lengths_s.size(); ++b) {
      terms.push_back(term(b));
    }
    return batched_ratio(terms);
  };
  const auto count = [&](std::size_t b) {
    return static_cast<double>(batches.latencies[b].count());
  };
  const auto energy = [&](std::size_t first, std::size_t last) {
    return ratio([&](std::size_t b) {
      ExactSum sum;
      for (std::size_t e = first; e <= last; ++e) {
        sum.merge(batches.energies[b][e]);
      }
      return RatioTerm{sum.value(), count(b)};
    });
  };
  const auto quantile = [&](double q) {
    return batched_quantile(batches.latencies, batches.latencies_all, q);
  };
  switch (metric) {
    case Metric::kLatencyMean:
      return ratio([&](std::size_t b) { return RatioTerm{batches.latency[b].value(), count(b)}; });
    case Metric::kLatencyP50:
      return quantile(0.50);
    case Metric::kLatencyP95:
      return quantile(0.95);
    case Metric::kLatencyP99:
      return quantile(0.99);
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
      return ratio([&](std::size_t b) { return RatioTerm{count(b), batches.lengths_s[b]}; });
  }
  EC_CHECK(false, "an unknown metric");
  return std::nullopt;
}

std::optional<Batched> BatchSeries::batched(Metric metric, base::Duration end) const {
  return batched(metric, batches(plan(end)));
}

LogHistogram BatchSeries::latency_histogram(base::Duration end) const {
  return batches(plan(end)).latencies_all;
}

Summary BatchSeries::summarize(base::Duration end, double confidence) const {
  const Plan plan = this->plan(end);
  const Batches batches = this->batches(plan);
  const double length_s = std::ldexp(1 / windows_per_s_, plan.coarser);
  Summary summary;
  summary.from = base::seconds(length_s * static_cast<double>(plan.first));
  summary.until = base::seconds(length_s * static_cast<double>(plan.last));
  summary.batches = plan.batches;
  summary.queries = batches.latencies_all.count();
  if (summary.queries > 0) {
    summary.latency_max = base::seconds(batches.latencies_all.max());
  }
  for (std::size_t m = 0; m < kMetricCount; ++m) {
    if (const auto found = batched(static_cast<Metric>(m), batches)) {
      summary.estimates[m] = to_estimate(*found, confidence);
    }
  }
  return summary;
}

std::uint64_t BatchSeries::count() const {
  std::uint64_t count = 0;
  for (const Window& window : windows_) {
    count += window.latencies.count();
  }
  return count;
}

}  // namespace edgecut::results
