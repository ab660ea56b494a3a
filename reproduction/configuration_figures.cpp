// The figures over all 48 configurations: DNN x network x device.
#include <algorithm>
#include <cmath>

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

// Headline numbers of the 48 configurations under one set of assumptions.
planning::ConfigurationSummary headline(const Study& study, const planning::Objective& objective,
                                        const Variant& variant) {
  const auto settings = study_settings(study, study.predictor, variant);
  return planning::summarise(compare_all(settings, objective));
}

struct VariantRow {
  std::string name;
  planning::ConfigurationSummary latency;
  planning::ConfigurationSummary energy;
};

std::string variants_csv(const Study& study) {
  std::vector<VariantRow> rows;
  std::vector<Variant> variants(1);
  variants.front().name = "as declared";
  variants.insert(variants.end(), study.variants.begin(), study.variants.end());
  for (const Variant& variant : variants) {
    rows.push_back({variant.name, headline(study, planning::latency_objective(), variant),
                    headline(study, planning::energy_objective(), variant)});
  }
  using Row = VariantRow;
  const std::vector<results::CsvColumn<Row>> columns = {
      {"assumption", [](const Row& row) { return CsvCell(row.name); }},
      {"latency_gain_mean", [](const Row& row) { return CsvCell(row.latency.gain_mean); }},
      {"latency_gain_max", [](const Row& row) { return CsvCell(row.latency.gain_max); }},
      {"energy_saving_mean", [](const Row& row) { return CsvCell(1 - 1 / row.energy.gain_mean); }},
      {"energy_saving_max", [](const Row& row) { return CsvCell(1 - 1 / row.energy.gain_max); }},
      {"optimal_cuts", [](const Row& row) { return CsvCell(row.latency.optimal_choices); }},
      {"optimal_share", [](const Row& row) { return CsvCell(row.latency.share_of_possible()); }}};
  return results::csv_table(columns, rows);
}

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
  figure.tables.emplace_back("fig11-sensitivity.csv", variants_csv(study));
  figure.plots.emplace_back(
      "fig11", gains_plot("Neurosurgeon against cloud-only", "latency gain [times]", rows));
  figure.remarks.push_back("Cuts are chosen by the predictor \"" + study.predictor +
                           "\" and cost what they truly cost. fig11-sensitivity.csv has the same "
                           "numbers under other assumptions.");
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

Figure maui_comparison(const Study& study, const FigureOptions& /*options*/) {
  Figure figure;
  const auto settings = study_settings(study, study.predictor);
  const auto maui = policies::make_maui();
  std::string text = results::csv_line({"model", "device", "network", "maui_after", "maui_s",
                                        "neurosurgeon_after", "neurosurgeon_s", "gain"});
  double log_gain = 0;
  double gain_max = 0;
  std::vector<std::pair<std::string, double>> values;
  for (const auto& setting : settings) {
    const auto row = planning::compare(*setting, planning::latency_objective());
    const std::uint32_t cut =
        maui->prepare(*setting->dnn, setting->by_belief())->choices({}).choose(setting->uplink);
    const double by_maui =
        base::in_seconds(planning::cut_rows(setting->by_truth(), setting->uplink)[cut].latency);
    const double gain = by_maui / row.by_choice;
    log_gain += std::log(gain);
    gain_max = std::max(gain_max, gain);
    values.emplace_back(setting->dnn->name() + " " + technology(setting->names.network), gain);
    text += results::csv_line({setting->dnn->name(), setting->names.device, setting->names.network,
                               planning::cut_name(*setting, cut), by_maui,
                               planning::cut_name(*setting, row.chosen), row.by_choice, gain});
  }
  figure.comparisons = {
      compare_with(study, "maui_gain_mean", "gain over MAUI, geometric mean", "x",
                   std::exp(log_gain / static_cast<double>(settings.size()))),
      compare_with(study, "maui_gain_max", "gain over MAUI, maximum", "x", gain_max)};
  figure.tables.emplace_back("fig13.csv", text);
  PlotPanel panel = bars("Neurosurgeon against MAUI", "latency gain [times]", values);
  panel.y.logarithmic = true;
  panel.y.min = 0.5;
  figure.plots.emplace_back("fig13", results::Plot{{std::move(panel)}, 1200, 480});
  return figure;
}

}  // namespace edgecut::reproduction
