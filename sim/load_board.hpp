// When the servers' load is looked at and when the devices know it.
//
// Looks are at whole multiples of the interval; what was seen holds for the devices from `delay`
// later on, until the next look has come through. Slabs end at both, so that all decisions of a
// slab see one load.
#pragma once

#include <cstdint>

#include "base/quantity.hpp"
#include "policies/policy.hpp"
#include "sim/cluster_model.hpp"
#include "sim/ring_buffer.hpp"

namespace edgecut::sim {

class LoadBoard {
 public:
  LoadBoard(const Cluster& cluster, bool wanted)
      : interval_(cluster.load_poll_interval.value_or(base::kForever)),
        delay_(cluster.load_delay),
        wanted_(wanted && cluster.load_poll_interval) {}

  /// Whether the devices' decisions look at the load at all.
  [[nodiscard]] bool is_read() const { return wanted_; }

  [[nodiscard]] base::Duration next_look() const {
    return wanted_ ? static_cast<double>(looks_ + 1) * interval_ : base::kForever;
  }
  [[nodiscard]] base::Duration next_change() const {
    return on_their_way_.empty() ? base::kForever : on_their_way_.front().at;
  }
  [[nodiscard]] base::Duration next() const { return base::min(next_look(), next_change()); }

  /// What was seen at `next_look()`.
  void put(const policies::ServerLoad& load) {
    on_their_way_.push_back({next_look() + delay_, load});
    ++looks_;
  }
  /// What the devices know from `next_change()` on.
  policies::ServerLoad take() {
    const policies::ServerLoad load = on_their_way_.front().load;
    on_their_way_.pop_front();
    return load;
  }

 private:
  struct Seen {
    base::Duration at;
    policies::ServerLoad load;
  };
  base::Duration interval_;
  base::Duration delay_;
  bool wanted_;
  std::uint64_t looks_ = 0;
  RingBuffer<Seen> on_their_way_;
};

}  // namespace edgecut::sim
