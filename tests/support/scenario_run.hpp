// Scenarios from JSON text, run on the program's own path: read_scenario -> run_policies -> result
// files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "results/metrics.hpp"
#include "scenarios/policy_row.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::testing {

/// A folder of its own for the files that a scenario names; gone with the object.
class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();

  void write(const std::string& name, const std::string& text) const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Reads a scenario from a JSON value, through text as the program does.
scenarios::Scenario read_json(const nlohmann::json& document,
                              const std::filesystem::path& directory = {},
                              const scenarios::ScenarioOptions& options = {});

/// The same scenario with slabs of another length; nothing: the engine's own choice.
scenarios::Scenario with_slab(const scenarios::Scenario& scenario,
                              std::optional<base::Duration> slab);

/// Runs every policy and logs every query.
std::vector<scenarios::PolicyResult> run_logged(const scenarios::Scenario& scenario,
                                                unsigned threads = 1);

/// The log by (node, number), which is how queries are told apart.
sim::QueryLog sorted_log(const sim::QueryLog& log);

/// Every result file but run_info.json, one after the other.
std::string result_files(const scenarios::Scenario& scenario,
                         const std::vector<scenarios::PolicyResult>& results);

/// One policy and its row of throughput.csv.
struct SingleRun {
  explicit SingleRun(const nlohmann::json& document, const std::filesystem::path& directory = {},
                     bool log_queries = false);
  SingleRun(const SingleRun&) = delete;
  SingleRun& operator=(const SingleRun&) = delete;

  [[nodiscard]] const results::Estimate& estimate(results::Metric metric) const {
    return row.summary[metric].value();
  }
  [[nodiscard]] const sim::RunOutcome& outcome() const { return results.front().outcome; }

  scenarios::Scenario scenario;
  std::vector<scenarios::PolicyResult> results;
  scenarios::PolicyRow row;
};

}  // namespace edgecut::testing
