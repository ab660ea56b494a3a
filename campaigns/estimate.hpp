// How long a campaign will take, from a few of its points run short.
#pragma once

#include "campaigns/campaign.hpp"
#include "scenarios/shared_inputs.hpp"

namespace edgecut::campaigns {

/// Seconds of one worker a point, on average: a few points spread over the shard are run with few
/// queries and scaled by their number. Points that cannot be read count as nothing; a run that
/// stops at a precision is taken at its longest.
double estimate_point_s(const Campaign& campaign, scenarios::SharedInputs& shared);

}  // namespace edgecut::campaigns
