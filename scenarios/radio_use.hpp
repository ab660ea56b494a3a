// What the radios of a node group did, state by state, and what boards and radios take together.
//
// Time and energy of a state follow from sums of the run (sim/radio_totals.hpp) and the network's
// powers, so that the energies of all states are the queries' radio energies, the tails that no
// query has paid for, and idle. Idle is the rest of the nodes' time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/intervals.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

/// Time and energy of one state, over all nodes of a group. Energies are on top of the idle board.
struct StateUse {
  std::string state;
  double time_s = 0;
  double energy_j = 0;
  double unattributed_j = 0;  // of that, what belongs to no query
};

/// Whether a group's network has a radio to speak of: not `ideal`.
bool has_radio(const sim::NodeGroup& group);

/// The states of the radios of group `group` under one policy: promotion, active up, active down,
/// the tail's, idle.
struct GroupRadio {
  std::vector<StateUse> whole_run;
  /// The same in each batch of the run after its warm-up, with what the states are compared to.
  struct Batch {
    std::vector<StateUse> states;
    double queries = 0;  // issued
    double node_s = 0;   // time of all nodes
    double compute_j = 0;
    double busy_s = 0;  // of the processors, with layers of DNNs
  };
  std::vector<Batch> batches;
};
GroupRadio group_radio(const sim::RunModel& model, const sim::RunOutcome& outcome,
                       std::size_t group);

/// The mean power of a node of a group, battery to battery: of board, layers and radio.
struct GroupPower {
  std::optional<results::Estimate> board_idle_w;  // the board while it computes nothing
  std::optional<results::Estimate> compute_w;
  std::optional<results::Estimate> radio_w;
  std::optional<results::Estimate> power_w;  // the three
  std::optional<results::Estimate> battery_life_h;
};
/// Of a group with a device.
GroupPower group_power(const sim::NodeGroup& group, const GroupRadio& radio, double confidence);

}  // namespace edgecut::scenarios
