// The least work that an edge-cloud queueing simulation can do, as baselines.
//
// N mobile nodes with Poisson arrivals -> the node's processor (FIFO) -> its uplink (FIFO) -> one
// server of 8 cores (FIFO) -> the node's downlink (FIFO), all times exponential, fixed latencies.
// No policies, traces, energy, options or exact sums; a fast sequential generator and one
// histogram. What the engine needs beyond this is the price of what it does beyond this.
#pragma once

#include <cstdint>

namespace edgecut::bench {

struct BareResult {
  std::uint64_t queries = 0;
  double mean_latency_s = 0;
};

/// By time slabs: Lindley and Kiefer-Wolfowitz passes with a bucket sort between them.
BareResult bare_slab_loop(std::uint32_t nodes, std::uint64_t queries, std::uint64_t seed);

/// By an event heap (4-ary), an event for every stage of a query: 7 a query.
BareResult bare_heap_loop(std::uint32_t nodes, std::uint64_t queries, std::uint64_t seed);

/// M/M/8 at load 0.7 by the Kiefer-Wolfowitz recursion.
BareResult bare_mm8(std::uint64_t jobs, std::uint64_t seed);

/// Many M/M/8 servers at load 0.7, each arrival to one drawn at random.
BareResult bare_mm8_cluster(std::uint32_t servers, std::uint64_t jobs, std::uint64_t seed);

/// M/M/1 at load 0.7 by round robin in slices of a tenth of the mean service, a step for each
/// slice.
BareResult bare_time_slicing(std::uint64_t jobs, std::uint64_t seed);

/// Poisson arrivals at load 0.7, served up to 8 at a time in a fixed time, without waiting.
BareResult bare_batching(std::uint64_t jobs, std::uint64_t seed);

}  // namespace edgecut::bench
