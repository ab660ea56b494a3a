// A policy's result as the numbers of its row in throughput.csv.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "results/batch_series.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

struct PolicyRow {
  std::string label;
  const sim::RunOutcome* outcome = nullptr;
  std::string
      verdict;  // "stable", "not-converged", "overloaded" or "too-short" (nothing completed)
  /// Estimates; latency and energy are absent for an overloaded run, whose means mean nothing.
  results::Summary summary;
  // Over the run after its warm-up; absent when the run was too short to be looked at.
  std::optional<results::Estimate> offered_per_s;
  std::optional<results::Estimate> server_utilisation;  // work offered over capacity
  /// Waiting and service of the queries that had layers for a server; absent when overloaded.
  std::optional<results::Estimate> server_sojourn_s;
  std::optional<results::Estimate> bytes_sent_per_query;
  std::optional<results::Estimate> device_work_share;  // of the flop of all queries

  [[nodiscard]] bool overloaded() const { return outcome->verdict == sim::Verdict::kOverloaded; }
};

/// The names of everything that a row estimates: the metrics, and its other members.
std::vector<std::string> estimate_names();
/// One of them, by such a name.
std::optional<results::Estimate> estimate_named(const PolicyRow& row, const std::string& name);
/// Its column in files: the name with the unit.
std::string estimate_column(const std::string& name);

using FindEstimate = std::optional<results::Estimate> (*)(const PolicyRow& row);
/// What is no metric of results::Metric, by its column.
const std::vector<std::pair<std::string, FindEstimate>>& other_estimates();

PolicyRow make_row(const Scenario& scenario, const PolicyResult& result);

/// A sentence for each policy that was overloaded: where queries pile up.
std::vector<std::string> overload_messages(const Scenario& scenario,
                                           const std::vector<PolicyResult>& results);

/// Whether any policy was overloaded, or did not reach the precision asked for.
bool any_overloaded(const std::vector<PolicyResult>& results);
bool any_unconverged(const std::vector<PolicyResult>& results);

}  // namespace edgecut::scenarios
