#include "platforms/rate_curve.hpp"

#include <algorithm>

namespace edgecut::platforms {

void RateCurve::widen() {
  width_s_ *= 2;
  for (std::size_t i = 0; i < bits_.size(); ++i) {
    const double bits = bits_[i];
    bits_[i] = 0;
    bits_[i / 2] += bits;
  }
  bits_.resize((bits_.size() + 1) / 2);
}

void RateCurve::add(const RateSegment& segment) {
  constexpr double kLong = 128;
  const double rate = base::in_bits_per_s(segment.rate);
  double from = base::in_seconds(segment.start);
  end_s_ = base::in_seconds(segment.end);
  while (end_s_ > width_s_ * static_cast<double>(kBinsMax) || (end_s_ >= kLong && width_s_ < 1)) {
    widen();
  }
  while (from < end_s_) {
    const auto bin = static_cast<std::size_t>(from / width_s_);
    const double to = std::min(end_s_, static_cast<double>(bin + 1) * width_s_);
    bits_.resize(std::max(bits_.size(), bin + 1));
    bits_[bin] += rate * (to - from);
    from = to;
  }
}

std::vector<std::pair<base::Duration, base::DataRate>> RateCurve::points() const {
  std::vector<std::pair<base::Duration, base::DataRate>> points;
  const auto count = static_cast<double>(bits_.size());
  const bool short_rest = bits_.size() > 1 && end_s_ - (count - 1) * width_s_ < width_s_ / 2;
  const std::size_t bins = bits_.size() - (short_rest ? 1 : 0);
  for (std::size_t i = 0; i < bins; ++i) {
    const double from = static_cast<double>(i) * width_s_;
    const bool last = i + 1 == bins;
    const double length = (last ? end_s_ : from + width_s_) - from;
    const double bits = bits_[i] + (last && short_rest ? bits_.back() : 0);
    points.emplace_back(base::seconds(from), base::bits_per_s(bits / length));
  }
  if (!points.empty()) {
    points.emplace_back(base::seconds(end_s_), points.back().second);
  }
  return points;
}

}  // namespace edgecut::platforms
