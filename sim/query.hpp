// A query on its way through the stations.
#pragma once

#include <cstdint>
#include <utility>

#include "base/quantity.hpp"

namespace edgecut::sim {

/// A query between two stations.
struct Query {
  base::Duration time;  // when it is due at the next station
  base::Duration issued_at;
  base::Energy transmit;
  base::Energy receive;
  base::Energy promotion;
  base::Energy tail;
  std::uint32_t node;
  std::uint32_t number;
  std::uint32_t slot;
  bool answered = false;  // on its way back
  bool heard = false;     // the answer has waited at the base station, and the radio listens

  [[nodiscard]] bool earlier(const Query& other) const {
    if (time != other.time) {
      return time < other.time;
    }
    return std::pair(node, number) < std::pair(other.node, other.number);
  }
};

}  // namespace edgecut::sim
