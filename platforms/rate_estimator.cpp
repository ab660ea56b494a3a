#include "platforms/rate_estimator.hpp"

#include <cmath>

#include "base/errors.hpp"

namespace edgecut::platforms {

const std::vector<std::string>& estimator_names() {
  static const std::vector<std::string> names = {"last-sample", "ewma", "harmonic-mean", "oracle"};
  return names;
}

double ewma_weight(base::Duration half_life, base::Duration sample_interval) {
  return 1 - std::exp2(-(sample_interval / half_life));
}

RateEstimator::RateEstimator(const EstimatorSpec& spec) : spec_(spec) {
  EC_CHECK(spec.kind != EstimatorKind::kOracle, "the oracle has no use for samples");
  EC_CHECK(spec.weight > 0 && spec.weight <= 1 && spec.windows > 0, "an estimator out of range");
}

void RateEstimator::add(base::DataRate sample) {
  const double rate = base::in_bits_per_s(sample);
  switch (spec_.kind) {
    case EstimatorKind::kEwma:
      mean_ = mean_ ? spec_.weight * rate + (1 - spec_.weight) * *mean_ : rate;
      return;
    case EstimatorKind::kHarmonicMean:
      if (recent_.size() < spec_.windows) {
        recent_.push_back(rate);
        return;
      }
      recent_[next_] = rate;
      next_ = (next_ + 1) % recent_.size();
      return;
    default:
      mean_ = rate;
  }
}

std::optional<base::DataRate> RateEstimator::estimate() const {
  if (spec_.kind != EstimatorKind::kHarmonicMean) {
    return mean_ ? std::optional(base::bits_per_s(*mean_)) : std::nullopt;
  }
  if (recent_.empty()) {
    return std::nullopt;
  }
  // Summed anew, oldest first: a running sum would keep the rounding of every slow sample that has
  // left. 1 / 0 is infinite and gives 0.
  double time_per_bit = 0;
  for (std::size_t i = 0; i < recent_.size(); ++i) {
    time_per_bit += 1 / recent_[(next_ + i) % recent_.size()];
  }
  return base::bits_per_s(static_cast<double>(recent_.size()) / time_per_bit);
}

}  // namespace edgecut::platforms
