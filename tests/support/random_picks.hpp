// Small draws for random scenarios; call inside a property.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>
#include <rapidcheck.h>

namespace edgecut::testing {

inline int pick(int low, int high) { return *rc::gen::inRange(low, high + 1); }
inline bool chance(int percent) { return pick(0, 99) < percent; }
inline double pick_real(double low, double high) {
  return low + (high - low) * pick(0, 1000) / 1000.0;
}
inline nlohmann::json pick_one(const std::vector<nlohmann::json>& list) {
  return list[static_cast<std::size_t>(pick(0, static_cast<int>(list.size()) - 1))];
}

}  // namespace edgecut::testing
