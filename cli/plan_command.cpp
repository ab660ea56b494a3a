// `edgecut plan`: what every cut of a network costs, and which is best; no simulation.
#include <algorithm>
#include <iostream>
#include <memory>

#include "base/errors.hpp"
#include "cli/commands.hpp"
#include "cli/number_between.hpp"
#include "planning/configurations.hpp"
#include "planning/report.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::cli {
namespace {

constexpr double kWeightMax = 1e12;

struct PlanArguments {
  std::vector<std::string> models;
  std::vector<std::string> devices;
  std::string server = "tesla-k40";
  std::vector<std::string> networks;
  std::string bandwidth;
  std::string objective;
  double latency_weight = 1;
  double energy_weight = 1;
  double load = 0;
  std::string predictor = "truth";
  std::string tensor_precision;
  std::string plot;
  bool json = false;
  bool csv = false;
};

// "all" is the eight of the study.
std::vector<std::string> expand_models(const std::vector<std::string>& models) {
  std::vector<std::string> list;
  for (const std::string& model : models) {
    if (model == "all") {
      const std::vector<std::string> names = workloads::benchmark_names();
      list.insert(list.end(), names.begin(), names.end());
    } else {
      list.push_back(model);
    }
  }
  return list;
}

planning::Objective objective_of(const PlanArguments& arguments) {
  if (arguments.objective == "weighted") {
    if (arguments.latency_weight + arguments.energy_weight <= 0) {
      throw base::ConfigError("--latency-weight", "both weights are zero");
    }
    return {"weighted", arguments.latency_weight, arguments.energy_weight};
  }
  return arguments.objective == "energy" ? planning::energy_objective()
                                         : planning::latency_objective();
}

// Objectives of one setting's plan: both, unless one is asked for.
std::vector<planning::Objective> objectives_of(const PlanArguments& arguments) {
  if (arguments.objective.empty()) {
    return {planning::latency_objective(), planning::energy_objective()};
  }
  if (arguments.objective == "weighted") {
    return {planning::latency_objective(), planning::energy_objective(), objective_of(arguments)};
  }
  return {objective_of(arguments)};
}

std::vector<planning::Setting> load_settings(const PlanArguments& arguments, bool is_sweep) {
  const std::vector<policies::Objective> further =
      planning::neurosurgeon_for(objective_of(arguments))->objectives();
  std::vector<planning::Setting> settings;
  for (const std::string& model : expand_models(arguments.models)) {
    for (const std::string& device : arguments.devices) {
      for (const std::string& network : arguments.networks) {
        planning::Request request;
        request.model = model;
        request.device = device;
        request.server = arguments.server;
        request.network = network;
        request.load = arguments.load;
        request.predictor = arguments.predictor;
        if (!arguments.tensor_precision.empty()) {
          const auto& names = workloads::tensor_precision_names();
          request.tensor_precision = static_cast<workloads::TensorPrecision>(
              std::find(names.begin(), names.end(), arguments.tensor_precision) - names.begin());
        }
        if (!arguments.bandwidth.empty() && !is_sweep) {
          request.uplink = planning::read_rate(arguments.bandwidth, "--bandwidth-mbps");
        }
        settings.push_back(planning::make_setting(request, further));
      }
    }
  }
  return settings;
}

std::string report_one(const PlanArguments& arguments, const planning::Setting& setting,
                       bool is_sweep) {
  planning::PlanView view{&setting, objectives_of(arguments), std::nullopt};
  if (is_sweep) {
    view.sweep = planning::read_sweep(arguments.bandwidth, "--bandwidth-mbps");
  }
  if (!arguments.plot.empty()) {
    results::write_plot(planning::plan_plot(view), arguments.plot);
  }
  if (arguments.json) {
    return planning::plan_json(view);
  }
  return arguments.csv ? planning::plan_csv(view) : planning::plan_text(view);
}

std::string report_many(const PlanArguments& arguments,
                        const std::vector<planning::Setting>& settings) {
  const planning::Objective objective = objective_of(arguments);
  std::vector<planning::ConfigurationRow> rows;
  for (const planning::Setting& setting : settings) {
    rows.push_back(planning::compare(setting, objective));
  }
  if (arguments.json) {
    return planning::configurations_json(rows, objective);
  }
  return arguments.csv ? planning::configurations_csv(rows, objective)
                       : planning::configurations_text(rows, objective);
}

int plan(const PlanArguments& arguments) {
  if (!arguments.plot.empty()) {
    results::check_plot_path(arguments.plot);
  }
  const bool is_sweep = arguments.bandwidth.find(':') != std::string::npos;
  const std::vector<planning::Setting> settings = load_settings(arguments, is_sweep);
  if (settings.size() > 1 && is_sweep) {
    throw base::ConfigError("--bandwidth-mbps",
                            "a sweep is of one model, device and network; for more of them see "
                            "edgecut sweep");
  }
  if (settings.size() > 1 && !arguments.plot.empty()) {
    throw base::ConfigError("--plot", "a plot is of one model, device and network");
  }
  for (const planning::Setting& setting : settings) {
    for (const std::string& note : setting.dnn->notes()) {
      std::cerr << "edgecut: note: " << note << '\n';
    }
  }
  std::cout << (settings.size() == 1 ? report_one(arguments, settings.front(), is_sweep)
                                     : report_many(arguments, settings));
  return kDone;
}

}  // namespace

