#include "support/scenario_run.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <unistd.h>

#include "base/json_reader.hpp"
#include "scenarios/radio_rows.hpp"
#include "scenarios/report.hpp"

namespace edgecut::testing {
namespace fs = std::filesystem;

TempFolder::TempFolder() {
  static int count = 0;
  path_ = fs::temp_directory_path() /
          ("edgecut-test-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
  fs::create_directories(path_);
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void TempFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream file(path_ / name, std::ios::binary);
  file << text;
  file.flush();
  if (!file) {
    throw std::runtime_error("cannot write " + (path_ / name).string());
  }
}

scenarios::Scenario read_json(const nlohmann::json& document, const fs::path& directory,
                              const scenarios::ScenarioOptions& options) {
  return scenarios::read_scenario(base::JsonDocument::from_text(document.dump(), "test.json"),
                                  directory, options);
}

scenarios::Scenario with_slab(const scenarios::Scenario& scenario,
                              std::optional<base::Duration> slab) {
  scenarios::Scenario other = scenario;
  other.model.slab = slab;
  return other;
}

std::vector<scenarios::PolicyResult> run_logged(const scenarios::Scenario& scenario,
                                                unsigned threads) {
  scenarios::RunnerOptions options;
  options.threads = threads;
  options.log_queries = true;
  return scenarios::run_policies(scenario, options);
}

sim::QueryLog sorted_log(const sim::QueryLog& log) {
  sim::QueryLog sorted = log;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::pair(a.node, a.number) < std::pair(b.node, b.number);
  });
  return sorted;
}

std::string result_files(const scenarios::Scenario& scenario,
                         const std::vector<scenarios::PolicyResult>& results) {
  return scenarios::throughput_csv(scenario, results) + scenarios::cuts_csv(scenario, results) +
         scenarios::stages_csv(scenario, results) + scenarios::radio_csv(scenario, results) +
         scenarios::power_csv(scenario, results) + scenarios::summary_json(scenario, results) +
         scenarios::queries_csv(scenario, results);
}

SingleRun::SingleRun(const nlohmann::json& document, const fs::path& directory, bool log_queries)
    : scenario(read_json(document, directory)) {
  scenarios::RunnerOptions options;
  options.log_queries = log_queries;
  results = scenarios::run_policies(scenario, options);
  row = scenarios::make_row(scenario, results.front());
}

}  // namespace edgecut::testing
