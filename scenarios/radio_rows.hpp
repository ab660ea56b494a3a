// radio.csv and power.csv: what radios and batteries went through, by policy and node group.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

/// A row for each policy, group with a radio, and state of it.
std::string radio_csv(const Scenario& scenario, const std::vector<PolicyResult>& results);
/// A row for each policy and group with a device: the mean power of a node, and its battery's life.
std::string power_csv(const Scenario& scenario, const std::vector<PolicyResult>& results);
/// For a terminal: how long the batteries last, a row a policy, a column a group with a battery.
/// Empty when no group has one.
std::string battery_table(const Scenario& scenario, const std::vector<PolicyResult>& results);

}  // namespace edgecut::scenarios
