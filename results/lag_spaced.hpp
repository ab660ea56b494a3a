// Latencies taken at so wide a spacing that they look independent: the statistics of BigHouse
// (Meisner, Wu & Wenisch, ISPASS 2012; after Chen & Kelton, 2003), corrected.
//
// Observations come in the order of completion. The first 5,000 are dropped. Then every l-th is
// kept, l = 1 at first, and 4,000 of them take the runs-up test (Knuth, The Art of Computer
// Programming 2, 3.3.2 G: lengths of ascending runs, the element after each run thrown away, so
// that lengths are independent). When it fails, every other one is forgotten and the lag doubles.
// From the lag that passes on, the kept ones count as independent: the mean has the normal
// interval, a quantile that of its order statistics.
//
// Corrected against the published program: the probabilities and degrees of freedom of the test,
// an interval of quantiles that does not depend on the unit of time, a lag without a bound, looks
// at the precision far apart. What remains is the method's own: a lag that passes is only nearly
// long enough, so intervals are narrower than those of batch means (docs/validation.md has both).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "results/batch_series.hpp"
#include "results/intervals.hpp"
#include "results/log_histogram.hpp"
#include "results/metrics.hpp"

namespace edgecut::results {

/// The statistic of the runs-up test: about chi-square with 5 degrees of freedom for independent
/// values. Equal ones (a service time that is constant) are put in an order by a hash of their
/// places. Nothing for values without a complete run.
std::optional<double> runs_up_statistic(std::span<const double> values);

class LagSpaced {
 public:
  static constexpr std::uint64_t kWarmup = 5000;
  static constexpr std::size_t kTested = 4000;
  /// The test refuses one independent sequence in ten (chi-square, 5 degrees of freedom).
  static constexpr double kCritical = 9.236;

  /// The next latency >= 0, s, in the order of completion.
  void add(double latency_s);

  /// The lag found; nothing while it is searched.
  [[nodiscard]] std::optional<std::uint64_t> lag() const;
  /// How many observations the estimates rest on.
  [[nodiscard]] std::uint64_t samples() const { return all_.latencies.count(); }

  /// Mean or quantile of latency; nothing while the lag is searched. Not for other metrics.
  [[nodiscard]] std::optional<Estimate> estimate(Metric metric, double confidence) const;

  /// Whether this method has estimates of `metric`.
  static bool covers(Metric metric) {
    return metric == Metric::kLatencyMean || traits(metric).quantile.has_value();
  }

  /// All that is known, for other processes.
  struct Contents {
    std::uint64_t skip = kWarmup;  // observations to pass by before the next one kept
    std::uint64_t lag = 1;
    bool found = false;
    std::vector<double> buffer;
    Moments moments;
    LogHistogram latencies;
  };
  [[nodiscard]] const Contents& contents() const { return all_; }
  static LagSpaced from_contents(Contents contents);

 private:
  void keep(double latency_s);
  void test();
  [[nodiscard]] Estimate quantile(double q, double confidence) const;

  Contents all_;
};

/// Puts the estimates of `spaced` in the place of those that batches gave to the same metrics.
void replace_latencies(Summary& summary, const LagSpaced& spaced, double confidence);

}  // namespace edgecut::results
