// `edgecut calibrate`: from tables of measurements to cost models.
#include <iostream>
#include <memory>
#include <vector>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "cli/commands.hpp"
#include "predictors/calibrate.hpp"
#include "predictors/shipped_predictors.hpp"

namespace edgecut::cli {
namespace {

struct CalibrateArguments {
  std::string tables;
  std::string out;
  std::string predictors;
};

int calibrate(const CalibrateArguments& arguments) {
  const std::filesystem::path tables = arguments.tables.empty()
                                           ? base::data_directory() / "predictors" / "calibration"
                                           : std::filesystem::path(arguments.tables);
  std::error_code error;
  const bool is_new = std::filesystem::create_directories(arguments.out, error);
  if (error) {
    throw base::ConfigError(arguments.out, "cannot be created: " + error.message());
  }
  std::vector<std::string> devices;
  try {
    devices = predictors::write_calibrated_models(tables, arguments.out);
  } catch (const base::ConfigError&) {
    if (is_new) {
      std::filesystem::remove(arguments.out, error);
    }
    throw;
  }
  if (!arguments.predictors.empty()) {
    for (const auto& file : predictors::write_shipped_predictors(tables, arguments.predictors)) {
      std::cout << file.string() << '\n';
    }
  }
  for (const std::string& device : devices) {
    std::cout << (std::filesystem::path(arguments.out) / (device + ".json")).string() << '\n';
  }
  return kDone;
}

}  // namespace

void add_calibrate_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<CalibrateArguments>();
  CLI::App* command = app.add_subcommand(
      "calibrate", "Make the devices' cost models from tables of measured layers");
  command->add_option("--tables", arguments->tables,
                      "Folder with the tables (default: those that ship)");
  command->add_option("--out,-o", arguments->out, "Folder for the models")->required();
  command->add_option("--predictors", arguments->predictors,
                      "Folder for predictors fitted to the same tables (default: none are made)");
  command->callback([arguments, &exit_code] { exit_code = calibrate(*arguments); });
}

}  // namespace edgecut::cli
