#include "sim/alias_table.hpp"

#include <numeric>

#include "base/errors.hpp"

namespace edgecut::sim {

AliasTable::AliasTable(const std::vector<double>& weights) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  EC_CHECK(!weights.empty() && total > 0, "there is nothing to draw from");
  const auto n = static_cast<double>(weights.size());
  std::vector<double> shares;
  std::vector<std::uint32_t> small;
  std::vector<std::uint32_t> large;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    shares.push_back(weights[i] / total * n);
    (shares[i] < 1 ? small : large).push_back(static_cast<std::uint32_t>(i));
    cells_.push_back({1.0, static_cast<std::uint32_t>(i)});
  }
  while (!small.empty() && !large.empty()) {
    const std::uint32_t low = small.back();
    const std::uint32_t high = large.back();
    small.pop_back();
    cells_[low] = {shares[low], high};
    shares[high] -= 1 - shares[low];
    if (shares[high] < 1) {
      large.pop_back();
      small.push_back(high);
    }
  }
}

}  // namespace edgecut::sim
