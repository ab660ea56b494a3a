// A weighted draw in constant time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace edgecut::sim {

/// Draws an index with given weights from one uniform (Walker's alias method, 1977).
class AliasTable {
 public:
  explicit AliasTable(const std::vector<double>& weights);
  [[nodiscard]] std::uint32_t pick(double uniform) const {
    const double scaled = uniform * static_cast<double>(cells_.size());
    const std::size_t cell = std::min(static_cast<std::size_t>(scaled), cells_.size() - 1);
    const double rest = scaled - static_cast<double>(cell);
    return rest < cells_[cell].threshold ? static_cast<std::uint32_t>(cell) : cells_[cell].alias;
  }

 private:
  struct Cell {
    double threshold;
    std::uint32_t alias;
  };
  std::vector<Cell> cells_;
};

}  // namespace edgecut::sim
