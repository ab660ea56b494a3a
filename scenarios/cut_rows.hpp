// Rows of cuts.csv and stages.csv: where the queries of each node group and class went.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

struct CutRow {
  std::string policy;
  const sim::NodeGroup* group = nullptr;
  const sim::QueryClass* query_class = nullptr;
  /// Of one cut; absent where the row is over all cuts.
  std::optional<std::uint32_t> device_layers;
  std::string after_layer;  // "input" for cloud-only
  double share = 0;         // of the queries of the same policy, group and class
  sim::CutTotals totals;
  bool overloaded = false;
};

/// A row for each cut that some query took.
std::vector<CutRow> cut_rows(const Scenario& scenario, const std::vector<PolicyResult>& results);
/// A row for each policy, group and class.
std::vector<CutRow> class_rows(const Scenario& scenario, const std::vector<PolicyResult>& results);

}  // namespace edgecut::scenarios
