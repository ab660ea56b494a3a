// What a device believes of a rate that it measures now and then.
//
// A device sees its uplink as samples: the mean rate over each window of a fixed length (1 s unless
// said otherwise). An estimator turns the samples so far into the rate that the device expects of
// its next transfer:
//   last sample     e = s_n
//   EWMA            e = w s_n + (1 - w) e_before, e = s_1 at first
//   harmonic mean   e = k / (1/s_n + ... + 1/s_(n-k+1)), over the last k windows or what there is
//   of
//                   them: the mean of the time a bit takes (Jiang et al., FESTIVE, CoNEXT 2012)
//   oracle          no estimate at all: of each cut, the rate that its own transfer will truly get
//                   (sim/queueing_stages.cpp works it out). What another estimator loses against it
//                   is the regret of that estimate.
// A sample counts as one sample, however long its window was. Ignored: what measuring costs, and
// that an idle link measures nothing (every window has a sample).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.hpp"

namespace edgecut::platforms {

enum class EstimatorKind : std::uint8_t { kLastSample, kEwma, kHarmonicMean, kOracle };

/// Their names in files, in the order of EstimatorKind.
const std::vector<std::string>& estimator_names();

struct EstimatorSpec {
  EstimatorKind kind = EstimatorKind::kLastSample;
  double weight = 1;          // of the newest sample, EWMA; in (0, 1]
  std::uint32_t windows = 5;  // of the harmonic mean; from 1
  base::Duration sample_interval = base::seconds(1);

  bool operator==(const EstimatorSpec&) const = default;
};

/// The weight with which a sample counts half after `half_life` of later ones.
double ewma_weight(base::Duration half_life, base::Duration sample_interval);

/// The estimate as samples come in. Not of the oracle, which needs none.
class RateEstimator {
 public:
  explicit RateEstimator(const EstimatorSpec& spec);

  void add(base::DataRate sample);
  /// Nothing before the first sample. A sample of zero makes the harmonic mean zero for as long as
  /// it is one of the last k: the time a bit takes has no mean then.
  [[nodiscard]] std::optional<base::DataRate> estimate() const;

 private:
  EstimatorSpec spec_;
  std::optional<double> mean_;  // bit/s; of last sample and EWMA
  std::vector<double> recent_;  // of the harmonic mean, the newest before next_
  std::size_t next_ = 0;
};

}  // namespace edgecut::platforms
