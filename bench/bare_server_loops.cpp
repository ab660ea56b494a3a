#include <algorithm>
#include <deque>
#include <vector>

#include "bench/bare_loops.hpp"
#include "bench/bare_model.hpp"

namespace edgecut::bench {
namespace {

constexpr double kLoad = 0.7;

}  // namespace

BareResult bare_mm8_cluster(std::uint32_t servers, std::uint64_t jobs, std::uint64_t seed) {
  Xoshiro random(seed);
  const Exponential exponential;
  std::vector<EightCores> cores(servers);
  BareHistogram latency;
  double time = 0;
  for (std::uint64_t i = 0; i < jobs; ++i) {
    time += exponential.draw(random) / (8 * kLoad * servers);
    const auto server = static_cast<std::size_t>(random.uniform() * servers);
    latency.add(cores[server].serve(time, exponential.draw(random)) - time);
  }
  return {jobs, latency.mean()};
}

BareResult bare_time_slicing(std::uint64_t jobs, std::uint64_t seed) {
  constexpr double kSlice = 0.1;
  struct Process {
    double arrived;
    double left;
  };
  Xoshiro random(seed);
  const Exponential exponential;
  std::deque<Process> ring;
  BareHistogram latency;
  double now = 0;
  double next = exponential.draw(random) / kLoad;
  for (std::uint64_t done = 0; done < jobs;) {
    if (ring.empty()) {
      now = std::max(now, next);
    }
    while (next <= now) {
      ring.push_back({next, exponential.draw(random)});
      next += exponential.draw(random) / kLoad;
    }
    Process process = ring.front();
    ring.pop_front();
    now += std::min(process.left, kSlice);
    process.left -= kSlice;
    // Who came during the slice stands before the process that goes to the back.
    while (next <= now) {
      ring.push_back({next, exponential.draw(random)});
      next += exponential.draw(random) / kLoad;
    }
    if (process.left > 0) {
      ring.push_back(process);
    } else {
      latency.add(now - process.arrived);
      ++done;
    }
  }
  return {jobs, latency.mean()};
}

BareResult bare_batching(std::uint64_t jobs, std::uint64_t seed) {
  constexpr std::size_t kSizeMax = 8;
  constexpr double kService = 1;
  const double rate = kSizeMax * kLoad / kService;
  Xoshiro random(seed);
  const Exponential exponential;
  std::deque<double> waiting;
  BareHistogram latency;
  double free_at = 0;
  double next = exponential.draw(random) / rate;
  for (std::uint64_t done = 0; done < jobs;) {
    const double start = waiting.empty() ? std::max(free_at, next) : free_at;
    while (next <= start) {
      waiting.push_back(next);
      next += exponential.draw(random) / rate;
    }
    free_at = start + kService;
    for (std::size_t i = std::min(waiting.size(), kSizeMax); i > 0; --i) {
      latency.add(free_at - waiting.front());
      waiting.pop_front();
      ++done;
    }
  }
  return {jobs, latency.mean()};
}

}  // namespace edgecut::bench
