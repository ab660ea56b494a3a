// The headline numbers again, each time with one assumption changed.
#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "reproduction/figure_parts.hpp"
#include "reproduction/figures.hpp"
#include "reproduction/study_rows.hpp"
#include "results/csv.hpp"

namespace edgecut::reproduction {
namespace {

using results::CsvCell;
using Settings = std::vector<std::unique_ptr<planning::Setting>>;

// The server's work of a mean query with everything in the cloud, over that with the chosen cuts:
// what the throughput rises by when the servers are the only limit. Geometric mean over the mixes.
double server_work_gain(const Study& study, const Settings& settings, const std::string& network) {
  std::map<std::string, double> chosen;  // by device: mean server time
  double cloud_only = 0;
  for (const auto& setting : settings) {
    if (setting->names.network != network) {
      continue;
    }
    const auto row = planning::compare(*setting, planning::latency_objective());
    chosen[setting->names.device] += base::in_seconds(setting->truth.cuts[row.chosen].server_time);
    cloud_only += base::in_seconds(setting->truth.cuts.front().server_time);
  }
  cloud_only /= static_cast<double>(study.devices.size());
  std::vector<double> gains;
  for (const int percent : study.gpu_percent) {
    const double share = percent / 100.0;
    gains.push_back(cloud_only / ((1 - share) * chosen[study.devices.front()] +
                                  share * chosen[study.devices.back()]));
  }
  return geometric_mean(gains);
}

double alexnet_saving(const Study& study, const Settings& settings) {
  const auto found = std::find_if(settings.begin(), settings.end(), [&](const auto& setting) {
    return setting->dnn->name() == "imc" && setting->names.device == study.devices.back();
  });
  const auto row = planning::compare(**found, planning::energy_objective());
  return 1 - row.by_optimum / row.cloud_only;
}

std::vector<CsvCell> cells_of(const Study& study, const Variant& variant) {
  const Settings settings = study_settings(study, study.predictor, variant);
  const auto latency = planning::summarise(compare_all(settings, planning::latency_objective()));
  const auto energy = planning::summarise(compare_all(settings, planning::energy_objective()));
  std::vector<double> over_maui;
  for (const auto& setting : settings) {
    over_maui.push_back(compare_with_maui(*setting).gain());
  }
  std::vector<CsvCell> cells = {variant.name,
                                latency.gain_mean,
                                latency.gain_max,
                                latency.optimal_choices,
                                latency.share_of_possible(),
                                1 - 1 / energy.gain_mean,
                                1 - 1 / energy.gain_max,
                                alexnet_saving(study, settings),
                                geometric_mean(over_maui),
                                *std::max_element(over_maui.begin(), over_maui.end())};
  for (const std::string& network : variant.networks.empty() ? study.networks : variant.networks) {
    // Where nothing is left for the server there is no ratio.
    const double gain = server_work_gain(study, settings, network);
    std::optional<double> told;
    if (gain > 0 && gain < 1e12) {
      told = gain;
    }
    cells.emplace_back(told);
  }
  return cells;
}

}  // namespace

Figure sensitivity(const Study& study, const FigureOptions& /*options*/) {
  std::vector<CsvCell> header = {"assumption",        "latency_gain_mean",     "latency_gain_max",
                                 "optimal_cuts",      "optimal_share",         "energy_saving_mean",
                                 "energy_saving_max", "alexnet_energy_saving", "maui_gain_mean",
                                 "maui_gain_max"};
  for (const std::string& network : study.networks) {
    header.emplace_back("server_work_gain_" + technology(network));
  }
  std::string text = results::csv_line(header);
  Variant declared;
  declared.name = "as declared";
  text += results::csv_line(cells_of(study, declared));
  for (const Variant& variant : study.variants) {
    text += results::csv_line(cells_of(study, variant));
  }
  Figure figure;
  figure.tables.emplace_back("sensitivity.csv", text);
  figure.remarks.push_back(
      "One assumption is changed at a time. server_work_gain is the server's work of a mean query "
      "with everything in the cloud over that with the chosen cuts: the throughput gain of fig16 "
      "when the servers are the only limit, without a simulation.");
  return figure;
}

}  // namespace edgecut::reproduction
