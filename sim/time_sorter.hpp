// Sorting what is due in a slab by time: one counting pass over about as many buckets as items.
//
// Times in a slab are spread almost evenly, so a bucket holds about one item and a final insertion
// pass mends the order inside; a bucket that a burst has filled is sorted by itself. Keys are
// sorted, not items. Ties are broken by `Item::earlier`, so the order is the same whatever it was
// before.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/quantity.hpp"

namespace edgecut::sim {

/// `Item` has `base::Duration time` and a strict order `bool earlier(const Item&) const` that
/// starts with time.
template <class Item>
class TimeSorter {
 public:
  /// The indices of `items` in order; valid until the next call.
  const std::vector<std::uint32_t>& order(const std::vector<Item>& items) {
    const std::size_t n = items.size();
    indices_.resize(n);
    if (is_sorted(items)) {
      for (std::size_t i = 0; i < n; ++i) {
        indices_[i] = static_cast<std::uint32_t>(i);
      }
      return indices_;
    }
    distribute(items);
    return indices_;
  }

 private:
  struct Key {
    double time;
    std::uint32_t index;
  };

  static bool is_sorted(const std::vector<Item>& items) {
    for (std::size_t i = 1; i < items.size(); ++i) {
      if (!items[i - 1].earlier(items[i])) {
        return false;
      }
    }
    return true;
  }

  void distribute(const std::vector<Item>& items) {
    const std::size_t n = items.size();
    double low = items[0].time.coherent();
    double high = low;
    for (const Item& item : items) {
      low = std::min(low, item.time.coherent());
      high = std::max(high, item.time.coherent());
    }
    const double scale = high > low ? static_cast<double>(n - 1) / (high - low) : 0;
    const auto bucket = [low, scale, n](double time) {
      return std::min(static_cast<std::size_t>((time - low) * scale), n - 1);
    };
    counts_.assign(n + 1, 0);
    for (const Item& item : items) {
      ++counts_[bucket(item.time.coherent()) + 1];
    }
    for (std::size_t i = 0; i < n; ++i) {
      counts_[i + 1] += counts_[i];
    }
    keys_.resize(n);
    starts_ = counts_;
    for (std::size_t i = 0; i < n; ++i) {
      const double time = items[i].time.coherent();
      keys_[counts_[bucket(time)]++] = {time, static_cast<std::uint32_t>(i)};
    }
    mend(items);
    for (std::size_t i = 0; i < n; ++i) {
      indices_[i] = keys_[i].index;
    }
  }

  // Orders each bucket; buckets do not overlap in time.
  void mend(const std::vector<Item>& items) {
    constexpr std::uint32_t kCrowded = 32;
    const auto earlier = [&items](const Key& a, const Key& b) {
      return a.time != b.time ? a.time < b.time : items[a.index].earlier(items[b.index]);
    };
    for (std::size_t b = 0; b + 1 < starts_.size(); ++b) {
      const std::uint32_t begin = starts_[b];
      const std::uint32_t end = counts_[b];
      if (end - begin > kCrowded) {
        std::sort(keys_.begin() + begin, keys_.begin() + end, earlier);
        continue;
      }
      for (std::uint32_t i = begin + 1; i < end; ++i) {
        const Key key = keys_[i];
        std::uint32_t j = i;
        for (; j > begin && earlier(key, keys_[j - 1]); --j) {
          keys_[j] = keys_[j - 1];
        }
        keys_[j] = key;
      }
    }
  }

  std::vector<Key> keys_;
  std::vector<std::uint32_t> counts_;
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint32_t> indices_;
};

}  // namespace edgecut::sim
