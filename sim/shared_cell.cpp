#include "sim/shared_cell.hpp"

#include <algorithm>

#include "base/errors.hpp"

namespace edgecut::sim {

using base::Duration;

SharedCell::SharedCell(const platforms::RateTrace& rate) : rate_(rate) {}

SharedCell::Lane& SharedCell::lane_of(double bound) {
  const auto place =
      std::lower_bound(lanes_.begin(), lanes_.end(), bound,
                       [](const Lane& lane, double value) { return lane.bound < value; });
  if (place != lanes_.end() && place->bound == bound) {
    return *place;
  }
  return *lanes_.insert(place, Lane{.bound = bound, .heap = {}});
}

// All flows get on at their rates until `now`.
void SharedCell::advance(Duration now) {
  const double elapsed_s = base::in_seconds(now - now_);
  EC_DCHECK(elapsed_s >= 0, "a cell does not go back");
  for (Lane& lane : lanes_) {
    if (!lane.heap.empty()) {
      lane.served += elapsed_s * lane.rate;
    }
  }
  now_ = now;
}

// Fills the bounds from the lowest up and finds what happens next.
void SharedCell::share() {
  if (count_ == 0) {
    next_event_ = rate_changes_ = base::kForever;
    return;
  }
  double left = base::in_bits_per_s(rate_.rate_at(now_));
  auto flows = static_cast<double>(count_);
  rate_changes_ = rate_.next_step(now_);
  double next_s = base::in_seconds(base::kForever);
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    Lane& lane = lanes_[i];
    if (lane.heap.empty()) {
      continue;
    }
    const auto own = static_cast<double>(lane.heap.size());
    lane.rate = std::min(lane.bound, left / flows);
    left = std::max(0.0, left - own * lane.rate);
    flows -= own;
    if (lane.rate > 0) {
      const double until_s = std::max(0.0, lane.heap.front().finish - lane.served) / lane.rate;
      if (until_s < next_s) {
        next_s = until_s;
        next_lane_ = i;
      }
    }
  }
  const Duration next_end = now_ + base::seconds(next_s);
  flow_ends_ = next_end <= rate_changes_ && base::is_finite(next_end);
  next_event_ = base::min(next_end, rate_changes_);
}

void SharedCell::start(std::uint32_t handle, base::DataSize size, base::DataRate bound,
                       Duration now) {
  advance(now);
  Lane& lane = lane_of(base::in_bits_per_s(bound));
  lane.heap.push_back({lane.served + base::in_bits(size), started_++, handle});
  std::push_heap(lane.heap.begin(), lane.heap.end());
  ++count_;
  share();
}

std::optional<std::uint32_t> SharedCell::step() {
  advance(next_event_);
  std::optional<std::uint32_t> ended;
  if (flow_ends_) {
    Lane& lane = lanes_[next_lane_];
    // What rounding left over must not delay those that end at the same instant.
    lane.served = std::max(lane.served, lane.heap.front().finish);
    ended = lane.heap.front().handle;
    std::pop_heap(lane.heap.begin(), lane.heap.end());
    lane.heap.pop_back();
    --count_;
    if (lane.heap.empty()) {
      lane.served = 0;
    }
  }
  share();
  return ended;
}

}  // namespace edgecut::sim
