#include "results/log_histogram.hpp"

#include <algorithm>
#include <cmath>

#include "base/errors.hpp"
#include "results/extremes.hpp"

namespace edgecut::results {

void LogHistogram::add_all(std::span<const double> values) {
  // In variables: the compiler must take each count for one of our members.
  std::uint64_t* counts = counts_.data();
  std::uint64_t size = counts_.size();
  std::uint64_t first_key = first_key_;
  for (const double value : values) {
    const std::uint64_t slot = key_of(value) - first_key;
    if (slot < size) [[likely]] {
      ++counts[slot];
    } else {
      add_outside(value);
      counts = counts_.data();
      size = counts_.size();
      first_key = first_key_;
    }
  }
  Extremes extremes{min_, max_};
  extremes.widen(values);
  min_ = extremes.min;
  max_ = extremes.max;
  count_ += values.size();
}

// A value outside the buckets held so far: one of the two end buckets, or the range grows.
void LogHistogram::add_outside(double value) {
  EC_CHECK(value >= 0, "a histogram takes values >= 0 only");
  if (value < kFloor) {
    ++count_below_;
  } else if (value >= kCeiling) {
    ++count_above_;
  } else {
    const std::uint64_t key = key_of(value);
    cover(key, key + 1);
    ++counts_[key - first_key_];
  }
}

// Extends the buckets held to the keys [first, last). Growth is by a quarter of a power of two at
// least, so that a spreading distribution does not move its counts at every new value.
void LogHistogram::cover(std::uint64_t first, std::uint64_t last) {
  constexpr std::uint64_t kGrowth = 64;
  const std::uint64_t low = std::max(first / kGrowth * kGrowth, kKeyFloor);
  const std::uint64_t high = std::min((last + kGrowth - 1) / kGrowth * kGrowth, kKeyCeiling);
  if (counts_.empty()) {
    first_key_ = low;
    counts_.assign(high - low, 0);
    return;
  }
  if (low < first_key_) {
    counts_.insert(counts_.begin(), first_key_ - low, 0);
    first_key_ = low;
  }
  if (high > first_key_ + counts_.size()) {
    counts_.resize(high - first_key_, 0);
  }
}

void LogHistogram::make_room_as(const LogHistogram& other) {
  if (!other.counts_.empty()) {
    cover(other.first_key_, other.first_key_ + other.counts_.size());
  }
}

void LogHistogram::merge(const LogHistogram& other) {
  if (!other.counts_.empty()) {
    make_room_as(other);
    std::uint64_t* const counts = counts_.data() + (other.first_key_ - first_key_);
    const std::uint64_t* const added = other.counts_.data();
    const std::size_t size = other.counts_.size();
    for (std::size_t i = 0; i < size; ++i) {
      counts[i] += added[i];
    }
  }
  count_below_ += other.count_below_;
  count_above_ += other.count_above_;
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double LogHistogram::min() const {
  EC_CHECK(!empty(), "an empty histogram has no smallest value");
  return min_;
}

double LogHistogram::max() const {
  EC_CHECK(!empty(), "an empty histogram has no largest value");
  return max_;
}

// Bucket 0 lies below the floor, the last one above the ceiling, the counted ones between them.
LogHistogram::Bucket LogHistogram::bucket(std::size_t index) const {
  if (index == 0) {
    return {0, kFloor, count_below_};
  }
  if (index == counts_.size() + 1) {
    return {kCeiling, std::max(kCeiling, max_), count_above_};
  }
  const std::uint64_t key = first_key_ + (index - 1);
  return {edge_of(key), edge_of(key + 1), counts_[index - 1]};
}

// The bucket of the ceil(q count)-th smallest value and how far into it that value is taken to lie.
LogHistogram::Found LogHistogram::find(double q) const {
  EC_CHECK(!empty(), "an empty histogram has no quantiles");
  EC_CHECK(q >= 0 && q <= 1, "a quantile is of a share between 0 and 1");
  const double rank = q * static_cast<double>(count_);
  std::uint64_t below = 0;
  Found last{0, 1};
  for (std::size_t i = 0; i < buckets(); ++i) {
    const std::uint64_t here = bucket(i).count;
    if (here > 0) {
      if (static_cast<double>(below + here) >= rank) {
        return {i, (rank - static_cast<double>(below)) / static_cast<double>(here)};
      }
      last.bucket = i;
    }
    below += here;
  }
  return last;
}

double LogHistogram::quantile(double q) const {
  const Found found = find(q);
  const Bucket here = bucket(found.bucket);
  return std::clamp(here.low + (here.high - here.low) * found.inside, min_, max_);
}

LogHistogram::Around LogHistogram::around(double q) const {
  const Bucket here = bucket(find(q).bucket);
  return {std::clamp(here.low, min_, max_), std::clamp(here.high, min_, max_),
          static_cast<double>(here.count) / static_cast<double>(count_)};
}

LogHistogram::Place LogHistogram::place_of(double q) const {
  const Found found = find(q);
  if (found.bucket == 0) {
    return {kKeyFloor - 1, found.inside};
  }
  const bool top = found.bucket == counts_.size() + 1;
  return {top ? kKeyCeiling : first_key_ + (found.bucket - 1), found.inside};
}

double LogHistogram::share_before(const Place& place) const {
  if (empty()) {
    return 0;
  }
  if (place.key < kKeyFloor) {
    return place.inside * static_cast<double>(count_below_) / static_cast<double>(count_);
  }
  std::uint64_t before = count_below_;
  std::uint64_t at_place = place.key == kKeyCeiling ? count_above_ : 0;
  for (std::size_t i = 0; i < counts_.size() && first_key_ + i <= place.key; ++i) {
    (first_key_ + i == place.key ? at_place : before) += counts_[i];
  }
  return (static_cast<double>(before) + place.inside * static_cast<double>(at_place)) /
         static_cast<double>(count_);
}

double LogHistogram::fraction_above(double value) const {
  if (empty() || value >= max_) {
    return 0;
  }
  if (value < min_) {
    return 1;
  }
  double above = 0;
  for (std::size_t i = 0; i < buckets(); ++i) {
    const Bucket here = bucket(i);
    const auto count = static_cast<double>(here.count);
    if (here.low > value) {
      above += count;
    } else if (here.high > value) {
      above += count * ((here.high - value) / (here.high - here.low));
    }
  }
  return above / static_cast<double>(count_);
}

LogHistogram::Contents LogHistogram::contents() const {
  Contents contents{counts_, first_key_, count_below_, count_above_, 0, 0};
  if (count_ > 0) {
    contents.min = min_;
    contents.max = max_;
  }
  return contents;
}

LogHistogram LogHistogram::from_contents(Contents contents) {
  LogHistogram histogram;
  histogram.counts_ = std::move(contents.counts);
  histogram.first_key_ = contents.first_key;
  histogram.count_below_ = contents.count_below;
  histogram.count_above_ = contents.count_above;
  histogram.count_ = contents.count_below + contents.count_above;
  for (const std::uint64_t count : histogram.counts_) {
    histogram.count_ += count;
  }
  if (histogram.count_ > 0) {
    histogram.min_ = contents.min;
    histogram.max_ = contents.max;
  }
  return histogram;
}

bool LogHistogram::operator==(const LogHistogram& other) const {
  if (count_ != other.count_ || min_ != other.min_ || max_ != other.max_ ||
      count_below_ != other.count_below_ || count_above_ != other.count_above_) {
    return false;
  }
  // Buckets held but empty do not count: they tell of the order of additions only.
  const auto count_at = [](const LogHistogram& h, std::uint64_t key) {
    const std::uint64_t slot = key - h.first_key_;
    return slot < h.counts_.size() ? h.counts_[slot] : 0;
  };
  for (const LogHistogram* h : {this, &other}) {
    for (std::size_t i = 0; i < h->counts_.size(); ++i) {
      const std::uint64_t key = h->first_key_ + i;
      if (count_at(*this, key) != count_at(other, key)) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace edgecut::results
