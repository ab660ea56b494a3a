// Workers that run points and replications, each in a process of its own: on this machine or on a
// cluster.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "campaigns/point_runner.hpp"

namespace edgecut::campaigns {

/// What a worker said. Tasks come back in the order in which the worker got them; those of a worker
/// that is gone (killed, its machine lost) come back with Ending::kLost.
struct CrewReport {
  std::size_t worker = 0;
  PointReport report;
};

class Crew {
 public:
  Crew() = default;
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  /// Ends the workers; what they have under way is lost.
  virtual ~Crew() = default;

  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Puts a task at the end of a worker's list (a few at most).
  virtual void give(std::size_t worker, const Task& task) = 0;
  /// Waits so long for the next report.
  virtual std::optional<CrewReport> next(std::chrono::milliseconds patience) = 0;
  /// Asks all workers to give up what they have; each task is still reported.
  virtual void cancel() = 0;
};

}  // namespace edgecut::campaigns
