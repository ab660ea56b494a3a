// A node's radio over a whole run, walked by a state machine that knows the transfers of the log
// and the network's file, and nothing of the engine's formulas.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/query_log.hpp"
#include "sim/run_model.hpp"

namespace edgecut::testing {

struct WalkedState {
  double time_s = 0;
  double energy_j = 0;
};

/// By the names of the tail's states, "promotion", "active" (up and down together) and "idle".
using WalkedRadio = std::map<std::string, WalkedState>;

/// Of one node, from the queries of its log, until `end_s`. The log must hold all its queries.
WalkedRadio walk_radio(const sim::RunModel& model, std::size_t group,
                       const std::vector<sim::QueryRecord>& queries, double end_s);

/// Adds a node's states to those of others.
void add_to(WalkedRadio& total, const WalkedRadio& one);

}  // namespace edgecut::testing
