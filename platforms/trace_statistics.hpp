// What a bandwidth trace is like, in the figures that published traces are described with.
//
// Computed on 1 s bins, each the time-weighted mean rate of its second (a rest at the end
// counts as a bin from 0.9 s on, a shorter one is left out). An outage is a bin below 0.1 Mbit/s.
#pragma once

#include <vector>

#include "base/quantity.hpp"
#include "platforms/rate_trace.hpp"
#include "platforms/trace_segments.hpp"

namespace edgecut::platforms {

inline constexpr base::DataRate kOutageBelow = base::bits_per_s(0.1e6);

struct TraceStatistics {
  base::Duration duration;  // of one period
  base::DataRate mean;      // of the bins, as are the next two
  base::DataRate min;
  base::DataRate max;
  double cv = 0;                  // population standard deviation / mean
  double outage_share = 0;        // of the bins
  base::Duration outage_longest;  // consecutive bins, not across the wrap
  double autocorrelation = 0;     // lag 1 s; 0 for a constant rate
};

TraceStatistics trace_statistics(const RateTrace& trace);
TraceStatistics bin_statistics(const std::vector<double>& bins_bits_per_s);

/// The figures from bins as they come, in constant memory. Sums run around the first bin's rate, so
/// that rounding is near 1e-16 x (mean / standard deviation)^2, relative.
class BinSums {
 public:
  /// `times` bins of one rate, in bit/s.
  void add(double rate, double times = 1);
  [[nodiscard]] double count() const { return count_; }
  /// At least one bin was added; the duration is their number.
  [[nodiscard]] TraceStatistics statistics() const;

 private:
  double count_ = 0;
  double first_ = 0;  // bit/s; the sums are of differences from it
  double last_ = 0;
  double sum_ = 0;
  double squares_ = 0;
  double products_ = 0;  // of neighbours
  double min_ = 0;
  double max_ = 0;
  double outages_ = 0;
  double outage_run_ = 0;
  double outage_run_max_ = 0;
};

/// The figures of a trace from its segments as they pass.
class StatisticsStream {
 public:
  void add(const RateSegment& segment);
  /// At least one segment was added.
  [[nodiscard]] TraceStatistics finish() const;

 private:
  BinSums bins_;
  double bits_ = 0;  // of the bin under way
  double end_s_ = 0;
};

}  // namespace edgecut::platforms
