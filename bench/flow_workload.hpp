// What the nodes of bench_simgrid do: the same flows for every driver.
//
// A node thinks, uploads, waits for a server that is never busy, downloads, and thinks again. Own
// links of 100 Mbit/s, one backbone for both directions, loaded to 0.7. Sizes are exponential,
// thinking takes kServerS and an exponential time, the server kServerS: no flow starts sooner than
// that after the end of another, which a driver in steps of it may rely on.
#pragma once

#include <cmath>
#include <cstdint>
#include <ctime>

namespace edgecut::bench {

struct FlowWorkload {
  std::uint32_t nodes = 0;
  std::uint64_t queries = 0;  // completed ones, then the run ends
};

inline constexpr double kThinkS = 1;
inline constexpr double kServerS = 0.01;
inline constexpr double kUpBits = 500'000;
inline constexpr double kDownBits = 50'000;
inline constexpr double kOwnBitsPerS = 1e8;
inline constexpr double kLoad = 0.7;

inline double backbone_bits_per_s(std::uint32_t nodes) {
  return nodes * (kUpBits + kDownBits) / kThinkS / kLoad;
}

/// Exponential with this mean.
inline double flow_draw(std::uint32_t node, std::uint64_t number, std::uint32_t purpose,
                        double mean) {
  std::uint64_t z = (number * 4 + purpose) * 0x9e3779b97f4a7c15ULL + node * 0xd1342543de82ef95ULL;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  z ^= z >> 31U;
  return -mean * std::log((static_cast<double>(z >> 11U) + 0.5) * 0x1p-53);
}

inline double think_s(std::uint32_t node, std::uint64_t number) {
  return kServerS + flow_draw(node, number, 0, kThinkS - kServerS);
}

/// Of this process, s: what others do meanwhile does not count.
inline double processor_s() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct FlowResult {
  double seconds = 0;      // of the processor, for the loop without what comes before
  double end_s = 0;        // simulated
  double time_in_net = 0;  // sum over queries, simulated s: equal for equal flows
};

/// SimGrid alone: a Comm started by the callback of what came before, a host and a link a node.
FlowResult bare_simgrid_loop(const FlowWorkload& workload);
/// The same over sim::FlowNetwork on SimGrid.
FlowResult flow_network_loop(const FlowWorkload& workload);

}  // namespace edgecut::bench
