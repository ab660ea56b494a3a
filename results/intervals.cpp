#include "results/intervals.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "base/errors.hpp"

namespace edgecut::results {
namespace {

using PlainDouble = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

// Libraries of mathematical functions differ in the last bits; 2^-30 hides that from the results.
double rounded(double value) { return std::round(value * 0x1p30) * 0x1p-30; }

double upper_share(double confidence) {
  EC_CHECK(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1");
  return (1 - confidence) / 2;
}

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

}  // namespace

double student_t_two_sided(double confidence, double degrees_of_freedom) {
  const double share = upper_share(confidence);
  EC_CHECK(degrees_of_freedom > 0, "Student's t needs a degree of freedom");
  const boost::math::students_t_distribution<double, PlainDouble> t(degrees_of_freedom);
  return rounded(boost::math::quantile(boost::math::complement(t, share)));
}

double normal_two_sided(double confidence) {
  const boost::math::normal_distribution<double, PlainDouble> normal(0, 1);
  return rounded(boost::math::quantile(boost::math::complement(normal, upper_share(confidence))));
}

std::optional<Batched> batched_ratio(std::span<const RatioTerm> batches) {
  RatioTerm total;
  for (const RatioTerm& batch : batches) {
    total.sum += batch.sum;
    total.weight += batch.weight;
  }
  if (!(total.weight > 0)) {
    return std::nullopt;
  }
  Batched result;
  result.value = total.sum / total.weight;
  const double weight_mean = total.weight / static_cast<double>(batches.size());
  result.deviations.reserve(batches.size());
  const auto filled = std::count_if(batches.begin(), batches.end(),
                                    [](const RatioTerm& batch) { return batch.weight > 0; });
  result.interval = filled >= static_cast<std::ptrdiff_t>(kBatchesMin);
  for (const RatioTerm& batch : batches) {
    result.deviations.push_back((batch.sum - result.value * batch.weight) / weight_mean);
  }
  return result;
}

std::optional<Batched> batched_quantile(std::span<const LogHistogram> batches, double q) {
  LogHistogram all;
  for (const LogHistogram& batch : batches) {
    all.merge(batch);
  }
  return batched_quantile(batches, all, q);
}

std::optional<Batched> batched_quantile(std::span<const LogHistogram> batches,
                                        const LogHistogram& all, double q) {
  if (all.empty()) {
    return std::nullopt;
  }
  Batched result;
  result.value = all.quantile(q);
  const double count_mean = static_cast<double>(all.count()) / static_cast<double>(batches.size());
  result.interval = count_mean * std::min(q, 1 - q) >= kBeyondQuantileMin;
  result.deviations.reserve(batches.size());
  for (const LogHistogram& batch : batches) {
    // An empty batch pulls at nothing, as in the ratio above.
    const double share = static_cast<double>(batch.count()) / count_mean;
    result.deviations.push_back(batch.empty() ? 0 : share * (batch.quantile(q) - result.value));
  }
  return result;
}

Batched paired_difference(const Batched& a, const Batched& b) {
  EC_CHECK(a.deviations.size() == b.deviations.size(), "paired runs need the same batches");
  Batched result;
  result.value = a.value - b.value;
  result.interval = a.interval && b.interval;
  result.deviations.reserve(a.deviations.size());
  for (std::size_t i = 0; i < a.deviations.size(); ++i) {
    result.deviations.push_back(a.deviations[i] - b.deviations[i]);
  }
  return result;
}

Estimate to_estimate(const Batched& batched, double confidence) {
  Estimate estimate;
  estimate.value = batched.value;
  const std::size_t count = batched.deviations.size();
  if (!batched.interval || count < kBatchesMin) {
    return estimate;
  }
  double squares = 0;
  for (const double deviation : batched.deviations) {
    squares += deviation * deviation;
  }
  const auto batches = static_cast<double>(count);
  const double half_width =
      student_t_two_sided(confidence, batches - 1) * std::sqrt(squares / (batches * (batches - 1)));
  // Of a quantity that is the same in every query only the rounding of sums is left.
  constexpr double kRounding = 1e-10;
  estimate.half_width = half_width < kRounding * std::abs(batched.value) ? 0 : half_width;
  estimate.autocorrelation = lag1_autocorrelation(batched.deviations);
  return estimate;
}

double lag1_autocorrelation(std::span<const double> values) {
  const double mean = mean_of(values);
  double products = 0;
  double squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double here = values[i] - mean;
    squares += here * here;
    if (i + 1 < values.size()) {
      products += here * (values[i + 1] - mean);
    }
  }
  return squares > 0 ? products / squares : 0;
}

void Moments::add(double value) {
  ++count;
  const double before = value - mean;
  mean += before / static_cast<double>(count);
  squares += before * (value - mean);
}

void Moments::merge(const Moments& other) {
  if (other.count == 0) {
    return;
  }
  if (count == 0) {
    *this = other;
    return;
  }
  const auto n = static_cast<double>(count);
  const auto m = static_cast<double>(other.count);
  const double apart = other.mean - mean;
  mean += apart * (m / (n + m));
  squares += other.squares + apart * apart * (n * m / (n + m));
  count += other.count;
}

double Moments::variance() const {
  return count < 2 ? 0 : squares / static_cast<double>(count - 1);
}

Estimate mean_of_replications(const Moments& replications, double confidence) {
  Estimate estimate;
  estimate.value = replications.mean;
  if (replications.count >= 2) {
    const auto n = static_cast<double>(replications.count);
    estimate.half_width =
        student_t_two_sided(confidence, n - 1) * std::sqrt(replications.variance() / n);
  }
  return estimate;
}

}  // namespace edgecut::results
