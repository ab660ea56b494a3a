// `edgecut capacity`: the highest load that each policy of a scenario sustains within a limit.
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/number_between.hpp"
#include "cli/run_info.hpp"
#include "results/output_folder.hpp"
#include "scenarios/capacity.hpp"

namespace edgecut::cli {
namespace {

struct CapacityArguments {
  std::string scenario;
  std::string metric = "latency_p99";
  double at_most = 0;
  std::string axis = "arrivals";
  double precision = 0.01;
  std::string out;
  std::string trace_directory;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> queries;
  unsigned threads = 0;
  bool no_curve = false;
  bool quiet = false;
};

scenarios::CapacityRequest request_of(const CapacityArguments& arguments) {
  scenarios::CapacityRequest request;
  request.metric = arguments.metric;
  request.at_most = arguments.at_most;
  request.axis =
      arguments.axis == "nodes" ? scenarios::LoadAxis::kNodes : scenarios::LoadAxis::kArrivals;
  request.relative_width = arguments.precision;
  if (!arguments.no_curve) {
    request.curve_shares = {0.1, 0.25, 0.5, 0.7, 0.85, 0.95};
  }
  request.threads = arguments.threads > 0 ? arguments.threads : std::thread::hardware_concurrency();
  request.cancelled = &interrupted;
  if (!arguments.quiet) {
    request.on_point = [request](const std::string& policy, const scenarios::LoadPoint& point) {
      std::cerr << "edgecut: " << policy << " at " << base::format_significant(point.load, 5)
                << ": ";
      if (point.value) {
        std::cerr << base::format_significant(point.value->value, 4)
                  << (point.is_within(request.at_most) ? ", within\n" : ", beyond\n");
      } else {
        std::cerr << (point.is_overloaded ? "overloaded\n" : "nothing completed\n");
      }
    };
  }
  return request;
}

int capacity(const CapacityArguments& arguments) {
  const auto start = std::chrono::steady_clock::now();
  scenarios::ScenarioOptions options;
  options.trace_directory = arguments.trace_directory;
  options.seed = arguments.seed;
  options.queries = arguments.queries;
  const scenarios::Scenario scenario = scenarios::load_scenario(arguments.scenario, options);
  if (!arguments.out.empty()) {
    // Better to hear of an unusable folder now than when the work is done.
    const results::OutputFolder probe(arguments.out);
  }
  const scenarios::CapacityRequest request = request_of(arguments);
  const auto found = scenarios::find_capacities(scenario, request);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  if (!arguments.out.empty()) {
    results::OutputFolder output(arguments.out);
    output.write("capacity.csv", scenarios::capacity_csv(request, found));
    output.write("curve.csv", scenarios::curve_csv(request, found));
    output.write(std::string(results::OutputFolder::kRunInfo),
                 scenarios::run_info_json(scenario, run_info(wall.count(), request.threads)));
    try {
      output.write("capacity.svg",
                   results::draw_plot(scenarios::capacity_plot(request, found), "capacity.svg"));
    } catch (const base::ConfigError& error) {
      std::cerr << "edgecut: no plot: " << error.what() << '\n';
    }
    output.commit();
  }
  const std::string notes = scenarios::capacity_notes(request, found);
  std::cout << scenario.name << ": " << arguments.metric << " at most "
            << base::format_number(arguments.at_most) << "\n\n"
            << scenarios::capacity_table(request, found) << '\n'
            << notes << (notes.empty() ? "" : "\n") << base::format_fixed(wall.count(), 1) << " s";
  if (!arguments.out.empty()) {
    std::cout << "; results in " << arguments.out;
  }
  std::cout << '\n';
  return kDone;
}

}  // namespace

void add_capacity_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<CapacityArguments>();
  CLI::App* command = app.add_subcommand(
      "capacity", "Find the highest load that each policy sustains within a limit");
  command->add_option("scenario", arguments->scenario, "Scenario file (JSON)")->required();
  command->add_option("--metric", arguments->metric, "What is limited")
      ->check(CLI::IsMember(scenarios::estimate_names()))
      ->capture_default_str();
  command->add_option("--at-most", arguments->at_most, "The limit: seconds, or joules for energy")
      ->required()
      ->check(number_between(1e-12, 1e12));
  command
      ->add_option("--axis", arguments->axis,
                   "What grows: arrivals (the rate on the same nodes) or nodes (with their rate)")
      ->check(CLI::IsMember({"arrivals", "nodes"}))
      ->capture_default_str();
  command->add_option("--precision", arguments->precision, "Relative width at which a search ends")
      ->check(number_between(1e-4, 0.5))
      ->capture_default_str();
  command->add_option("--out,-o", arguments->out, "Folder for the result files");
  command->add_option("--trace-dir", arguments->trace_directory,
                      "Folder in which the scenario's trace files are looked for");
  command->add_option("--seed", arguments->seed, "Seed instead of the scenario's")
      ->check(number_between(0.0, kSeedMax));
  command->add_option("--queries", arguments->queries, "At most so many queries a run")
      ->check(number_between(1.0, 1e11));
  command
      ->add_option("--threads", arguments->threads,
                   "Policies searched at a time (default: one a core); results do not depend on it")
      ->check(number_between(0.0, kThreadsMax));
  command->add_flag("--no-curve", arguments->no_curve,
                    "Only the search's own loads, none for the curve below the capacity");
  command->add_flag("--quiet,-q", arguments->quiet, "No progress");
  command->callback([arguments, &exit_code] { exit_code = capacity(*arguments); });
}

}  // namespace edgecut::cli
