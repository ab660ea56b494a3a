// What a run is given besides its model and policy, and how it is stopped from outside.
#pragma once

#include <atomic>
#include <exception>

#include "platforms/rate_estimator.hpp"
#include "sim/query_log.hpp"

namespace edgecut::sim {

struct RunOptions {
  platforms::EstimatorSpec estimator;  // of the devices
  QueryLog* log = nullptr;             // when given, gets every completed query (slower)
  const std::atomic<bool>* cancelled = nullptr;
};

/// A run ended because it was asked to.
class Cancelled : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "cancelled"; }
};

/// Throws Cancelled when `flag` is there and set; the engines ask between slabs.
inline void throw_if_cancelled(const std::atomic<bool>* flag) {
  if (flag != nullptr && flag->load(std::memory_order_relaxed)) {
    throw Cancelled();
  }
}

}  // namespace edgecut::sim
