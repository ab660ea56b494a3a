#include "platforms/trace_statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/errors.hpp"
#include "base/text.hpp"

namespace edgecut::platforms {

std::vector<base::DataRate> one_second_bins(const RateTrace& trace) {
  constexpr double kBinsMax = 1e8;
  const double period = base::in_seconds(trace.period());
  if (period > kBinsMax) {
    throw base::ConfigError("trace", "a period of " + base::format_number(period) +
                                         " s is too long for 1 s statistics; at most " +
                                         base::format_number(kBinsMax) + " s");
  }
  const auto count = static_cast<std::size_t>(std::max(1.0, std::floor(period + 0.5)));
  std::vector<base::DataRate> bins(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double from = static_cast<double>(i);
    const double to = i + 1 < count ? from + 1 : std::min(period, from + 1);
    bins[i] = trace.carried(base::seconds(from), base::seconds(to)) / base::seconds(to - from);
  }
  return bins;
}

TraceStatistics bin_statistics(const std::vector<double>& bins) {
  EC_CHECK(!bins.empty(), "statistics need at least one bin");
  TraceStatistics result;
  const auto count = static_cast<double>(bins.size());
  result.duration = base::seconds(count);
  double sum = 0;
  std::size_t outages = 0;
  std::size_t run = 0;
  std::size_t run_max = 0;
  for (const double rate : bins) {
    sum += rate;
    run = rate < base::in_bits_per_s(kOutageBelow) ? run + 1 : 0;
    outages += run > 0 ? 1 : 0;
    run_max = std::max(run_max, run);
  }
  const double mean = sum / count;
  double squares = 0;
  double products = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    squares += (bins[i] - mean) * (bins[i] - mean);
    products += i > 0 ? (bins[i] - mean) * (bins[i - 1] - mean) : 0;
  }
  result.mean = base::bits_per_s(mean);
  result.min = base::bits_per_s(*std::min_element(bins.begin(), bins.end()));
  result.max = base::bits_per_s(*std::max_element(bins.begin(), bins.end()));
  result.cv = mean > 0 ? std::sqrt(squares / count) / mean : 0;
  result.outage_share = static_cast<double>(outages) / count;
  result.outage_longest = base::seconds(static_cast<double>(run_max));
  // Rounding alone leaves a tiny variance where the rate is constant.
  result.autocorrelation = result.cv > 1e-9 ? products / squares : 0;
  return result;
}

TraceStatistics trace_statistics(const RateTrace& trace) {
  std::vector<double> bins;
  for (const base::DataRate rate : one_second_bins(trace)) {
    bins.push_back(base::in_bits_per_s(rate));
  }
  TraceStatistics result = bin_statistics(bins);
  result.duration = trace.period();
  return result;
}

std::string statistics_table(const std::vector<std::pair<std::string, TraceStatistics>>& rows) {
  using Cells = std::array<std::string, 9>;
  std::vector<Cells> table = {{"trace", "duration_s", "mean_mbps", "cv", "min_mbps", "max_mbps",
                               "outage_pct", "longest_s", "acf_1s"}};
  for (const auto& [name, s] : rows) {
    table.push_back({name, base::format_fixed(base::in_seconds(s.duration), 0),
                     base::format_fixed(base::in_megabits_per_s(s.mean), 2),
                     base::format_fixed(s.cv, 2),
                     base::format_fixed(base::in_megabits_per_s(s.min), 2),
                     base::format_fixed(base::in_megabits_per_s(s.max), 2),
                     base::format_fixed(100 * s.outage_share, 1),
                     base::format_fixed(base::in_seconds(s.outage_longest), 0),
                     base::format_fixed(s.autocorrelation, 2)});
  }
  std::array<std::size_t, 9> widths{};
  for (const Cells& cells : table) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], cells[i].size());
    }
  }
  std::string text;
  for (const Cells& cells : table) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string padding(widths[i] - cells[i].size(), ' ');
      text += i == 0 ? cells[i] + padding : "  " + padding + cells[i];
    }
    text += '\n';
  }
  return text;
}

}  // namespace edgecut::platforms
