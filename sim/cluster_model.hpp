// The data centre as a scenario describes it: servers of several kinds behind one dispatcher, what
// else runs on them, and what they tell the devices.
//
// Ignores the network between dispatcher and servers, memory, start-up of models, and the energy of
// servers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "predictors/server_work.hpp"

namespace edgecut::sim {

/// How a server shares its GPUs among the queries that are there (one file each).
enum class Discipline : std::uint8_t { kFifo, kTimeSlicing, kBatching };

/// Which server a query goes to, decided when it reaches the cluster.
enum class Dispatch : std::uint8_t { kRandom, kRoundRobin, kShortestQueue, kPowerOfTwo };

/// What of their load the servers publish (policies::ServerLoad).
enum class LoadSignal : std::uint8_t { kWait, kTurn, kProcesses, kUtilisation, kPrice };

/// Processes that loop one kernel on a time-sliced GPU: a step function of time.
struct BackgroundLoad {
  struct Step {
    base::Duration from;
    std::uint32_t processes = 0;
  };
  base::Duration kernel;    // > 0 when there is a step
  std::vector<Step> steps;  // in order of time; none before the first
};

/// When a batch starts: when it is full, or when its first query has waited this long; not before a
/// GPU is free.
struct BatchRule {
  std::uint32_t size_max = 1;
  base::Duration wait_max;
};

/// Servers that are alike.
struct ServerKind {
  std::string server;  // the processor; empty for jobs
  std::uint32_t count = 1;
  std::uint32_t gpus = 1;  // of each server; one when it slices time
  Discipline discipline = Discipline::kFifo;
  BatchRule batching;
  base::Duration job_slice = base::milliseconds(1);  // kernels of a job on a time-sliced GPU
  /// The most queries at a server, waiting or served; one that finds so many is dropped.
  std::optional<std::uint32_t> admission_limit;
  BackgroundLoad background;
  std::vector<predictors::ServerWork> work;  // by query class; empty for jobs
};

struct Cluster {
  std::vector<ServerKind> kinds = {ServerKind{}};
  Dispatch dispatch = Dispatch::kRandom;
  LoadSignal load_signal = LoadSignal::kWait;
  /// How often the load is published; nothing: never (devices take the servers as idle).
  std::optional<base::Duration> load_poll_interval;
  /// How long after that the devices know it.
  base::Duration load_delay;

  /// One queue in which who comes first is served first, and nothing else is asked about it: the
  /// engine then needs no dispatcher.
  [[nodiscard]] bool is_one_fifo_queue() const {
    const ServerKind& first = kinds.front();
    return kinds.size() == 1 && first.count == 1 && first.discipline == Discipline::kFifo &&
           !first.admission_limit &&
           (load_signal == LoadSignal::kWait || load_signal == LoadSignal::kTurn ||
            load_signal == LoadSignal::kPrice);
  }
  [[nodiscard]] std::uint32_t servers() const {
    std::uint32_t total = 0;
    for (const ServerKind& kind : kinds) {
      total += kind.count;
    }
    return total;
  }
  [[nodiscard]] std::uint32_t gpus() const {
    std::uint32_t total = 0;
    for (const ServerKind& kind : kinds) {
      total += kind.count * kind.gpus;
    }
    return total;
  }
};

}  // namespace edgecut::sim
