#include "results/intervals.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "base/errors.hpp"
#include "base/stable_math.hpp"

namespace edgecut::results {
namespace {

using PlainDouble = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

// Libraries of mathematical functions differ in the last bits; 2^-30 hides that from the results.
double rounded(double value) { return std::round(value * 0x1p30) * 0x1p-30; }

double upper_share(double confidence) {
  EC_CHECK(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1");
  return (1 - confidence) / 2;
}

// The lag-1 correlation of a short series is cut here: beyond, (1 + r) / (1 - r) explodes.
constexpr double kCorrelationMax = 0.9;
// A quantile's slope is taken over so many standard errors: about those of a 95 % interval.
constexpr double kSlopeReach = 2;

double cube_root(double x) {
  const double size = x == 0 ? 0 : base::stable_pow(std::abs(x), 1.0 / 3);
  return std::copysign(size, x);
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
  result.bent = true;
  result.value = all.quantile(q);
  const double count_mean = static_cast<double>(all.count()) / static_cast<double>(batches.size());
  const LogHistogram::Place place = all.place_of(q);
  result.deviations.reserve(batches.size());
  for (const LogHistogram& batch : batches) {
    // An empty batch pulls at nothing, as in the ratio above.
    const double weight = static_cast<double>(batch.count()) / count_mean;
    result.deviations.push_back(weight * (q - batch.share_before(place)));
  }
  if (batches.size() < kBatchesMin || count_mean * std::min(q, 1 - q) < kBeyondQuantileMin) {
    result.interval = false;
    return result;
  }
  const double reach = kSlopeReach * standard_error(result.deviations);
  // Rounding of the shares when all batches agree, as for a latency that is a constant.
  constexpr double kRounding = 1e-12;
  if (reach < kRounding) {
    std::fill(result.deviations.begin(), result.deviations.end(), 0.0);
    return result;
  }
  const auto side = quantile_reach(all, q, reach);
  result.interval = side.has_value();
  const double slope = side.value_or(0) / reach;
  for (double& deviation : result.deviations) {
    deviation *= slope;
  }
  return result;
}

std::optional<double> quantile_reach(const LogHistogram& values, double q, double reach) {
  if (q + reach >= 1 || q - reach <= 0) {
    return std::nullopt;
  }
  const LogHistogram::Around below = values.around(q - reach);
  const LogHistogram::Around above = values.around(q + reach);
  const double low = below.share > reach ? below.low : values.quantile(q - reach);
  const double high = above.share > reach ? above.high : values.quantile(q + reach);
  const double value = values.quantile(q);
  return std::max(high - value, value - low);
}

Batched paired_difference(const Batched& a, const Batched& b) {
  EC_CHECK(a.deviations.size() == b.deviations.size(), "paired runs need the same batches");
  Batched result;
  result.value = a.value - b.value;
  result.interval = a.interval && b.interval;
  result.bent = a.bent && b.bent;
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
  const double t = student_t_two_sided(confidence, static_cast<double>(count) - 1);
  const double reach = batched.bent ? t : skewed_reach(batched.deviations, t);
  const double half_width = reach * standard_error(batched.deviations);
  // Of a quantity that is the same in every query only the rounding of sums is left.
  constexpr double kRounding = 1e-10;
  estimate.half_width = half_width < kRounding * std::abs(batched.value) ? 0 : half_width;
  estimate.autocorrelation = lag1_autocorrelation(batched.deviations);
  return estimate;
}

double standard_error(std::span<const double> deviations) {
  const auto batches = static_cast<double>(deviations.size());
  EC_CHECK(batches >= 2, "a standard error needs two batches");
  double squares = 0;
  for (const double deviation : deviations) {
    squares += deviation * deviation;
  }
  const double r = std::clamp(lag1_autocorrelation(deviations), 0.0, kCorrelationMax);
  return std::sqrt((1 + r) / (1 - r) * squares / (batches * (batches - 1)));
}

// Willink's bounds lie -G(-t) and G(t) standard errors away, G(r) = ((1 + 6 a (r - a))^(1/3) - 1) /
// (2 a), a = skewness / (6 sqrt B).
double skewed_reach(std::span<const double> deviations, double t) {
  const auto batches = static_cast<double>(deviations.size());
  const double mean = mean_of(deviations);
  double squares = 0;
  double cubes = 0;
  for (const double deviation : deviations) {
    const double apart = deviation - mean;
    squares += apart * apart;
    cubes += apart * apart * apart;
  }
  if (batches < 3 || !(squares > 0)) {
    return t;
  }
  const double variance = squares / (batches - 1);
  const double third = batches * std::abs(cubes) / ((batches - 1) * (batches - 2));
  const double a = third / (variance * std::sqrt(variance)) / (6 * std::sqrt(batches));
  constexpr double kSmall = 1e-4;  // below, the series is exact and the formula cancels
  const double farther =
      a < kSmall ? t + a + 2 * a * t * t : (1 - cube_root(1 - 6 * a * (t + a))) / (2 * a);
  return std::max(t, farther);
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
