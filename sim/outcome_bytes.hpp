// An outcome as bytes, for processes that share a run's replications (condensed then,
// sim/replications.hpp) or give their run to another. Exact: what is read is what was written, bit
// by bit.
#pragma once

#include <string>
#include <string_view>

#include "sim/outcome.hpp"

namespace edgecut::sim {

std::string outcome_bytes(const RunOutcome& outcome);
/// Nothing when the bytes are none of `outcome_bytes`.
std::optional<RunOutcome> outcome_from_bytes(std::string_view bytes);

}  // namespace edgecut::sim
