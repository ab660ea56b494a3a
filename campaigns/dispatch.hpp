// Hands the points of a campaign to a crew, one after the other, and counts how they end.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "campaigns/campaign.hpp"
#include "campaigns/crew.hpp"

namespace edgecut::campaigns {

struct Tally {
  std::uint64_t total = 0;     // points of the shard
  std::uint64_t finished = 0;  // kept or run, failures among them
  std::uint64_t kept = 0;
  std::uint64_t failed = 0;
  std::uint64_t troubled = 0;  // overloaded or not converged
  double worker_s = 0;         // of all workers, with points
  double simulation_s = 0;     // of which in the engine
  bool timed_out = false;
  bool interrupted = false;
  std::vector<bool> is_finished;  // by number within the shard
};

struct DispatchOptions {
  std::optional<std::chrono::steady_clock::time_point> deadline;
  const std::atomic<bool>* interrupted = nullptr;
  std::function<void(const Tally&)> on_progress;  // after every point and ten times a second
};

/// Runs what is to be run. A point whose worker crashed is recorded as failed. Throws
/// results::OutputError when the folder cannot take the results.
Tally dispatch(const Campaign& campaign, Crew& crew, const DispatchOptions& options);

}  // namespace edgecut::campaigns
