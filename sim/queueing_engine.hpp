// The queueing engine: dedicated radio links, FIFO processors and GPUs, no event queue.
//
// Queries flow forward through stations, so the engine advances in time slabs: within a slab it
// runs every node's own arrivals, decisions, processor and uplink in closed form (Lindley
// recursion, trace integral), sorts what reaches the servers by time, runs the GPUs over it (Kiefer
// and Wolfowitz), then the downlinks; what falls beyond the slab is carried over. A slab ends no
// later than what a later stage can feed back to an earlier one: the server's published load, and
// downloads that wake a radio. So this is exact, not an approximation, and the result does not
// depend on the slab's length (docs/model.md; tests/property/).
#pragma once

#include "policies/policy.hpp"
#include "sim/outcome.hpp"
#include "sim/run_control.hpp"
#include "sim/run_model.hpp"

namespace edgecut::sim {

/// Runs `policy` on `model` to its stop rule. Throws InternalError when queries are lost (issued =
/// completed + dropped + in flight), Cancelled when `options.cancelled` is set.
RunOutcome run_queueing(const RunModel& model, const policies::Policy& policy,
                        const RunOptions& options = {});

}  // namespace edgecut::sim