void add_plan_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<PlanArguments>();
  CLI::App* command = app.add_subcommand(
      "plan", "Find the best cut of a model: all cuts, or many settings side by side");
  command
      ->add_option("--model,-m", arguments->models,
                   "Model: a shipped name, a .json, .onnx or .prototxt file, or \"all\" (the "
                   "eight of the study); several with commas")
      ->required()
      ->delimiter(',');
  command->add_option("--device,-d", arguments->devices, "Mobile device; several with commas")
      ->required()
      ->delimiter(',');
  command->add_option("--server,-s", arguments->server, "Server")->capture_default_str();
  command->add_option("--network,-n", arguments->networks, "Network; several with commas")
      ->required()
      ->delimiter(',');
  command->add_option("--bandwidth-mbps,-b", arguments->bandwidth,
                      "Uplink rate instead of the network's, or a sweep FROM:TO[:log|linear[:N]]");
  command
      ->add_option("--objective", arguments->objective,
                   "What is to be least: latency, energy or weighted (default: latency and energy)")
      ->check(CLI::IsMember({"latency", "energy", "weighted"}));
  command->add_option("--latency-weight", arguments->latency_weight, "Of a second, when weighted")
      ->check(number_between(0.0, kWeightMax))
      ->capture_default_str();
  command->add_option("--energy-weight", arguments->energy_weight, "Of a joule, when weighted")
      ->check(number_between(0.0, kWeightMax))
      ->capture_default_str();
  command
      ->add_option("--load", arguments->load,
                   "Share of the server's time that others take, 0 to 0.999")
      ->check(number_between(0.0, 0.999));
  command
      ->add_option(
          "--predictor", arguments->predictor,
          "What the cuts are chosen by: truth, forms, published, fitted, or a file made by "
          "edgecut fit for the device")
      ->capture_default_str();
  command
      ->add_option("--tensor-precision", arguments->tensor_precision,
                   "What tensors between layers are sent as (default: as the model says, fp32)")
      ->check(CLI::IsMember(workloads::tensor_precision_names()));
  command->add_option("--plot", arguments->plot,
                      "Picture to draw as well (.svg or .png): layers, and latency and energy of "
                      "every cut");
  auto* json = command->add_flag("--json", arguments->json, "As JSON");
  command->add_flag("--csv", arguments->csv, "As CSV")->excludes(json);
  command->callback([arguments, &exit_code] { exit_code = plan(*arguments); });
}

}  // namespace edgecut::cli
