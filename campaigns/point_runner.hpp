// What a worker does with a point: reads it, runs it unless its results are there, keeps them.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "campaigns/campaign.hpp"
#include "campaigns/point_store.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/shared_inputs.hpp"

namespace edgecut::campaigns {

/// What a worker gets: a point, or one replication of it, whose statistics wait in the folder for
/// the others.
struct Task {
  static constexpr std::uint32_t kWhole = 0xffffffff;
  std::uint64_t point = 0;
  std::uint32_t part = kWhole;  // a replication, or all that are not there yet and their sum

  [[nodiscard]] bool is_whole() const { return part == kWhole; }
};

enum class Ending : std::uint32_t {
  kKept,       // its results were there already
  kRan,        // its results are there now, a failure's message among them
  kCancelled,  // nothing was kept
  kUnusable,   // the folder cannot take results: the campaign must end
  kCrashed,    // told by the worker's guardian, never by the worker itself
  kLost,       // told by the crew: the worker is gone, the task is to be done by another one
};

/// How a task went, as its worker tells it. The results themselves are in the folder.
struct PointReport {
  Task task;
  Ending ending = Ending::kRan;
  PointStatus status = PointStatus::kFailed;
  double wall_s = 0;
  double simulation_s = 0;  // of which in the engine
  /// The engine can run once a process: the next point needs a new one.
  bool used_up = false;
  std::string message;  // for kUnusable and kCrashed
};

class PointRunner {
 public:
  /// All must outlive the runner.
  PointRunner(const Campaign& campaign, scenarios::SharedInputs& shared,
              const std::atomic<bool>& cancelled)
      : campaign_(campaign), store_(campaign.folder), shared_(shared), cancelled_(cancelled) {}

  PointReport run(const Task& task);

 private:
  PointReport run_or_throw(const Task& task, const nlohmann::json& document,
                           const base::ContentHash& identity);
  void run_part(const scenarios::Scenario& scenario, const base::ContentHash& identity,
                const std::string& key, std::uint32_t part);
  std::vector<scenarios::PolicyResult> run_whole(const scenarios::Scenario& scenario,
                                                 const base::ContentHash& identity,
                                                 const std::string& key);

  const Campaign& campaign_;
  PointStore store_;
  scenarios::SharedInputs& shared_;
  const std::atomic<bool>& cancelled_;
};

/// The record of a point that has no results.
PointRecord failure_record(const Campaign& campaign, const std::string& message);

}  // namespace edgecut::campaigns
