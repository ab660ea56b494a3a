#include "platforms/trace_segments.hpp"

#include <algorithm>
#include <cmath>

#include "base/errors.hpp"
#include "base/text.hpp"

namespace edgecut::platforms {

using base::in_seconds;
using base::seconds;

void StampedRows::add(double time_s, base::DataRate rate) {
  if (last_time_s_ == time_s) {
    ++rows_;
    rate_ = equal_ == EqualStamps::kMean ? rate_ + (rate - rate_) * (1 / rows_) : rate;
    return;
  }
  if (last_time_s_) {
    sink_({seconds(*last_time_s_ - origin_s_), seconds(time_s - origin_s_),
           marks_ == StampMarks::kEnd ? rate : rate_});
    length_s_ = time_s - *last_time_s_;
  } else {
    origin_s_ = time_s;
  }
  last_time_s_ = time_s;
  rate_ = rate;
  rows_ = 1;
  ++count_;
}

void StampedRows::finish(const std::string& name) {
  if (count_ < 2) {
    throw base::ConfigError(name,
                            "found " + std::to_string(count_) +
                                " different times; expected at least two, which give a length");
  }
  if (marks_ == StampMarks::kStart) {
    const double start = *last_time_s_ - origin_s_;
    sink_({seconds(start), seconds(start + length_s_), rate_});
  }
}

void IntervalRows::add(double length, base::DataRate rate) {
  const double start = position_;
  position_ += length;
  if (position_ > start) {  // beside a sum of 10^9 s a length of 10^-8 s is nothing
    sink_({seconds(start / units_per_s_), seconds(position_ / units_per_s_), rate});
  }
}

void IntervalRows::finish(const std::string& name) const {
  if (!(position_ > 0)) {
    throw base::ConfigError(name, "no rows; expected a bandwidth trace");
  }
}

void MergedSegments::add(const RateSegment& segment) {
  if (held_ && held_->rate == segment.rate) {
    held_->end = segment.end;
    return;
  }
  finish();
  held_ = segment;
}

void MergedSegments::finish() {
  if (held_) {
    sink_(*held_);
    held_.reset();
  }
}

void ResampledSegments::emit(double end_s) {
  if (end_s > start_s_) {
    sink_({seconds(start_s_), seconds(end_s), base::bits_per_s(bits_ / (end_s - start_s_))});
  }
  bits_ = 0;
  start_s_ = end_s;
}

void ResampledSegments::add(const RateSegment& segment) {
  const double rate = base::in_bits_per_s(segment.rate);
  double from = in_seconds(segment.start);
  end_s_ = in_seconds(segment.end);
  // Whole steps end at multiples, so that nothing adds up.
  for (double next = (count_ + 1) * step_s_; next <= end_s_; next = (count_ + 1) * step_s_) {
    bits_ += rate * std::max(0.0, next - from);
    from = next;
    emit(next);
    count_ += 1;
  }
  bits_ += rate * std::max(0.0, end_s_ - from);
}

void ResampledSegments::finish() { emit(end_s_); }

void StepCollector::add(const RateSegment& segment) {
  constexpr std::size_t kStepsMax = std::size_t{1} << 26U;
  period_ = segment.end;
  if (!steps_.empty() && steps_.back().rate == segment.rate) {
    return;
  }
  if (steps_.size() == kStepsMax) {
    throw base::ConfigError(
        name_, "more than " + std::to_string(kStepsMax) +
                   " different steps: too long to be held in memory; `edgecut trace convert "
                   "--step-s 1` makes a coarser trace");
  }
  steps_.push_back({segment.start, segment.rate});
}

RateTrace StepCollector::trace() const { return {steps_, period_, name_}; }

}  // namespace edgecut::platforms
