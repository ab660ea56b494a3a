// `edgecut sweep`: a campaign over the points of a sweep file.
#include <chrono>
#include <cmath>
#include <iostream>
#include <memory>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

#include "base/text.hpp"
#include "campaigns/cluster.hpp"
#include "campaigns/estimate.hpp"
#include "campaigns/local_crew.hpp"
#include "campaigns/point_store.hpp"
#include "campaigns/progress.hpp"
#include "campaigns/session.hpp"
#include "cli/commands.hpp"
#include "cli/version.hpp"
#include "results/atomic_file.hpp"
#include "results/csv.hpp"
#include "results/json_text.hpp"
#include "scenarios/shared_inputs.hpp"

namespace edgecut::cli {
namespace {

using campaigns::Campaign;
using campaigns::SessionResult;
using campaigns::Tally;
using Clock = std::chrono::steady_clock;

constexpr double kJobsMax = 255;

struct SweepArguments {
  std::string sweep;
  std::string out;
  std::string trace_directory;
  std::string shard;
  std::optional<std::uint64_t> queries;
  std::optional<std::uint64_t> show;
  std::optional<double> time_limit_s;
  unsigned jobs = 0;
  bool dry_run = false;
  bool quiet = false;
};

// "3/16": the third of sixteen parts.
campaigns::Shard read_shard(const std::string& text) {
  if (text.empty()) {
    return {};
  }
  const std::size_t slash = text.find('/');
  const auto part = base::parse_number(text.substr(0, slash));
  const auto count =
      slash == std::string::npos ? std::nullopt : base::parse_number(text.substr(slash + 1));
  const bool whole = part && count && *part == std::trunc(*part) && *count == std::trunc(*count);
  if (!whole || *part < 1 || *part > *count ||
      *count > static_cast<double>(campaigns::kPointsMax)) {
    throw base::ConfigError("--shard", "expected part/parts such as 3/16, got \"" + text + "\"");
  }
  return {static_cast<std::uint64_t>(*part) - 1, static_cast<std::uint64_t>(*count)};
}

Campaign make_campaign(const SweepArguments& arguments) {
  Campaign campaign;
  campaign.trace_directory = arguments.trace_directory;
  campaign.sweep = campaigns::read_sweep(arguments.sweep, campaign.trace_directory);
  campaign.queries = arguments.queries;
  campaign.program = std::string(kVersion) + " (" + kCommit + ")";
  campaign.folder = arguments.out;
  campaign.shard = read_shard(arguments.shard);
  return campaign;
}

// The scenario of a point, for `edgecut run` or a look.
int show(const Campaign& campaign, std::uint64_t number) {
  if (number < 1 || number > campaign.sweep.points()) {
    throw base::ConfigError(
        "--show", "expected a point from 1 to " + std::to_string(campaign.sweep.points()));
  }
  std::cout << results::json_text(
      nlohmann::ordered_json(campaigns::resolve(campaign.sweep, number - 1)));
  return kDone;
}

int dry_run(const Campaign& campaign, scenarios::SharedInputs& shared, unsigned jobs) {
  std::vector<results::CsvCell> head = {"point"};
  for (const std::string& name : campaigns::axis_names(campaign.sweep)) {
    head.emplace_back(name);
  }
  std::cout << results::csv_line(head);
  for (std::uint64_t k = 0; k < campaign.size() && !interrupted; ++k) {
    std::vector<results::CsvCell> cells = {campaign.point(k) + 1};
    for (const std::string& cell : campaigns::axis_cells(campaign.sweep, campaign.point(k))) {
      cells.emplace_back(cell);
    }
    std::cout << results::csv_line(cells);
  }
  std::cout.flush();
  const auto points = static_cast<double>(campaign.size());
  const double total_s = campaigns::estimate_point_s(campaign, shared) * points / jobs;
  std::cerr << campaign.size() << " points, about " << campaigns::clock_text(total_s) << " with "
            << jobs << (jobs == 1 ? " worker" : " workers") << " at a time\n";
  return kDone;
}

void write_run_info(const Campaign& campaign, const SessionResult& result, std::size_t workers,
                    double wall_s) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  nlohmann::ordered_json document;
  document["program"] = "edgecut sweep";
  document["version"] = kVersion;
  document["commit"] = kCommit;
  document["workers"] = workers;
  document["wall_s"] = wall_s;
  document["points_s"] = result.tally.worker_s;
  document["simulation_s"] = result.tally.simulation_s;
  document["peak_memory_mib"] = static_cast<double>(usage.ru_maxrss) / 1024;
  document["points"] = {{"total", result.tally.total},
                        {"finished", result.tally.finished},
                        {"kept", result.tally.kept},
                        {"missing", result.counts.missing},
                        {"failed", result.counts.failed},
                        {"overloaded", result.counts.overloaded},
                        {"not_converged", result.counts.not_converged}};
  results::write_file_atomically(campaign.folder / "run_info.json", results::json_text(document));
}

int tell(const Campaign& campaign, const SessionResult& result, bool quiet) {
  const Tally& tally = result.tally;
  if (tally.interrupted) {
    std::cerr << "edgecut: interrupted; " << tally.finished << " of " << tally.total
              << " points are done, the same command does the rest\n";
    return kInterrupted;
  }
  if (!quiet) {
    std::cout << campaign.sweep.name << ": " << result.counts.points << " of " << tally.total
              << " points in " << (campaign.folder / "throughput.csv").string() << '\n';
  }
  if (tally.timed_out) {
    std::cerr << "edgecut: the time limit came; " << result.counts.missing << " of " << tally.total
              << " points are missing, the same command does the rest\n";
  }
  const int code = tell_table_counts(result.counts, campaign.folder);
  return code == kDone && tally.timed_out ? kNotConverged : code;
}

int run_with(const Campaign& campaign, campaigns::Crew& crew, const SweepArguments& arguments,
             Clock::time_point start) {
  const bool is_terminal = isatty(STDERR_FILENO) == 1;
  campaigns::ProgressMeter meter(std::cerr, is_terminal);
  campaigns::DispatchOptions options;
  options.interrupted = &interrupted;
  if (arguments.time_limit_s) {
    options.deadline = start + std::chrono::duration_cast<Clock::duration>(
                                   std::chrono::duration<double>(*arguments.time_limit_s));
  }
  if (!arguments.quiet) {
    options.on_progress = [&](const Tally& tally) { meter.show(tally); };
  }
  const SessionResult result = campaigns::run_campaign(campaign, crew, options);
  if (!arguments.quiet) {
    meter.finish(result.tally);
  }
  const std::chrono::duration<double> wall = Clock::now() - start;
  write_run_info(campaign, result, crew.size(), wall.count());
  return tell(campaign, result, arguments.quiet);
}

int sweep(const SweepArguments& arguments, const campaigns::Cluster* cluster) {
  const auto start = Clock::now();
  const bool in_job = campaigns::is_in_job();
  const unsigned cores = in_job ? 1 : std::thread::hardware_concurrency();
  const unsigned jobs = std::max(1U, arguments.jobs > 0 ? arguments.jobs : cores);
  const Campaign campaign = make_campaign(arguments);
  scenarios::SharedInputs shared;
  if (arguments.show) {
    return show(campaign, *arguments.show);
  }
  campaigns::check_base(campaign, shared);
  if (arguments.dry_run) {
    return dry_run(campaign, shared, jobs);
  }
  if (arguments.out.empty()) {
    throw base::ConfigError("--out", "a sweep needs a folder for its results");
  }
  campaigns::LocalCrew own(jobs,
                           [&](const campaigns::Task& task, const std::atomic<bool>& cancelled) {
                             return campaigns::PointRunner(campaign, shared, cancelled).run(task);
                           });
  if (cluster == nullptr || !in_job) {
    return run_with(campaign, own, arguments, start);
  }
  const auto crew = cluster->join(own);
  return crew ? run_with(campaign, *crew, arguments, start) : kDone;
}

// What the ranks of a job say is said once.
int sweep_in_job(const SweepArguments& arguments, const ProgramContext& context) {
  if (!campaigns::is_in_job()) {
    return sweep(arguments, nullptr);
  }
  try {
    if (context.cluster == nullptr) {
      run_mpi_program(context);
    }
    return sweep(arguments, context.cluster);
  } catch (const base::ConfigError&) {
    if (campaigns::rank_in_job() == 0) {
      throw;
    }
    return kBadInput;
  }
}

}  // namespace

