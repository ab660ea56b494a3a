#include "support/plain_radio.hpp"

#include <algorithm>
#include <cmath>

namespace edgecut::testing {

using base::in_seconds;
using base::seconds;

double plain_tail_s(const platforms::NetworkProfile& network) {
  double total = 0;
  for (const platforms::TailPhase& phase : network.tail) {
    total += in_seconds(phase.duration);
  }
  return total;
}

base::Energy plain_tail_energy(const platforms::NetworkProfile& network, double idle_s) {
  base::Energy energy;
  for (const platforms::TailPhase& phase : network.tail) {
    energy += phase.power * seconds(std::clamp(idle_s, 0.0, in_seconds(phase.duration)));
    idle_s -= in_seconds(phase.duration);
  }
  return energy;
}

// Every state from its beginning, cycle by cycle.
PlainListening plain_listening(const platforms::NetworkProfile& network, double after_s) {
  constexpr double kSliverS = 1e-9;
  double begin = 0;
  for (std::size_t i = 0; i <= network.tail.size(); ++i) {
    const bool idle = i == network.tail.size();
    const double end = idle ? HUGE_VAL : begin + in_seconds(network.tail[i].duration);
    const auto& cycle = idle ? network.idle : network.tail[i].listening;
    if (!(end > begin)) {
      continue;
    }
    if (!cycle && after_s < end) {
      return {std::max(after_s, begin), idle};
    }
    // From the cycle that is under way, or the one before it where rounding makes that unclear.
    const double over = cycle ? std::floor((after_s - begin) / in_seconds(cycle->cycle)) - 1 : 0;
    for (double k = std::max(0.0, over); cycle; ++k) {
      const double on = begin + k * in_seconds(cycle->cycle);
      if (on > begin && on + kSliverS >= end) {
        break;
      }
      const double off = on + in_seconds(cycle->on);
      if (after_s <= on || (after_s < off && after_s < end)) {
        return {std::max(after_s, on), idle};
      }
    }
    begin = end;
  }
  return {after_s, true};
}

double plain_added_s(const std::vector<PlainStretch>& stretches, std::size_t index) {
  const PlainStretch& own = stretches[index];
  std::vector<std::pair<double, double>> covered;
  for (std::size_t i = 0; i < index; ++i) {
    covered.emplace_back(stretches[i].start, stretches[i].end);
  }
  std::sort(covered.begin(), covered.end());
  double position = own.start;
  double added = 0;
  for (const auto& [start, end] : covered) {
    added += std::max(0.0, std::min(start, own.end) - position);
    position = std::max(position, std::min(end, own.end));
  }
  return added + std::max(0.0, own.end - position);
}

}  // namespace edgecut::testing
