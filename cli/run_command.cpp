// `edgecut run`: a scenario end to end.
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include <unistd.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/number_between.hpp"
#include "cli/run_info.hpp"
#include "results/output_folder.hpp"
#include "results/plot.hpp"
#include "scenarios/policy_row.hpp"
#include "scenarios/report.hpp"
#include "scenarios/timeline_plot.hpp"

namespace edgecut::cli {
namespace {

struct RunArguments {
  std::string scenario;
  std::string out;
  std::string trace_directory;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> queries;
  unsigned threads = 0;
  bool log_queries = false;
  std::string plot;
  std::uint32_t plot_node = 0;
  bool quiet = false;
};

void print_overload(const scenarios::Scenario& scenario,
                    const std::vector<scenarios::PolicyResult>& results) {
  for (const std::string& message : scenarios::overload_messages(scenario, results)) {
    std::cerr << "edgecut: " << message << ", so it has no mean latency\n";
  }
  std::cerr << "edgecut: lower the rate, or say \"allow_overload\": true to accept it\n";
}

// Better to hear of it now than when the work is done.
void check_log(const RunArguments& arguments, const scenarios::Scenario& scenario) {
  const std::string option = arguments.log_queries ? "--query-log" : "--plot";
  if ((arguments.log_queries || !arguments.plot.empty()) && scenario.replications > 1) {
    throw base::ConfigError(option, "a log is of one run; this scenario has " +
                                        std::to_string(scenario.replications) + " replications");
  }
  if (arguments.plot.empty()) {
    return;
  }
  results::check_plot_path(arguments.plot);
  if (arguments.plot_node >= scenario.model.nodes()) {
    throw base::ConfigError("--plot-node", "got " + std::to_string(arguments.plot_node) +
                                               "; nodes count from 0 to " +
                                               std::to_string(scenario.model.nodes() - 1));
  }
}

int run(const RunArguments& arguments) {
  const auto start = std::chrono::steady_clock::now();
  scenarios::ScenarioOptions options;
  options.trace_directory = arguments.trace_directory;
  options.seed = arguments.seed;
  options.queries = arguments.queries;
  const scenarios::Scenario scenario = scenarios::load_scenario(arguments.scenario, options);
  check_log(arguments, scenario);
  if (!arguments.out.empty()) {
    // Better to hear of an unusable folder now than when the work is done.
    const results::OutputFolder probe(arguments.out);
  }
  scenarios::RunnerOptions runner;
  runner.threads = arguments.threads > 0 ? arguments.threads : std::thread::hardware_concurrency();
  runner.log_queries = arguments.log_queries || !arguments.plot.empty();
  runner.cancelled = &interrupted;
  const bool progress = !arguments.quiet && isatty(STDERR_FILENO) == 1;
  std::size_t done = 0;
  runner.on_done = [&](const scenarios::PolicyResult& result) {
    ++done;
    if (progress) {
      std::cerr << "[" << done << "/" << scenario.policies.size() << "] " << result.label << '\n';
    }
  };
  auto results = scenarios::run_policies(scenario, runner);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;

  if (!arguments.plot.empty()) {
    results::write_plot(scenarios::timeline_plot(scenario, results, arguments.plot_node),
                        arguments.plot);
  }
  if (!arguments.log_queries) {
    for (scenarios::PolicyResult& result : results) {
      result.queries.clear();
    }
  }
  if (!arguments.out.empty()) {
    scenarios::write_outputs(arguments.out, scenario, results,
                             run_info(wall.count(), runner.threads));
  }
  if (!arguments.quiet) {
    std::uint64_t issued = 0;
    for (const scenarios::PolicyResult& result : results) {
      issued += result.outcome.queries.issued;
    }
    std::cout << scenario.name << ": " << scenario.model.nodes() << " nodes, "
              << base::format_significant(base::in_per_second(scenario.model.arrivals.rate), 4)
              << " queries/s, seed " << scenario.model.seed << ", "
              << base::format_significant(100 * scenario.model.stop.confidence, 4)
              << " % intervals\n\n"
              << scenarios::report_table(scenario, results) << '\n'
              << issued << " queries in " << base::format_fixed(wall.count(), 2) << " s";
    if (!arguments.out.empty()) {
      std::cout << "; results in " << arguments.out;
    }
    std::cout << '\n';
  }
  if (scenarios::any_overloaded(results) && !scenario.allow_overload) {
    print_overload(scenario, results);
    return kOverloaded;
  }
  if (scenarios::any_unconverged(results)) {
    std::cerr << "edgecut: the precision asked for was not reached within stop.queries_max\n";
    return kNotConverged;
  }
  return kDone;
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* command = app.add_subcommand("run", "Run a scenario: a table, and result files");
  command->add_option("scenario", arguments->scenario, "Scenario file (JSON)")->required();
  command->add_option("--out,-o", arguments->out, "Folder for the result files");
  command->add_option("--trace-dir", arguments->trace_directory,
                      "Folder in which the scenario's trace files are looked for");
  command->add_option("--seed", arguments->seed, "Seed instead of the scenario's")
      ->check(number_between(0.0, kSeedMax));
  command->add_option("--queries", arguments->queries, "At most so many queries a policy")
      ->check(number_between(1.0, 1e11));
  command
      ->add_option("--threads", arguments->threads,
                   "Runs (policies, replications) at a time (default: one a core); results do not "
                   "depend on it")
      ->check(number_between(0.0, kThreadsMax));
  command->add_flag("--query-log", arguments->log_queries,
                    "Also write queries.csv, every completed query stage by stage");
  command->add_option("--plot", arguments->plot,
                      "Draw uplink, latency and cut of a node over time into an .svg or .png");
  command->add_option("--plot-node", arguments->plot_node, "The node that is drawn (default 0)");
  command->add_flag("--quiet,-q", arguments->quiet, "No table and no progress");
  command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace edgecut::cli
