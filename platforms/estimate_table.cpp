#include "platforms/estimate_table.hpp"

#include <cmath>

#include "base/errors.hpp"

namespace edgecut::platforms {
namespace {

// Element k: the estimate after the samples up to k, of samples that have repeated for ever.
std::vector<double> steady_ewma(const std::vector<double>& samples, double weight) {
  // After a period that begins at e the mean is a + (1 - w)^n e: the steady state solves it.
  double after_one = 0;
  for (const double sample : samples) {
    after_one = weight * sample + (1 - weight) * after_one;
  }
  const double forgotten =
      -std::expm1(static_cast<double>(samples.size()) * std::log1p(-weight));  // 1 - (1 - w)^n
  double mean = after_one / forgotten;
  std::vector<double> means;
  means.reserve(samples.size());
  for (const double sample : samples) {
    mean = weight * sample + (1 - weight) * mean;
    means.push_back(mean);
  }
  return means;
}

std::vector<double> steady_harmonic(const std::vector<double>& samples, const EstimatorSpec& spec) {
  RateEstimator estimator(spec);
  const std::size_t count = samples.size();
  for (std::size_t before = spec.windows; before > 0; --before) {
    estimator.add(base::bits_per_s(samples[count - 1 - (before - 1) % count]));
  }
  std::vector<double> means;
  means.reserve(count);
  for (const double sample : samples) {
    estimator.add(base::bits_per_s(sample));
    means.push_back(base::in_bits_per_s(*estimator.estimate()));
  }
  return means;
}

}  // namespace

std::vector<double> window_means(const RateTrace& trace, base::Duration window) {
  const double length = base::in_seconds(window);
  const double period = base::in_seconds(trace.period());
  EC_CHECK(length > 0 && period / length <= EstimateTable::kWindowsMax, "a window out of range");
  const auto count = static_cast<std::size_t>(std::ceil(std::max(period / length - 1e-9, 0.5)));
  std::vector<double> means(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double from = static_cast<double>(i) * length;
    const double to = i + 1 < count ? static_cast<double>(i + 1) * length : period;
    means[i] = base::in_bits(trace.carried(base::seconds(from), base::seconds(to))) / (to - from);
  }
  return means;
}

EstimateTable::EstimateTable(const RateTrace& trace, const EstimatorSpec& spec) : trace_(&trace) {
  if (trace.is_constant()) {
    estimates_ = {base::in_bits_per_s(trace.mean_rate())};
    return;
  }
  windows_per_s_ = 1 / base::in_seconds(spec.sample_interval);
  estimates_ = window_means(trace, spec.sample_interval);
  if (spec.kind == EstimatorKind::kEwma) {
    estimates_ = steady_ewma(estimates_, spec.weight);
  } else if (spec.kind == EstimatorKind::kHarmonicMean) {
    estimates_ = steady_harmonic(estimates_, spec);
  }
  // During a window the device has the samples up to the one before.
  std::rotate(estimates_.begin(), estimates_.end() - 1, estimates_.end());
}

}  // namespace edgecut::platforms
