// A queue in one block of memory that grows when it is full.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace edgecut::sim {

template <class Item>
class RingBuffer {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Number `i` from the front.
  [[nodiscard]] Item& operator[](std::size_t i) { return items_[(first_ + i) & mask()]; }
  [[nodiscard]] const Item& operator[](std::size_t i) const {
    return items_[(first_ + i) & mask()];
  }
  [[nodiscard]] Item& front() { return items_[first_]; }
  [[nodiscard]] const Item& front() const { return items_[first_]; }
  [[nodiscard]] Item& back() { return (*this)[size_ - 1]; }

  void push_back(const Item& item) {
    if (size_ == items_.size()) [[unlikely]] {
      grow();
    }
    items_[(first_ + size_) & mask()] = item;
    ++size_;
  }
  void pop_front() {
    first_ = (first_ + 1) & mask();
    --size_;
  }
  void pop_back() { --size_; }
  void clear() { size_ = 0; }

 private:
  [[nodiscard]] std::size_t mask() const { return items_.size() - 1; }
  void grow() {
    std::vector<Item> larger(items_.empty() ? 8 : 2 * items_.size());
    for (std::size_t i = 0; i < size_; ++i) {
      larger[i] = (*this)[i];
    }
    items_ = std::move(larger);
    first_ = 0;
  }

  std::vector<Item> items_;  // a power of two of them
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace edgecut::sim
