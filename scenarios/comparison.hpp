// Differences between policies on the same queries.
//
// Every policy meets the same arrivals and DNNs at the same instants (common random numbers), so
// what fortune does to both cancels in the difference of their batches: its interval is often much
// narrower than those of the two policies. Runs that end by precision may end at different checks;
// they are compared up to the last one that both have seen.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "results/intervals.hpp"
#include "results/metrics.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

/// `policy` minus `minus`, by metric; absent where one of them has no value.
struct Comparison {
  std::string policy;
  std::string minus;
  base::Duration from;
  base::Duration until;
  std::array<std::optional<results::Estimate>, results::kMetricCount> differences;
};

/// The pairs that the scenario asks for, but those with an overloaded policy, which has no means.
std::vector<Comparison> compare_policies(const Scenario& scenario,
                                         const std::vector<PolicyResult>& results);

/// What estimates cost: every policy minus the same one with the oracle for its estimator, where
/// the scenario has both.
std::vector<Comparison> estimate_regrets(const Scenario& scenario,
                                         const std::vector<PolicyResult>& results);

/// For summary.json.
nlohmann::ordered_json comparisons_json(const std::vector<Comparison>& comparisons);
/// As those, with the estimator of each.
nlohmann::ordered_json regrets_json(const Scenario& scenario,
                                    const std::vector<Comparison>& regrets);
/// For a terminal: a line a pair under `title`; empty without pairs.
std::string comparison_table(const std::vector<Comparison>& comparisons,
                             const std::string& title = "difference on the same queries");
/// The pairs of both lists, in tables; a pair that is a regret is not also a difference.
std::string comparison_tables(const Scenario& scenario, const std::vector<PolicyResult>& results);

}  // namespace edgecut::scenarios
