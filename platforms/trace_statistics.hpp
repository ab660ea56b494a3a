// What a bandwidth trace is like, in the figures that published traces are described with.
//
// Computed on 1 s bins, each the time-weighted mean rate of its second (a rest of less than half a
// second at the end is left out, a longer one is a bin of its own). An outage is a bin below 0.1
// Mbit/s.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/rate_trace.hpp"

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

/// The mean rate of each second of one period.
std::vector<base::DataRate> one_second_bins(const RateTrace& trace);
TraceStatistics trace_statistics(const RateTrace& trace);
TraceStatistics bin_statistics(const std::vector<double>& bins_bits_per_s);

/// An aligned text table, a row a trace: name, then the statistics with their units in the head.
std::string statistics_table(const std::vector<std::pair<std::string, TraceStatistics>>& rows);

}  // namespace edgecut::platforms
