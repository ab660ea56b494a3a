// Confidence intervals of means, ratios and quantiles from the batches of one long run.
//
// Every estimator here is written as a value plus one deviation a batch: how far batch b alone
// pulls the estimate, to first order. Variance, interval, autocorrelation and the paired difference
// of two runs then follow from the deviations in one way:
//   half-width = t(B - 1) sqrt( sum_b d_b^2 / (B (B - 1)) ).
// Batch means with unequal counts: d_b = (sum_b - R n_b) / n_mean with R = total / total count, the
// classical ratio estimator (Cochran, Sampling Techniques, 1977, 6.3; batches: Law & Kelton,
// Simulation Modeling and Analysis, 9.5.3). Quantiles by sectioning: d_b = (q_b - q) n_b / n_mean
// with q of all batches together (Asmussen & Glynn, Stochastic Simulation, 2007, III.5).
//
// Assumes batches long against the correlation of the process; the lag-1 autocorrelation of the
// deviations is the check. Ignores warm-up: the caller drops it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "results/log_histogram.hpp"

namespace edgecut::results {

/// A value with its uncertainty, in one unit. Absent means that too little was seen to say.
struct Estimate {
  double value = 0;
  std::optional<double> half_width;       // of the two-sided interval asked for
  std::optional<double> autocorrelation;  // lag 1, of the batch deviations

  bool operator==(const Estimate&) const = default;
};

/// An estimate before a confidence is chosen.
struct Batched {
  double value = 0;
  std::vector<double> deviations;  // a batch each
  bool interval = true;            // false where batches are too small for deviations to mean much
};

/// A batch of a ratio: what was summed up, over how many (or how long).
struct RatioTerm {
  double sum = 0;
  double weight = 0;
};

/// Fewer batches than this give a value without an interval.
inline constexpr std::size_t kBatchesMin = 8;
/// Values that the average batch must have beyond a quantile, on either side, for an interval.
inline constexpr double kBeyondQuantileMin = 5;

/// The two-sided quantile of Student's t: P(|T| <= t) = confidence. confidence in (0, 1).
double student_t_two_sided(double confidence, double degrees_of_freedom);
/// The same of the normal distribution.
double normal_two_sided(double confidence);

/// Sum over weight of all batches. Nothing when all weights are zero.
std::optional<Batched> batched_ratio(std::span<const RatioTerm> batches);
/// The q-quantile of all batches together. Nothing when all are empty.
std::optional<Batched> batched_quantile(std::span<const LogHistogram> batches, double q);
/// The same with `all`, the merged batches, at hand.
std::optional<Batched> batched_quantile(std::span<const LogHistogram> batches,
                                        const LogHistogram& all, double q);
/// a - b of two runs over the same batches: with common random numbers what both share cancels.
Batched paired_difference(const Batched& a, const Batched& b);

Estimate to_estimate(const Batched& batched, double confidence);

/// Of successive values around their mean; 0 when they are all equal or fewer than two.
double lag1_autocorrelation(std::span<const double> values);

/// Count, mean and sum of squared deviations of independent values (Welford's update; merged by
/// Chan, Golub & LeVeque, 1983). Merge in a fixed order: these are floating-point sums.
struct Moments {
  std::uint64_t count = 0;
  double mean = 0;
  double squares = 0;

  void add(double value);
  void merge(const Moments& other);
  /// Unbiased. 0 for fewer than two values.
  [[nodiscard]] double variance() const;
};

/// The mean of independent replications with Student's interval; none for fewer than two.
Estimate mean_of_replications(const Moments& replications, double confidence);

}  // namespace edgecut::results
