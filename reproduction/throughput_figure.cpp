// The data-centre experiment: the arrival rate at which the mean sojourn at the servers reaches the
// study's limit, for each network and share of devices with GPU.
#include <algorithm>

#include "base/json_reader.hpp"
#include "reproduction/figure_parts.hpp"
#include "reproduction/figures.hpp"
#include "results/csv.hpp"
#include "scenarios/capacity.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::reproduction {
namespace {

using scenarios::PolicyCapacity;

struct Cell {
  std::string network;
  int gpu_percent = 0;
  std::vector<PolicyCapacity> capacities;  // a policy each, cloud-only first
};

// The shipped scenario with the fleet of one cell.
scenarios::Scenario scenario_of(const Study& study, const std::string& network, int gpu_percent) {
  nlohmann::json document = base::JsonDocument::from_file(study.throughput_scenario).raw();
  const nlohmann::json fleet = document.at("fleet");
  int nodes = 0;
  for (const nlohmann::json& group : fleet) {
    nodes += group.at("count").get<int>();
  }
  document["fleet"] = nlohmann::json::array();
  const int with_gpu = nodes * gpu_percent / 100;
  for (const auto& [device, count] : {std::pair{study.devices.front(), nodes - with_gpu},
                                      std::pair{study.devices.back(), with_gpu}}) {
    if (count > 0) {
      document["fleet"].push_back({{"count", count}, {"device", device}, {"network", network}});
    }
  }
  document["predictor"] = study.predictor;
  return scenarios::read_scenario(
      base::JsonDocument::from_text(document.dump(), study.throughput_scenario.string()),
      study.throughput_scenario.parent_path());
}

std::vector<Cell> all_cells(const Study& study, const FigureOptions& options) {
  std::vector<Cell> cells;
  for (const std::string& network : study.networks) {
    for (const int gpu_percent : study.gpu_percent) {
      scenarios::CapacityRequest request;
      request.metric = "server_sojourn_mean";
      request.at_most = study.server_sojourn_s;
      request.threads = options.threads;
      request.cancelled = options.cancelled;
      const scenarios::Scenario scenario = scenario_of(study, network, gpu_percent);
      cells.push_back({network, gpu_percent, scenarios::find_capacities(scenario, request)});
    }
  }
  return cells;
}

// Where no load brings the sojourn over the limit nothing is sustained by the servers' grace; the
// highest load asked stands for it.
double gain_of(const Cell& cell, std::size_t policy) {
  return cell.capacities[policy].capacity.load / cell.capacities.front().capacity.load;
}

double mean_gain(const std::vector<Cell>& cells, std::size_t policy, const std::string& network) {
  std::vector<double> gains;
  for (const Cell& cell : cells) {
    if (network.empty() || cell.network == network) {
      gains.push_back(gain_of(cell, policy));
    }
  }
  return geometric_mean(gains);
}

std::string cells_csv(const std::vector<Cell>& cells) {
  std::string text =
      results::csv_line({"network", "gpu_percent", "policy", "verdict", "capacity_per_s",
                         "capacity_low_per_s", "capacity_high_per_s", "gain"});
  for (const Cell& cell : cells) {
    for (std::size_t i = 0; i < cell.capacities.size(); ++i) {
      const PolicyCapacity& one = cell.capacities[i];
      text += results::csv_line({cell.network, cell.gpu_percent, one.label,
                                 scenarios::verdict_name(one.capacity.verdict), one.capacity.load,
                                 one.capacity.low, one.capacity.high, gain_of(cell, i)});
    }
  }
  return text;
}

}  // namespace

Figure throughput(const Study& study, const FigureOptions& options) {
  constexpr std::size_t kNeurosurgeon = 1;  // second of the scenario's policies
  const std::vector<Cell> cells = all_cells(study, options);
  Figure figure;
  const scenarios::Capacity& cloud_only = cells.front().capacities.front().capacity;
  figure.comparisons.push_back(compare_with(study, "cloud_only_throughput_per_s",
                                            "cloud-only: queries a second", "/s", cloud_only.load,
                                            (cloud_only.high - cloud_only.low) / 2));
  double gain_max = 0;
  std::vector<std::pair<std::string, double>> values;
  for (const Cell& cell : cells) {
    gain_max = std::max(gain_max, gain_of(cell, kNeurosurgeon));
    values.emplace_back(technology(cell.network) + " " + std::to_string(cell.gpu_percent) + " %",
                        gain_of(cell, kNeurosurgeon));
  }
  for (const std::string& network : study.networks) {
    figure.comparisons.push_back(
        compare_with(study, "throughput_gain_" + technology(network),
                     "gain over " + technology(network) + ", geometric mean over the mixes", "x",
                     mean_gain(cells, kNeurosurgeon, network)));
  }
  figure.comparisons.push_back(compare_with(study, "throughput_gain_mean", "gain, geometric mean",
                                            "x", mean_gain(cells, kNeurosurgeon, "")));
  figure.comparisons.push_back(
      compare_with(study, "throughput_gain_max", "gain, maximum", "x", gain_max));
  figure.tables.emplace_back("fig16.csv", cells_csv(cells));
  figure.plots.emplace_back(
      "fig16", results::Plot{{bars("Neurosurgeon: throughput against cloud-only, by network and "
                                   "share of devices with GPU",
                                   "gain [times]", values)},
                             1000,
                             480});
  return figure;
}

}  // namespace edgecut::reproduction
