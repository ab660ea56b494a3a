// What a run of a scenario leaves behind: the files of its output folder and the table on stdout.
//
// docs/formats.md gives every column its unit and formula. The files do not depend on threads; only
// run_info.json says how long it took and where.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/csv.hpp"
#include "scenarios/policy_row.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

/// How the program ran, for run_info.json.
struct RunInfo {
  std::string version;
  std::string commit;
  double wall_s = 0;
  double peak_memory_mib = 0;
  unsigned threads = 1;
};

/// The columns of throughput.csv, for tables with further ones in front.
std::vector<results::CsvColumn<PolicyRow>> throughput_columns();
/// A row a policy.
std::string throughput_csv(const Scenario& scenario, const std::vector<PolicyResult>& results);
/// A row for each cut that was taken, by policy, node group and DNN.
std::string cuts_csv(const Scenario& scenario, const std::vector<PolicyResult>& results);
/// A row a policy, node group and query class: the mean of every stage.
std::string stages_csv(const Scenario& scenario, const std::vector<PolicyResult>& results);
/// A row a completed query.
std::string queries_csv(const Scenario& scenario, const std::vector<PolicyResult>& results);
std::string summary_json(const Scenario& scenario, const std::vector<PolicyResult>& results);
std::string run_info_json(const Scenario& scenario, const RunInfo& info);
/// Of a command that runs no single scenario.
std::string run_info_json(const RunInfo& info);

/// The short table for a terminal.
std::string report_table(const Scenario& scenario, const std::vector<PolicyResult>& results);

/// Writes all of them, at once or not at all. Throws results::OutputError.
void write_outputs(const std::filesystem::path& folder, const Scenario& scenario,
                   const std::vector<PolicyResult>& results, const RunInfo& info);

}  // namespace edgecut::scenarios
