// Confidence intervals of means, ratios and quantiles from the batches of one long run.
//
// Every estimator here is written as a value plus one deviation a batch: how far batch b alone
// pulls the estimate, to first order. Variance, interval, autocorrelation and the paired difference
// of two runs then follow from the deviations in one way:
//   half-width = reach x sqrt( (1 + r) / (1 - r) ) x sqrt( sum_b d_b^2 / (B (B - 1)) ).
// r >= 0 is the lag-1 autocorrelation of the deviations, taken for that of a first-order
// autoregressive process (as Tafazzoli, Steiger & Wilson, IEEE Trans. Autom. Control, 2011, do for
// batch means). The reach is Student's t(B - 1), for means moved by the skewness of the batches
// (Willink, Comm. Statist. Theory Methods, 2005): the farther of his two bounds, so that one
// half-width serves both sides.
//
// Means: batches of unequal counts, d_b = (sum_b - R n_b) / n_mean with R = total / total count,
// the classical ratio estimator (Cochran, Sampling Techniques, 1977, 6.3; batches: Law & Kelton,
// Simulation Modeling and Analysis, 9.5.3).
// Quantiles: the share F_b of batch b below the quantile of all batches has an interval as any
// ratio; the inverse of the distribution takes it to values (Woodruff, J. Amer. Statist. Assoc.,
// 1952). d_b = (p - F_b) (n_b / n_mean) x slope, with the slope of the inverse over two standard
// errors to the steeper side. Batch quantiles (sectioning) would be biased where a batch has few
// values beyond.
//
// Assumes batches long against the correlation of the process up to what r corrects. Ignores
// warm-up: the caller drops it. docs/model.md has the equations and the measured coverage.
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
  bool bent = false;               // the deviations have the skewness in them already (quantiles)
};

/// A batch of a ratio: what was summed up, over how many (or how long).
struct RatioTerm {
  double sum = 0;
  double weight = 0;
};

/// Fewer batches than this give a value without an interval.
inline constexpr std::size_t kBatchesMin = 8;
/// Values that the average batch must have beyond a quantile, on either side, for an interval.
inline constexpr double kBeyondQuantileMin = 1;

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
/// How far the q-quantile may be off when the share below it may be off by `reach`: the farther of
/// the two sides. A bucket with more values than `reach` is not looked into, since they may all be
/// equal: the side goes to its edge. Nothing when q +- reach leaves (0, 1).
std::optional<double> quantile_reach(const LogHistogram& values, double q, double reach);
/// a - b of two runs over the same batches: with common random numbers what both share cancels.
Batched paired_difference(const Batched& a, const Batched& b);

Estimate to_estimate(const Batched& batched, double confidence);

/// sqrt(sum d^2 / (B (B - 1))) of two deviations or more, times the correction for their lag-1
/// autocorrelation where that is positive.
double standard_error(std::span<const double> deviations);
/// How many standard errors the farther bound lies from the mean of `deviations` when the nearer
/// and the farther together have the confidence that `t` gives symmetric ones. Never below t.
double skewed_reach(std::span<const double> deviations, double t);

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