int tell_table_counts(const campaigns::TableCounts& counts, const std::filesystem::path& folder) {
  const std::string where = " (messages in " + (folder / "points.csv").string() + ")\n";
  if (counts.failed > 0) {
    std::cerr << "edgecut: " << counts.failed << " points failed" << where;
    return kPointsFailed;
  }
  if (counts.overloaded > 0) {
    std::cerr << "edgecut: " << counts.overloaded << " points are overloaded" << where
              << "edgecut: lower the rate, or say \"allow_overload\": true to accept it\n";
    return kOverloaded;
  }
  if (counts.not_converged > 0) {
    std::cerr << "edgecut: " << counts.not_converged
              << " points did not reach the precision asked for" << where;
    return kNotConverged;
  }
  return kDone;
}

void add_sweep_command(CLI::App& app, int& exit_code, const ProgramContext& context) {
  auto arguments = std::make_shared<SweepArguments>();
  CLI::App* command = app.add_subcommand(
      "sweep", "Run a scenario at every point of some axes; resumes where it was stopped");
  command->add_option("sweep", arguments->sweep, "Sweep file (JSON)")->required();
  command->add_option("--out,-o", arguments->out,
                      "Folder for the results; points that are done in it are kept");
  command
      ->add_option("--jobs,-j", arguments->jobs,
                   "Points run at a time (default: one a core, one a rank under mpirun); results "
                   "do not depend on it")
      ->check(CLI::Range(0.0, kJobsMax));
  command->add_option("--shard", arguments->shard,
                      "Only a part of the points, such as 3/16; merge the folders afterwards");
  command
      ->add_option("--time-limit", arguments->time_limit_s,
                   "Stop after so many seconds with what there is (exit code 3)")
      ->check(CLI::Range(0.0, 1e9));
  command->add_option("--trace-dir", arguments->trace_directory,
                      "Folder in which trace files and globs are looked for");
  command->add_option("--queries", arguments->queries, "At most so many queries a policy and point")
      ->check(CLI::Range(1.0, 1e11));
  command->add_flag("--dry-run", arguments->dry_run, "List the points and estimate the time");
  command->add_option("--show", arguments->show, "Print the scenario of a point, by its number");
  command->add_flag("--quiet,-q", arguments->quiet, "No progress and no closing line");
  command->callback(
      [arguments, &exit_code, &context] { exit_code = sweep_in_job(*arguments, context); });
}

}  // namespace edgecut::cli
