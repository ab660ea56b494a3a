// Stopping a run from outside.
#pragma once

#include <atomic>
#include <exception>

namespace edgecut::sim {

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
