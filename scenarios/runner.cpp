#include "scenarios/runner.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "sim/queueing_engine.hpp"

namespace edgecut::scenarios {
namespace {

// Hands out the policies to threads; the first error ends them all.
class PolicyQueue {
 public:
  PolicyQueue(const Scenario& scenario, const RunnerOptions& options)
      : scenario_(scenario), options_(options), results_(scenario.policies.size()) {}

  void work() {
    for (std::size_t i = next_++; i < results_.size(); i = next_++) {
      try {
        results_[i] = run(i);
        const std::lock_guard lock(mutex_);
        if (options_.on_done) {
          options_.on_done(*results_[i]);
        }
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!error_) {
          error_ = std::current_exception();
        }
        next_ = results_.size();
      }
    }
  }

  std::vector<PolicyResult> take() {
    if (error_) {
      std::rethrow_exception(error_);
    }
    std::vector<PolicyResult> list;
    for (std::optional<PolicyResult>& result : results_) {
      list.push_back(std::move(*result));
    }
    return list;
  }

 private:
  PolicyResult run(std::size_t index) const {
    const PolicyChoice& choice = scenario_.policies[index];
    sim::QueryLog log;
    sim::RunOutcome outcome = sim::run_queueing(
        scenario_.model, *choice.policy, options_.log_queries ? &log : nullptr, options_.cancelled);
    return {choice.label, std::move(outcome), std::move(log)};
  }

  const Scenario& scenario_;
  const RunnerOptions& options_;
  std::vector<std::optional<PolicyResult>> results_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

std::vector<PolicyResult> run_policies(const Scenario& scenario, const RunnerOptions& options) {
  PolicyQueue queue(scenario, options);
  const std::size_t wanted = std::max(1U, options.threads);
  const std::size_t count = std::min(wanted, scenario.policies.size());
  std::vector<std::thread> threads;
  threads.reserve(count);
  try {
    for (std::size_t i = 1; i < count; ++i) {
      threads.emplace_back([&queue] { queue.work(); });
    }
  } catch (const std::system_error&) {
    // The system gives no more threads: those that there are do the work.
  }
  queue.work();
  for (std::thread& thread : threads) {
    thread.join();
  }
  return queue.take();
}

}  // namespace edgecut::scenarios
