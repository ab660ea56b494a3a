#include "platforms/trace_statistics.hpp"

#include <algorithm>
#include <cmath>

#include "base/errors.hpp"

namespace edgecut::platforms {
namespace {

constexpr double kWholeBin = 0.9;  // s

}  // namespace

void BinSums::add(double rate, double times) {
  if (count_ == 0) {
    first_ = rate;
    min_ = max_ = rate;
  }
  const double offset = rate - first_;
  products_ += last_ * offset + (times - 1) * offset * offset;
  count_ += times;
  last_ = offset;
  sum_ += times * offset;
  squares_ += times * offset * offset;
  min_ = std::min(min_, rate);
  max_ = std::max(max_, rate);
  const bool outage = rate < base::in_bits_per_s(kOutageBelow);
  outages_ += outage ? times : 0;
  outage_run_ = outage ? outage_run_ + times : 0;
  outage_run_max_ = std::max(outage_run_max_, outage_run_);
}

TraceStatistics BinSums::statistics() const {
  EC_CHECK(count_ > 0, "statistics need at least one bin");
  TraceStatistics result;
  result.duration = base::seconds(count_);
  const double offset = sum_ / count_;
  const double mean = first_ + offset;
  const double squares = std::max(0.0, squares_ - sum_ * offset);
  // The sum of (x[i] - m)(x[i-1] - m), each x less the first bin's rate, so that the first is 0.
  const double products = products_ - offset * (2 * sum_ - last_) + (count_ - 1) * offset * offset;
  result.mean = base::bits_per_s(mean);
  result.min = base::bits_per_s(min_);
  result.max = base::bits_per_s(max_);
  result.cv = mean > 0 ? std::sqrt(squares / count_) / mean : 0;
  result.outage_share = outages_ / count_;
  result.outage_longest = base::seconds(outage_run_max_);
  // Rounding alone leaves a tiny variance where the rate is constant.
  result.autocorrelation = result.cv > 1e-7 ? products / squares : 0;
  return result;
}

TraceStatistics bin_statistics(const std::vector<double>& bins_bits_per_s) {
  BinSums sums;
  for (const double rate : bins_bits_per_s) {
    sums.add(rate);
  }
  return sums.statistics();
}

void StatisticsStream::add(const RateSegment& segment) {
  const double rate = base::in_bits_per_s(segment.rate);
  double from = base::in_seconds(segment.start);
  end_s_ = base::in_seconds(segment.end);
  double second = bins_.count();  // where the bin under way began
  if (from > second && second + 1 <= end_s_) {
    bins_.add(bits_ + rate * (second + 1 - from));
    bits_ = 0;
    from = second = second + 1;
  }
  if (const double whole = std::floor(end_s_ - second); whole >= 1) {
    bins_.add(rate, whole);
    from = second + whole;
  }
  bits_ += rate * std::max(0.0, end_s_ - from);
}

TraceStatistics StatisticsStream::finish() const {
  BinSums bins = bins_;
  const double rest = end_s_ - bins.count();
  if (bins.count() == 0 || rest >= kWholeBin) {
    bins.add(bits_ / rest);
  }
  TraceStatistics result = bins.statistics();
  result.duration = base::seconds(end_s_);
  return result;
}

TraceStatistics trace_statistics(const RateTrace& trace) {
  StatisticsStream stream;
  const std::vector<RateStep> steps = trace.steps();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    stream.add({steps[i].start, i + 1 < steps.size() ? steps[i + 1].start : trace.period(),
                steps[i].rate});
  }
  return stream.finish();
}

}  // namespace edgecut::platforms
