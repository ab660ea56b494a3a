// Runs a scenario's policies and their replications, several at a time; the outcomes do not depend
// on how many.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/scenario.hpp"
#include "sim/outcome.hpp"
#include "sim/query_log.hpp"
#include "sim/run_control.hpp"

namespace edgecut::scenarios {

struct PolicyResult {
  std::string label;
  sim::RunOutcome outcome;
  sim::QueryLog queries;  // empty unless asked for
};

struct RunnerOptions {
  unsigned threads = 1;
  bool log_queries = false;
  const std::atomic<bool>* cancelled = nullptr;
  /// Called, one at a time, when a policy is done.
  std::function<void(const PolicyResult&)> on_done;
};

/// Every policy of the scenario, in its order. Throws sim::Cancelled when cancelled.
std::vector<PolicyResult> run_policies(const Scenario& scenario, const RunnerOptions& options);

/// One replication of every policy, condensed, for processes that share a scenario's replications.
std::vector<sim::RunOutcome> run_replication(const Scenario& scenario, std::uint32_t replication,
                                             const std::atomic<bool>* cancelled);
/// What run_policies gives, from the replications of every policy in order.
std::vector<PolicyResult> join_replications(const Scenario& scenario,
                                            std::vector<std::vector<sim::RunOutcome>> by_policy);

}  // namespace edgecut::scenarios
