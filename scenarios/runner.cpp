#include "scenarios/runner.hpp"

#include <mutex>
#include <optional>

#include "scenarios/parallel.hpp"
#include "sim/queueing_engine.hpp"

namespace edgecut::scenarios {

std::vector<PolicyResult> run_policies(const Scenario& scenario, const RunnerOptions& options) {
  std::vector<std::optional<PolicyResult>> done(scenario.policies.size());
  std::mutex mutex;
  for_each_index(done.size(), options.threads, [&](std::size_t index) {
    const PolicyChoice& choice = scenario.policies[index];
    sim::QueryLog log;
    sim::RunOutcome outcome = sim::run_queueing(
        scenario.model, *choice.policy, options.log_queries ? &log : nullptr, options.cancelled);
    done[index] = PolicyResult{choice.label, std::move(outcome), std::move(log)};
    if (options.on_done) {
      const std::lock_guard lock(mutex);
      options.on_done(*done[index]);
    }
  });
  std::vector<PolicyResult> results;
  for (std::optional<PolicyResult>& result : done) {
    results.push_back(std::move(*result));
  }
  return results;
}

}  // namespace edgecut::scenarios
