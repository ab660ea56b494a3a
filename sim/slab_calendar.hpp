// Things that are due at a time, kept by time slab.
//
// The queueing engine never needs the next event; it needs everything due before the end of the
// slab it works on. So items are only dropped into the cell of their time: a ring of cells for the
// near future, one heap of items for the far one. Push and take cost O(1) an item whatever the
// number of items (a calendar queue without the order; Brown, CACM 1988).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
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
    // What is due after the end of any run shares the last cell.
    return static_cast<std::int64_t>(std::min(time.coherent() * cells_per_s_, kCellMax));
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
  static constexpr double kCellMax = 0x1p62;

  base::Duration length_;
  double cells_per_s_;
};

/// `Item` has a member `base::Duration time`. Cells are lists of small blocks out of one pool:
/// memory follows the number of items, however they move through the ring.
template <class Item>
class SlabCalendar {
 public:
  explicit SlabCalendar(SlabGrid grid) : grid_(grid) {}

  /// Items must not be due before what was already taken.
  void push(const Item& item) {
    const std::int64_t cell = grid_.cell(item.time);
    if (static_cast<std::uint64_t>(cell - first_cell_) < kCells) [[likely]] {
      put(cell, item);
    } else {
      EC_CHECK(cell > first_cell_, "an item is due in a slab that is over");
      far_.push_back(item);
      far_first_ = std::min(far_first_, cell);
    }
    ++size_;
  }

  /// Appends every item due before `until` to `out`, in no particular order. `until` never falls.
  void take_before(base::Duration until, std::vector<Item>& out) {
    const std::int64_t last = grid_.cell(until);
    const std::size_t before = out.size();
    while (first_cell_ < last) {
      Cell& cell = ring_[static_cast<std::size_t>(first_cell_ % kCells)];
      for (Block& block : cell) {
        out.insert(out.end(), block.begin(), block.end());
        near_ -= block.size();
        put_by(block);
      }
      cell.clear();
      advance(last);
    }
    // Usually the slab ends where a cell begins.
    if (grid_.boundary(first_cell_) != until) {
      take_from_current_cell(until, out);
    }
    size_ -= out.size() - before;
  }

  [[nodiscard]] std::size_t size() const { return size_; }

  /// The earliest cell that holds an item; kNever when there is none.
  [[nodiscard]] std::int64_t next_cell() const {
    // A far item may be due before those of the ring: it came when the ring did not reach it yet.
    std::int64_t cell = first_cell_;
    while (near_ > 0 && cell < far_first_ &&
           ring_[static_cast<std::size_t>(cell % kCells)].empty()) {
      ++cell;
    }
    return near_ > 0 ? std::min(cell, far_first_) : far_first_;
  }
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

 private:
  using Block = std::vector<Item>;
  using Cell = std::vector<Block>;
  static constexpr std::int64_t kCells = 256;
  static constexpr std::size_t kBlock = 64;

  void put(std::int64_t cell_index, const Item& item) {
    Cell& cell = ring_[static_cast<std::size_t>(cell_index % kCells)];
    ++near_;
    if (cell.empty() || cell.back().size() == kBlock) [[unlikely]] {
      cell.push_back(new_block());
    }
    cell.back().push_back(item);
  }
  Block new_block() {
    if (spare_.empty()) {
      Block block;
      block.reserve(kBlock);
      return block;
    }
    Block block = std::move(spare_.back());
    spare_.pop_back();
    return block;
  }
  void put_by(Block& block) {
    block.clear();
    spare_.push_back(std::move(block));
  }

  // To the next cell; over a ring without items at once to the first one that has some, or to
  // `last`.
  void advance(std::int64_t last) {
    if (near_ == 0) {
      first_cell_ = std::max(first_cell_ + 1, std::min(last, far_first_));
      gather_far();
      return;
    }
    ++first_cell_;
    if (first_cell_ % (kCells / 2) == 0) {
      gather_far();
    }
  }

  // The far items that the ring now reaches.
  void gather_far() {
    std::size_t kept = 0;
    far_first_ = kNever;
    for (const Item& item : far_) {
      const std::int64_t cell = grid_.cell(item.time);
      if (cell - first_cell_ < kCells) {
        put(cell, item);
      } else {
        far_[kept++] = item;
        far_first_ = std::min(far_first_, cell);
      }
    }
    far_.resize(kept);
  }

  void take_from_current_cell(base::Duration until, std::vector<Item>& out) {
    Cell cell = std::exchange(ring_[static_cast<std::size_t>(first_cell_ % kCells)], {});
    for (Block& block : cell) {
      near_ -= block.size();
      for (const Item& item : block) {
        if (item.time < until) {
          out.push_back(item);
        } else {
          put(first_cell_, item);
        }
      }
      put_by(block);
    }
  }

  SlabGrid grid_;
  std::array<Cell, kCells> ring_;
  std::vector<Block> spare_;
  std::vector<Item> far_;
  std::int64_t far_first_ = std::numeric_limits<std::int64_t>::max();  // the earliest cell in far_
  std::int64_t first_cell_ = 0;
  std::size_t near_ = 0;  // items in the ring
  std::size_t size_ = 0;
};

}  // namespace edgecut::sim
