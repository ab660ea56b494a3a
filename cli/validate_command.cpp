// `edgecut validate`: reads files as a run would, and says everything that is wrong.
#include <iostream>
#include <memory>
#include <vector>

#include "base/json_reader.hpp"
#include "campaigns/campaign.hpp"
#include "cli/commands.hpp"
#include "platforms/device.hpp"
#include "platforms/network.hpp"
#include "predictors/calibrated_model.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/shared_inputs.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::cli {
namespace {

struct ValidateArguments {
  std::vector<std::string> files;
  std::string trace_directory;
};

// What kind of file it is shows in the keys that only that kind has.
std::string validate_file(const std::string& file, const scenarios::ScenarioOptions& options) {
  const std::string extension = std::filesystem::path(file).extension().string();
  if (extension == ".onnx" || extension == ".prototxt") {
    workloads::load_model(file);
    return "a valid model";
  }
  const base::JsonDocument document = base::JsonDocument::from_file(file);
  const std::filesystem::path directory = std::filesystem::path(file).parent_path();
  if (document.raw().contains("layers")) {
    workloads::read_model(document);
    return "a valid model";
  }
  if (document.raw().contains("forms")) {
    predictors::load_calibrated_model(file);
    return "a valid cost model";
  }
  if (document.raw().contains("cost_model")) {
    platforms::load_device(file);
    return "a valid device";
  }
  if (document.raw().contains("uplink_mbps") || document.raw().contains("instant_transfer")) {
    platforms::read_network(file);
    return "a valid network";
  }
  if (document.raw().contains("axes")) {
    campaigns::Campaign campaign;
    campaign.trace_directory = options.trace_directory;
    campaign.sweep = campaigns::read_sweep(file, campaign.trace_directory);
    scenarios::SharedInputs shared;
    campaigns::check_base(campaign, shared);
    return "a valid sweep: " + std::to_string(campaign.sweep.points()) + " points";
  }
  const scenarios::Scenario scenario = scenarios::read_scenario(document, directory, options);
  return "a valid scenario: " + std::to_string(scenario.model.nodes()) + " nodes, " +
         std::to_string(scenario.model.classes.size()) + " kinds of query, " +
         std::to_string(scenario.policies.size()) + " policies";
}

int validate(const ValidateArguments& arguments) {
  scenarios::ScenarioOptions options;
  options.trace_directory = arguments.trace_directory;
  base::Problems problems;
  for (const std::string& file : arguments.files) {
    try {
      const std::string kind = validate_file(file, options);
      std::cout << file << ": " << kind << '\n';
    } catch (const base::ConfigError& error) {
      problems.add(error);
    }
  }
  std::cout.flush();
  problems.throw_if_any();
  return kDone;
}

}  // namespace

void add_validate_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ValidateArguments>();
  CLI::App* command =
      app.add_subcommand("validate", "Check scenario, sweep, model, device and network files");
  command->add_option("files", arguments->files, "Files (JSON)")->required();
  command->add_option("--trace-dir", arguments->trace_directory,
                      "Folder in which a scenario's trace files are looked for");
  command->callback([arguments, &exit_code] { exit_code = validate(*arguments); });
}

}  // namespace edgecut::cli
