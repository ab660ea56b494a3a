// Rows of cuts.csv and stages.csv: where the queries of each node group and class went.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

/// A policy's queries of one class on one node group.
struct ClassRow {
  std::string policy;
  const sim::NodeGroup* group = nullptr;
  const sim::QueryClass* query_class = nullptr;
  const predictors::CutTable* truth = nullptr;
  const sim::RunOutcome* outcome = nullptr;
  std::size_t class_index = 0;
  std::uint64_t issued = 0;  // in the whole run
  double confidence = 0.95;
};

/// Those of them that took one cut.
struct CutRow {
  ClassRow all;
  std::size_t cut = 0;
  std::string after_layer;  // predictors::cut_name
  std::uint64_t issued = 0;
};

/// A row for each policy, group and class that had a query.
std::vector<ClassRow> class_rows(const Scenario& scenario,
                                 const std::vector<PolicyResult>& results);
/// A row for each cut that some query took.
std::vector<CutRow> cut_rows(const Scenario& scenario, const std::vector<PolicyResult>& results);

}  // namespace edgecut::scenarios
