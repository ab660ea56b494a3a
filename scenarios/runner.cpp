#include "scenarios/runner.hpp"

#include <mutex>
#include <optional>
#include <utility>

#include "base/errors.hpp"
#include "scenarios/parallel.hpp"
#include "sim/engines.hpp"
#include "sim/replications.hpp"

namespace edgecut::scenarios {
namespace {

sim::RunOutcome run_one(const Scenario& scenario, const PolicyChoice& choice,
                        std::uint32_t replication, const std::atomic<bool>* cancelled) {
  sim::RunModel model = scenario.model;
  model.replication = replication;
  sim::RunOutcome outcome = sim::run_model(model, *choice.policy,
                                           {.estimator = choice.estimator, .cancelled = cancelled});
  sim::condense(outcome, scenario.replications);
  return outcome;
}

// The runs of all policies, a policy's replications one after the other.
class Runs {
 public:
  Runs(const Scenario& scenario, const RunnerOptions& options)
      : scenario_(scenario), options_(options), policies_(scenario.policies.size()) {
    for (Policy& policy : policies_) {
      policy.outcomes.resize(scenario.replications);
    }
  }

  [[nodiscard]] std::size_t count() const { return policies_.size() * scenario_.replications; }

  // Run number `i`; from any thread.
  void run(std::size_t i) {
    const std::size_t policy = i / scenario_.replications;
    run(policy, i % scenario_.replications);
    const std::lock_guard lock(mutex_);
    if (++policies_[policy].done == scenario_.replications) {
      finish(policy);
    }
  }

  std::vector<PolicyResult> take() {
    std::vector<PolicyResult> list;
    for (Policy& policy : policies_) {
      list.push_back(std::move(*policy.result));
    }
    return list;
  }

 private:
  struct Policy {
    std::vector<std::optional<sim::RunOutcome>> outcomes;  // by replication
    sim::QueryLog log;
    std::size_t done = 0;
    std::optional<PolicyResult> result;
  };

  void run(std::size_t index, std::size_t replication) {
    const PolicyChoice& choice = scenario_.policies[index];
    Policy& kept = policies_[index];
    sim::QueryLog* const log = options_.log_queries ? &kept.log : nullptr;
    if (scenario_.replications == 1) {
      kept.outcomes[0] = sim::run_model(
          scenario_.model, *choice.policy,
          {.estimator = choice.estimator, .log = log, .cancelled = options_.cancelled});
      return;
    }
    kept.outcomes[replication] =
        run_one(scenario_, choice, static_cast<std::uint32_t>(replication), options_.cancelled);
  }

  void finish(std::size_t index) {
    Policy& policy = policies_[index];
    std::vector<sim::RunOutcome> outcomes;
    for (std::optional<sim::RunOutcome>& outcome : policy.outcomes) {
      outcomes.push_back(std::move(*outcome));
    }
    policy.outcomes.clear();
    policy.result =
        PolicyResult{scenario_.policies[index].label, sim::merge_replications(std::move(outcomes)),
                     std::move(policy.log)};
    if (options_.on_done) {
      options_.on_done(*policy.result);
    }
  }

  const Scenario& scenario_;
  const RunnerOptions& options_;
  std::vector<Policy> policies_;
  std::mutex mutex_;
};

}  // namespace

std::vector<PolicyResult> run_policies(const Scenario& scenario, const RunnerOptions& options) {
  EC_CHECK(!options.log_queries || scenario.replications == 1, "a query log is of one run");
  Runs runs(scenario, options);
  for_each_index(runs.count(), options.threads, [&runs](std::size_t i) { runs.run(i); });
  return runs.take();
}

std::vector<sim::RunOutcome> run_replication(const Scenario& scenario, std::uint32_t replication,
                                             const std::atomic<bool>* cancelled) {
  std::vector<sim::RunOutcome> outcomes;
  for (const PolicyChoice& choice : scenario.policies) {
    outcomes.push_back(run_one(scenario, choice, replication, cancelled));
  }
  return outcomes;
}

std::vector<PolicyResult> join_replications(const Scenario& scenario,
                                            std::vector<std::vector<sim::RunOutcome>> by_policy) {
  EC_CHECK(by_policy.size() == scenario.policies.size(), "replications of every policy");
  std::vector<PolicyResult> results;
  for (std::size_t i = 0; i < by_policy.size(); ++i) {
    results.push_back(
        {scenario.policies[i].label, sim::merge_replications(std::move(by_policy[i])), {}});
  }
  return results;
}

}  // namespace edgecut::scenarios
