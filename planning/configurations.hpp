// Several settings side by side: what the predictor's choices lose against the best cuts.
//
// The study counts over 48 configurations how often the best cut is chosen and what share of the
// best possible speedup is reached (Neurosurgeon, ASPLOS 2017, section 6.1). Both are by true
// costs: a choice is right when no cut is better, also when it is another one with the same cost.
#pragma once

#include <string>
#include <vector>

#include "planning/plan.hpp"

namespace edgecut::planning {

/// One setting's choice and optimum, all values by true costs: s, J, or the weighted sum.
struct ConfigurationRow {
  const Setting* setting;
  std::uint32_t chosen;
  std::uint32_t optimal;
  double cloud_only;
  double device_only;
  double by_choice;
  double by_optimum;

  [[nodiscard]] bool is_optimal() const { return by_choice <= by_optimum; }
  [[nodiscard]] double gain() const { return cloud_only / by_choice; }
  [[nodiscard]] double gain_possible() const { return cloud_only / by_optimum; }
};

ConfigurationRow compare(const Setting& setting, const Objective& objective);

/// Over all rows; means are geometric.
struct ConfigurationSummary {
  std::size_t settings = 0;
  std::size_t optimal_choices = 0;
  double gain_mean = 0;
  double gain_max = 0;
  double gain_possible_mean = 0;
  /// Mean of gain over mean of possible gain.
  [[nodiscard]] double share_of_possible() const { return gain_mean / gain_possible_mean; }
};
ConfigurationSummary summarise(const std::vector<ConfigurationRow>& rows);

std::string configurations_text(const std::vector<ConfigurationRow>& rows,
                                const Objective& objective);
std::string configurations_json(const std::vector<ConfigurationRow>& rows,
                                const Objective& objective);
std::string configurations_csv(const std::vector<ConfigurationRow>& rows,
                               const Objective& objective);

}  // namespace edgecut::planning
