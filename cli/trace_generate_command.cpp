// `edgecut trace generate`: seeded synthetic traces.
#include <iostream>
#include <memory>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/number_between.hpp"
#include "cli/report_stream.hpp"
#include "cli/trace_command.hpp"
#include "platforms/trace_generator.hpp"
#include "platforms/trace_statistics.hpp"
#include "results/atomic_file.hpp"

namespace edgecut::cli {
namespace {

struct GenerateArguments {
  std::string preset;
  std::optional<double> mean_mbps;
  std::optional<double> cv;
  std::optional<double> autocorrelation;
  std::optional<double> outage_share;
  std::optional<double> outage_mean_s;
  double duration_s = 600;
  double step_s = 1;
  std::uint64_t seed = 1;
  std::string out;
};

platforms::TraceModel model_of(const GenerateArguments& arguments) {
  platforms::TraceModel model;
  if (!arguments.preset.empty()) {
    const auto presets =
        platforms::read_trace_presets(base::data_directory() / "platforms/traces/presets.json");
    std::vector<std::string> names;
    bool found = false;
    for (const platforms::TracePreset& preset : presets) {
      names.push_back(preset.name);
      if (preset.name == arguments.preset) {
        model = preset.model;
        found = true;
      }
    }
    if (!found) {
      throw base::ConfigError("--preset", "unknown preset \"" + arguments.preset + "\"" +
                                              base::suggestion(arguments.preset, names));
    }
  } else if (!arguments.mean_mbps) {
    throw base::ConfigError("trace generate", "give a --preset or a --mean-mbps");
  }
  if (arguments.mean_mbps) {
    model.mean = base::megabits_per_s(*arguments.mean_mbps);
  }
  if (arguments.preset.empty() && !arguments.cv) {
    throw base::ConfigError("trace generate", "without a --preset give a --cv too (0: constant)");
  }
  model.cv = arguments.cv.value_or(model.cv);
  model.autocorrelation = arguments.autocorrelation.value_or(model.autocorrelation);
  model.outage_share = arguments.outage_share.value_or(model.outage_share);
  if (arguments.outage_mean_s) {
    model.outage_mean = base::seconds(*arguments.outage_mean_s);
  }
  return model;
}

// The command that makes the same trace again.
std::string command_of(const GenerateArguments& arguments) {
  std::string text = "edgecut trace generate";
  if (!arguments.preset.empty()) {
    text.append(" --preset ").append(arguments.preset);
  }
  const auto add = [&text](const char* option, const std::optional<double>& value) {
    if (value) {
      text.append(" ").append(option).append(" ").append(base::format_number(*value));
    }
  };
  add("--mean-mbps", arguments.mean_mbps);
  add("--cv", arguments.cv);
  add("--autocorrelation", arguments.autocorrelation);
  add("--outage-share", arguments.outage_share);
  add("--outage-mean-s", arguments.outage_mean_s);
  add("--duration-s", arguments.duration_s);
  add("--step-s", arguments.step_s);
  return text.append(" --seed ").append(std::to_string(arguments.seed));
}

int generate(const GenerateArguments& arguments) {
  platforms::TraceGeneration generation;
  generation.model = model_of(arguments);
  generation.duration = base::seconds(arguments.duration_s);
  generation.step = base::seconds(arguments.step_s);
  generation.seed = arguments.seed;
  const platforms::RateTrace trace = platforms::generate_trace(generation);
  const std::string comment = command_of(arguments);
  const std::string text = platforms::trace_to_csv(trace, generation.step, comment);
  if (arguments.out.empty()) {
    std::cout << text;
    return kDone;
  }
  std::ostream& report = report_stream(arguments.out);
  results::write_file_atomically(arguments.out, text);
  const platforms::TraceStatistics made = platforms::trace_statistics(trace);
  report << arguments.out << ": mean " << base::format_fixed(base::in_megabits_per_s(made.mean), 2)
         << " Mbit/s, CV " << base::format_fixed(made.cv, 2) << ", lag-1 s autocorrelation "
         << base::format_fixed(made.autocorrelation, 2) << ", outages "
         << base::format_fixed(100 * made.outage_share, 1) << " %\n";
  return kDone;
}

}  // namespace

void add_trace_generate(CLI::App& trace, int& exit_code) {
  auto arguments = std::make_shared<GenerateArguments>();
  CLI::App* command =
      trace.add_subcommand("generate", "A seeded synthetic trace with given statistics");
  command->add_option("--preset", arguments->preset,
                      "lte, lte-driving, 3g-driving, wifi, ... (platforms/traces/presets.json)");
  command->add_option("--mean-mbps", arguments->mean_mbps, "Mean rate, Mbit/s, above 0.2");
  command->add_option("--cv", arguments->cv, "Coefficient of variation of 1 s means, 0 to 3");
  command->add_option("--autocorrelation", arguments->autocorrelation,
                      "Of 1 s means, lag 1 s, -0.5 to 0.99");
  command->add_option("--outage-share", arguments->outage_share,
                      "Share of seconds without data, 0 to 0.8");
  command->add_option("--outage-mean-s", arguments->outage_mean_s,
                      "Mean length of an outage, s, 1 to 1000");
  command->add_option("--duration-s", arguments->duration_s, "Length, whole s, 60 to 10^7");
  command->add_option("--step-s", arguments->step_s, "Length of a step, a whole fraction of 1 s");
  command->add_option("--seed", arguments->seed, "Seed")->check(number_between(0.0, kSeedMax));
  command->add_option("--out,-o", arguments->out, "File (default: standard output)");
  command->callback([arguments, &exit_code] { exit_code = generate(*arguments); });
}

}  // namespace edgecut::cli
