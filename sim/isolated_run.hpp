// A run in a process of its own, for engines that a process can have once (SimGrid).
#pragma once

#include <atomic>
#include <functional>

#include "sim/outcome.hpp"
#include "sim/query_log.hpp"

namespace edgecut::sim {

/// What `run` gives, run in a forked child (sim/child_process.hpp): the same outcome, bit by bit,
/// and the same log if `log` is given (`run` gets null otherwise). From any thread, any number at a
/// time. Throws what `run` throws, InternalError when the child crashes, with the signal's name and
/// what the child said, and Cancelled when `cancelled` is set; `run` need not look at the flag.
RunOutcome isolated_run(const std::function<RunOutcome(QueryLog*)>& run, QueryLog* log = nullptr,
                        const std::atomic<bool>* cancelled = nullptr);

}  // namespace edgecut::sim
