// Which cuts of a layer graph can be worth taking, at any rate of the uplink.
//
// A policy's objective is `fixed(S) + x bits(S)` for a set S of layers on the device, where only
// the price x of a bit depends on the uplink's rate. Over all x the cheapest sets are the lower
// envelope of as many lines as there are predecessor-closed sets; it has few corners and is found
// by asking for the cheapest set (policies/min_cut.hpp) at each corner of the envelope of the sets
// known so far, until no corner moves (Eisner and Severance, JACM 1976). A network of k envelope
// sets takes at most 3k + 2 minimum cuts.
//
// What every set but device-only pays alike (latency of the network, download, the wait that
// servers publish) takes no part: with a higher price of leaving the device the same sets remain
// cheapest, or device-only does. The published wait is not paid by sets that leave only layers that
// take no time on the server; where there are such layers, the cheapest of these sets are found
// besides.
//
// For a chain there is nothing to find: its prefixes are all cuts.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "policies/min_cut.hpp"
#include "policies/policy.hpp"
#include "predictors/cost_model.hpp"
#include "predictors/cut_table.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::policies {

/// The sets that are cheapest at some price of a bit, from the dearest bits of all to free ones:
/// each sends more than the one before it and has a lower fixed cost. `cuts_made`, where it is
/// given, is increased by the number of minimum cuts.
std::vector<Split> envelope(const workloads::Dnn& dnn, const LayerPrices& prices,
                            const predictors::LayerSet& pinned = {},
                            std::size_t* cuts_made = nullptr);

/// The sets, beyond the prefixes, that are cheapest for one of the objectives at some rate: what
/// make_cut_table takes as `further`. By number of layers, each once; empty for a chain.
std::vector<predictors::LayerSet> further_cuts(const workloads::Dnn& dnn,
                                               const predictors::CostModel& device,
                                               const predictors::CostModel& server,
                                               std::span<const Objective> objectives);

/// Both lists as one, in the order of further_cuts.
std::vector<predictors::LayerSet> merge_cuts(std::vector<predictors::LayerSet> one,
                                             const std::vector<predictors::LayerSet>& other);

}  // namespace edgecut::policies
