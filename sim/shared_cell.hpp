// One channel with processor sharing; see sim/shared_cells.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/rate_trace.hpp"

namespace edgecut::sim {

class SharedCell {
 public:
  explicit SharedCell(const platforms::RateTrace& rate);

  /// A flow of `size` > 0 begins at `now`, not before the last call's time. `bound`: what its own
  /// link allows, > 0, maybe infinite.
  void start(std::uint32_t handle, base::DataSize size, base::DataRate bound, base::Duration now);

  /// When the next flow ends or the cell's rate changes; infinite when nothing is under way.
  [[nodiscard]] base::Duration next_event() const { return next_event_; }
  /// What happens at `next_event()`: a flow ends, its handle is returned; or only the rate changes.
  std::optional<std::uint32_t> step();

  [[nodiscard]] std::uint64_t under_way() const { return count_; }

 private:
  struct Waiting {
    double finish;  // bits, on the clock of its bound
    std::uint64_t number;
    std::uint32_t handle;
    [[nodiscard]] bool operator<(const Waiting& other) const {  // a heap's top is its largest
      return finish != other.finish ? finish > other.finish : number > other.number;
    }
  };
  /// The flows of one bound.
  struct Lane {
    double bound;       // bit/s
    double rate = 0;    // bit/s of each flow
    double served = 0;  // bits, since the lane was last empty
    std::vector<Waiting> heap;
  };

  Lane& lane_of(double bound);
  void advance(base::Duration now);
  void share();

  const platforms::RateTrace& rate_;
  std::vector<Lane> lanes_;  // by bound
  base::Duration now_;
  base::Duration next_event_ = base::kForever;
  base::Duration rate_changes_ = base::kForever;
  std::size_t next_lane_ = 0;  // where the next flow ends, unless the rate changes first
  bool flow_ends_ = false;
  std::uint64_t started_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace edgecut::sim
