// A worker's two processes: the guardian, and the one that runs points (local_crew.hpp).
#pragma once

#include "campaigns/local_crew.hpp"

namespace edgecut::campaigns {

struct WorkerPipes {
  int tasks = -1;    // to read from; its end is the end of the work
  int reports = -1;  // to write to
};

/// Becomes a worker: does tasks until there are no more, then leaves the process. For a forked
/// child. `parent` is the process whose end ends this one.
[[noreturn]] void be_worker(const WorkerPipes& pipes, const std::atomic<bool>& cancelled,
                            const LocalCrew::Job& job, int parent);

}  // namespace edgecut::campaigns
