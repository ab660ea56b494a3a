#include "scenarios/runner.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/report.hpp"
#include "support.hpp"

using namespace edgecut;
using namespace edgecut::scenarios::testing;

namespace {

json four_policies() {
  return with(with(dnn(), "/stop/queries", 300), "/policies",
              {"cloud-only", "device-only", "neurosurgeon-latency", "oracle"});
}

}  // namespace

TEST_CASE("policies run on any number of threads give the same files, in the scenario's order") {
  const auto scenario = read(four_policies());
  std::vector<std::string> files;
  for (const unsigned threads : {0U, 1U, 2U, 16U}) {
    scenarios::RunnerOptions options;
    options.threads = threads;
    const auto results = scenarios::run_policies(scenario, options);
    REQUIRE(results.size() == 4);
    for (std::size_t i = 0; i < results.size(); ++i) {
      CHECK(results[i].label == scenario.policies[i].label);
    }
    files.push_back(
        scenarios::throughput_csv(scenario, results) + scenarios::summary_json(scenario, results) +
        scenarios::cuts_csv(scenario, results) + scenarios::stages_csv(scenario, results));
    CHECK(files.back() == files.front());
  }
}

TEST_CASE("a flag set before the run cancels it") {
  const std::atomic<bool> cancelled{true};
  scenarios::RunnerOptions options;
  options.threads = 2;
  options.cancelled = &cancelled;
  CHECK_THROWS_AS(scenarios::run_policies(read(four_policies()), options), sim::Cancelled);
}

TEST_CASE("every policy is reported once when it is done") {
  std::vector<std::string> done;
  scenarios::RunnerOptions options;
  options.threads = 3;
  options.on_done = [&](const scenarios::PolicyResult& result) { done.push_back(result.label); };
  static_cast<void>(scenarios::run_policies(read(four_policies()), options));
  std::sort(done.begin(), done.end());
  CHECK(done ==
        std::vector<std::string>{"cloud-only", "device-only", "neurosurgeon-latency", "oracle"});
}
