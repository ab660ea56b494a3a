// Things that are due at a time, kept by time slab.
//
// The queueing engine never needs the next event; it needs everything due before the end of the
// slab it works on. So items are only dropped into the cell of their time: a ring of cells for the
// near future, one heap of items for the far one. Push and take cost O(1) an item whatever the
// number of items (a calendar queue without the order; Brown, CACM 1988).
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "base/quantity.hpp"

namespace edgecut::sim {

/// Cuts time into cells of one length. `cell` is monotone in time whatever the rounding, and
/// `boundary(k)` is the least time in cell k, so that "before the boundary" and "in an earlier
/// cell" are the same statement for every stage of the engine.
class SlabGrid {
 public:
  explicit SlabGrid(base::Duration length) : length_(length), cells_per_s_(1 / length.coherent()) {
    EC_CHECK(length > base::seconds(0) && base::is_finite(length), "a slab needs a length");
  }
  [[nodiscard]] base::Duration length() const { return length_; }
  [[nodiscard]] std::int64_t cell(base::Duration time) const {
    return static_cast<std::int64_t>(time.coherent() * cells_per_s_);
  }
  [[nodiscard]] base::Duration boundary(std::int64_t index) const {
    double time = static_cast<double>(index) * length_.coherent();
    while (cell(base::seconds(time)) >= index && time > 0) {
      time = std::nextafter(time, 0.0);
    }
    while (cell(base::seconds(time)) < index) {
      time = std::nextafter(time, HUGE_VAL);
    }
    return base::seconds(time);
  }

 private:
  base::Duration length_;
  double cells_per_s_;
};

/// `Item` has a member `base::Duration time`.
template <class Item>
class SlabCalendar {
 public:
  explicit SlabCalendar(SlabGrid grid) : grid_(grid) {}

  /// Items must not be due before what was already taken.
  void push(const Item& item) {
    const std::int64_t cell = grid_.cell(item.time);
    if (static_cast<std::uint64_t>(cell - first_cell_) < kCells) [[likely]] {
      put(ring_[static_cast<std::size_t>(cell % kCells)], item);
    } else {
      EC_CHECK(cell > first_cell_, "an item is due in a slab that is over");
      far_.push_back(item);
    }
    ++size_;
  }

  /// Appends every item due before `until` to `out`, in no particular order. `until` never falls.
  void take_before(base::Duration until, std::vector<Item>& out) {
    const std::int64_t last = grid_.cell(until);
    const std::size_t before = out.size();
    for (; first_cell_ < last; advance()) {
      std::vector<Item>& cell = ring_[static_cast<std::size_t>(first_cell_ % kCells)];
      if (cell.empty()) {
        continue;  // and `out` keeps its buffer
      }
      if (out.empty()) {
        out.swap(cell);
      } else {
        out.insert(out.end(), cell.begin(), cell.end());
      }
      put_by(cell);
    }
    take_from_current_cell(until, out);
    size_ -= out.size() - before;
  }

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::int64_t kCells = 256;

  // A large buffer serves the few cells that hold items, not each of the ring in turn.
  void put(std::vector<Item>& cell, const Item& item) {
    if (cell.capacity() == 0 && !spare_.empty()) [[unlikely]] {
      cell = std::move(spare_.back());
      spare_.pop_back();
    }
    cell.push_back(item);
  }
  void put_by(std::vector<Item>& cell) {
    if (cell.capacity() > 0) {
      cell.clear();
      spare_.push_back(std::move(cell));
      cell = {};
    }
  }

  void advance() {
    ++first_cell_;
    if (first_cell_ % (kCells / 2) == 0) {
      gather_far();
    }
  }

  // The far items that the ring now reaches.
  void gather_far() {
    std::size_t kept = 0;
    for (const Item& item : far_) {
      const std::int64_t cell = grid_.cell(item.time);
      if (cell - first_cell_ < kCells) {
        put(ring_[static_cast<std::size_t>(cell % kCells)], item);
      } else {
        far_[kept++] = item;
      }
    }
    far_.resize(kept);
  }

  void take_from_current_cell(base::Duration until, std::vector<Item>& out) {
    if (grid_.boundary(first_cell_) == until) {
      return;  // the usual case: the slab ends where the cell begins
    }
    std::vector<Item>& cell = ring_[static_cast<std::size_t>(first_cell_ % kCells)];
    std::size_t kept = 0;
    for (const Item& item : cell) {
      if (item.time < until) {
        out.push_back(item);
      } else {
        cell[kept++] = item;
      }
    }
    cell.resize(kept);
  }

  SlabGrid grid_;
  std::array<std::vector<Item>, kCells> ring_;
  std::vector<std::vector<Item>> spare_;
  std::vector<Item> far_;
  std::int64_t first_cell_ = 0;
  std::size_t size_ = 0;
};

}  // namespace edgecut::sim
