// A histogram of positive values with buckets of equal relative width, exact to merge.
//
// A bucket is the exponent and the top 8 bits of the mantissa of a double: 256 buckets between
// powers of two, each at most 2^-8 = 0.39 % wide relative to its lower edge. Counts are whole
// numbers, so neither the order of additions nor the way of splitting and merging can show.
//
// Range: values below 2^-30 (a nanosecond, when the unit is the second), zero among them, share one
// bucket; values from 2^30 on share another. Memory is 8 bytes a bucket between the smallest and
// the largest value seen, or made room for, 123 kB at most. Ignores the sign: a negative value is a
// bug.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace edgecut::results {

class LogHistogram {
 public:
  /// Width of a bucket relative to its lower edge, at most.
  static constexpr double kRelativeWidth = 0x1p-8;
  static constexpr double kFloor = 0x1p-30;
  static constexpr double kCeiling = 0x1p30;

  /// Counts a value >= 0.
  void add(double value) {
    const std::uint64_t slot = key_of(value) - first_key_;
    if (slot < counts_.size()) [[likely]] {
      ++counts_[slot];
    } else {
      add_outside(value);
    }
    if (value > max_) [[unlikely]] {
      max_ = value;
    }
    if (value < min_) [[unlikely]] {
      min_ = value;
    }
    ++count_;
  }

  /// As if every one of `values` was added in turn; faster.
  void add_all(std::span<const double> values);

  /// Holds the buckets that `other` holds from now on, so that they need not be added a few at a
  /// time.
  void make_room_as(const LogHistogram& other);

  void merge(const LogHistogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// The smallest and largest value, exactly. Not for an empty histogram.
  [[nodiscard]] double min() const;
  [[nodiscard]] double max() const;

  /// The value below which a share `q` in [0, 1] of the values lies. The bucket is that of the
  /// ceil(q count)-th smallest value; inside it values are taken as spread evenly, and the result
  /// is kept within [min, max]. So the result is less than kRelativeWidth off that order statistic
  /// (or within kFloor of it, below the floor; values beyond the ceiling are taken as spread up to
  /// max). Not for an empty histogram.
  [[nodiscard]] double quantile(double q) const;

  /// A point on the axis of values, told by a bucket and how far into it (a share in [0, 1]).
  /// Unlike a value it also divides the bucket that all of a constant's copies share.
  struct Place {
    std::uint64_t key =
        0;  // of the bucket: exponent and top bits; end buckets have keys of their own
    double inside = 0;
  };
  /// Where quantile(q) lies, before it is kept within the extremes. Not for an empty histogram.
  [[nodiscard]] Place place_of(double q) const;
  /// The share of the values that lie before `place`, even spread assumed in its bucket; 0 for an
  /// empty histogram. share_before(place_of(q)) == q up to rounding.
  [[nodiscard]] double share_before(const Place& place) const;

  /// The bucket that quantile(q) lies in, kept within the extremes.
  struct Around {
    double low = 0;
    double high = 0;
    double share = 0;  // of all values
  };
  [[nodiscard]] Around around(double q) const;

  /// The share of the values above `value`, even spread assumed in the bucket of `value` only; 0
  /// for an empty histogram.
  [[nodiscard]] double fraction_above(double value) const;

  /// All that the histogram knows, for files that other processes read.
  struct Contents {
    std::vector<std::uint64_t> counts;
    std::uint64_t first_key = 0;
    std::uint64_t count_below = 0;
    std::uint64_t count_above = 0;
    double min = 0;  // of an empty histogram: without meaning
    double max = 0;
  };
  [[nodiscard]] Contents contents() const;
  static LogHistogram from_contents(Contents contents);

  /// The same values were added (by bucket, with the same extremes).
  bool operator==(const LogHistogram& other) const;

 private:
  static constexpr int kShift = 52 - 8;
  static constexpr std::uint64_t kKeyFloor = std::bit_cast<std::uint64_t>(kFloor) >> kShift;
  static constexpr std::uint64_t kKeyCeiling = std::bit_cast<std::uint64_t>(kCeiling) >> kShift;

  struct Bucket {
    double low;
    double high;
    std::uint64_t count;
  };
  struct Found {
    std::size_t bucket;
    double inside;
  };

  static std::uint64_t key_of(double value) {
    return std::bit_cast<std::uint64_t>(value) >> kShift;
  }
  static double edge_of(std::uint64_t key) { return std::bit_cast<double>(key << kShift); }

  void add_outside(double value);
  void cover(std::uint64_t first, std::uint64_t last);
  [[nodiscard]] std::size_t buckets() const { return counts_.size() + 2; }
  [[nodiscard]] Bucket bucket(std::size_t index) const;
  [[nodiscard]] Found find(double q) const;

  std::vector<std::uint64_t> counts_;  // of the keys from first_key_ on
  std::uint64_t first_key_ = 0;
  std::uint64_t count_below_ = 0;  // values below the floor
  std::uint64_t count_above_ = 0;  // values from the ceiling on
  std::uint64_t count_ = 0;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
};

}  // namespace edgecut::results
