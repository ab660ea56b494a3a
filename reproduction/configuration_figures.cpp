// The figures over all 48 configurations: DNN x network x device.
#include <algorithm>
#include <memory>

#include "planning/plan.hpp"
#include "policies/catalogue.hpp"
#include "reproduction/figure_parts.hpp"
#include "reproduction/figures.hpp"
#include "reproduction/study_rows.hpp"
#include "results/csv.hpp"

namespace edgecut::reproduction {
namespace {

using planning::Setting;
using results::CsvCell;
using results::PlotPanel;

std::vector<std::pair<std::string, double>> gains(
    const std::vector<planning::ConfigurationRow>& rows) {
  std::vector<std::pair<std::string, double>> values;
  for (const planning::ConfigurationRow& row : rows) {
    const Setting& setting = *row.setting;
    const std::string device = setting.names.device;
    values.emplace_back(setting.dnn->name() + " " + technology(setting.names.network) + " " +
                            device.substr(device.rfind('-') + 1),
                        row.gain());
  }
  return values;
}

results::Plot gains_plot(const std::string& title, const std::string& y_label,
                         const std::vector<planning::ConfigurationRow>& rows) {
  PlotPanel panel = bars(title, y_label, gains(rows));
  panel.y.logarithmic = true;
  panel.y.min = 0.5;
  return {{std::move(panel)}, 1200, 480};
}

}  // namespace

Figure latency_gains(const Study& study, const FigureOptions& /*options*/) {
  Figure figure;
  const auto settings = study_settings(study, study.predictor);
  const auto objective = planning::latency_objective();
  const auto rows = compare_all(settings, objective);
  const planning::ConfigurationSummary summary = planning::summarise(rows);
  figure.comparisons = {
      compare_with(study, "latency_gain_mean", "gain, geometric mean", "x", summary.gain_mean),
      compare_with(study, "latency_gain_max", "gain, maximum", "x", summary.gain_max),
      compare_with(study, "optimal_share", "share of the possible gain", "%",
                   summary.share_of_possible()),
      compare_with(study, "optimal_cuts", "optimal cuts, of " + std::to_string(summary.settings),
                   "", static_cast<double>(summary.optimal_choices))};
  figure.tables.emplace_back("fig11.csv", planning::configurations_csv(rows, objective));
  figure.plots.emplace_back(
      "fig11", gains_plot("Neurosurgeon against cloud-only", "latency gain [times]", rows));
  figure.remarks.push_back("Cuts are chosen by the predictor \"" + study.predictor +
                           "\" and cost what they truly cost.");
  return figure;
}

Figure energy_savings(const Study& study, const FigureOptions& /*options*/) {
  Figure figure;
  const auto settings = study_settings(study, study.predictor);
  const auto objective = planning::energy_objective();
  const auto rows = compare_all(settings, objective);
  const planning::ConfigurationSummary summary = planning::summarise(rows);
  figure.comparisons = {compare_with(study, "energy_saving_mean", "energy saved, geometric mean",
                                     "%", 1 - 1 / summary.gain_mean),
                        compare_with(study, "energy_saving_max", "energy saved, maximum", "%",
                                     1 - 1 / summary.gain_max)};
  figure.tables.emplace_back("fig12.csv", planning::configurations_csv(rows, objective));
  figure.plots.emplace_back("fig12", gains_plot("Neurosurgeon against cloud-only",
                                                "energy, cloud-only over chosen [times]", rows));
  return figure;
}

MauiRow compare_with_maui(const planning::Setting& setting) {
  static const std::unique_ptr<policies::Policy> maui = policies::make_maui();
  MauiRow row;
  row.ours = planning::compare(setting, planning::latency_objective());
  const auto choices = maui->prepare(*setting.dnn, setting.by_belief())->choices({});
  row.cut = choices.choose(setting.uplink);
  row.latency_s =
      base::in_seconds(planning::cut_rows(setting.by_truth(), setting.uplink)[row.cut].latency);
  return row;
}

Figure maui_comparison(const Study& study, const FigureOptions& /*options*/) {
  Figure figure;
  std::string text = results::csv_line({"model", "device", "network", "maui_after", "maui_s",
                                        "neurosurgeon_after", "neurosurgeon_s", "gain"});
  std::vector<double> all;
  std::vector<std::pair<std::string, double>> values;
  const auto settings = study_settings(study, study.predictor);
  for (const auto& setting : settings) {
    const MauiRow row = compare_with_maui(*setting);
    const planning::Request& names = setting->names;
    all.push_back(row.gain());
    values.emplace_back(setting->dnn->name() + " " + technology(names.network), row.gain());
    text += results::csv_line({setting->dnn->name(), names.device, names.network,
                               planning::cut_name(*setting, row.cut), row.latency_s,
                               planning::cut_name(*setting, row.ours.chosen), row.ours.by_choice,
                               row.gain()});
  }
  figure.comparisons = {compare_with(study, "maui_gain_mean", "gain over MAUI, geometric mean", "x",
                                     geometric_mean(all)),
                        compare_with(study, "maui_gain_max", "gain over MAUI, maximum", "x",
                                     *std::max_element(all.begin(), all.end()))};
  figure.tables.emplace_back("fig13.csv", text);
  PlotPanel panel = bars("Neurosurgeon against MAUI", "latency gain [times]", values);
  panel.y.logarithmic = true;
  panel.y.min = 0.5;
  figure.plots.emplace_back("fig13", results::Plot{{std::move(panel)}, 1200, 480});
  return figure;
}

}  // namespace edgecut::reproduction
