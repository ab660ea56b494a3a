#include "planning/configurations.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "results/csv.hpp"
#include "results/json_text.hpp"
#include "results/text_table.hpp"

namespace edgecut::planning {
namespace {

using nlohmann::ordered_json;
using results::Align;
using results::CsvCell;
using results::CsvColumn;

// "latency_s", "energy_j", "weighted": what the columns hold.
std::string quantity_key(const Objective& objective) {
  if (objective.name == "latency") {
    return "latency_s";
  }
  return objective.name == "energy" ? "energy_j" : objective.name;
}

std::vector<CsvColumn<ConfigurationRow>> columns_of(const Objective& objective) {
  using Row = ConfigurationRow;
  const std::string key = quantity_key(objective);
  return {
      {"model", [](const Row& row) { return CsvCell(row.setting->dnn->name()); }},
      {"device", [](const Row& row) { return CsvCell(row.setting->names.device); }},
      {"server", [](const Row& row) { return CsvCell(row.setting->names.server); }},
      {"network", [](const Row& row) { return CsvCell(row.setting->names.network); }},
      {"predictor", [](const Row& row) { return CsvCell(row.setting->names.predictor); }},
      {"chosen_cut", [](const Row& row) { return CsvCell(row.chosen); }},
      {"chosen_after", [](const Row& row) { return CsvCell(cut_name(*row.setting, row.chosen)); }},
      {"optimal_cut", [](const Row& row) { return CsvCell(row.optimal); }},
      {"optimal_after",
       [](const Row& row) { return CsvCell(cut_name(*row.setting, row.optimal)); }},
      {"is_optimal", [](const Row& row) { return CsvCell(row.is_optimal()); }},
      {"cloud_only_" + key, [](const Row& row) { return CsvCell(row.cloud_only); }},
      {"device_only_" + key, [](const Row& row) { return CsvCell(row.device_only); }},
      {"chosen_" + key, [](const Row& row) { return CsvCell(row.by_choice); }},
      {"optimal_" + key, [](const Row& row) { return CsvCell(row.by_optimum); }},
      {"gain", [](const Row& row) { return CsvCell(row.gain()); }},
      {"gain_possible", [](const Row& row) { return CsvCell(row.gain_possible()); }}};
}

std::string times(double gain) { return base::format_significant(gain, 3) + "x"; }

}  // namespace

ConfigurationRow compare(const Setting& setting, const Objective& objective) {
  const std::vector<CutRow> rows = cut_rows(setting.by_truth(), setting.uplink);
  const auto value = [&](std::size_t cut) { return objective.value(rows[cut]); };
  ConfigurationRow row{};
  row.setting = &setting;
  row.chosen = best_cuts(setting, setting.by_belief(), objective).choose(setting.uplink);
  row.optimal = best_cuts(setting, setting.by_truth(), objective).choose(setting.uplink);
  row.cloud_only = value(0);
  row.device_only = value(setting.truth.device_only());
  row.by_choice = value(row.chosen);
  row.by_optimum = value(row.optimal);
  return row;
}

ConfigurationSummary summarise(const std::vector<ConfigurationRow>& rows) {
  ConfigurationSummary summary;
  summary.settings = rows.size();
  double log_gain = 0;
  double log_possible = 0;
  for (const ConfigurationRow& row : rows) {
    summary.optimal_choices += row.is_optimal() ? 1U : 0U;
    log_gain += std::log(row.gain());
    log_possible += std::log(row.gain_possible());
    summary.gain_max = std::max(summary.gain_max, row.gain());
  }
  const auto count = static_cast<double>(std::max<std::size_t>(1, rows.size()));
  summary.gain_mean = std::exp(log_gain / count);
  summary.gain_possible_mean = std::exp(log_possible / count);
  return summary;
}

std::string configurations_text(const std::vector<ConfigurationRow>& rows,
                                const Objective& objective) {
  std::vector<std::vector<std::string>> cells;
  for (const ConfigurationRow& row : rows) {
    const Setting& setting = *row.setting;
    const auto amount = [&](double value) { return amount_text(objective, value); };
    cells.push_back({setting.dnn->name(), setting.names.device, setting.names.network,
                     cut_name(setting, row.chosen),
                     row.is_optimal() ? "=" : cut_name(setting, row.optimal),
                     amount(row.cloud_only), amount(row.by_choice), times(row.gain()),
                     base::format_fixed(100 * row.gain() / row.gain_possible(), 1) + " %"});
  }
  const ConfigurationSummary summary = summarise(rows);
  return results::text_table({{"model"},
                              {"device"},
                              {"network"},
                              {"chosen after"},
                              {"best after"},
                              {"cloud-only", Align::kRight},
                              {"chosen", Align::kRight},
                              {"gain", Align::kRight},
                              {"of possible", Align::kRight}},
                             cells) +
         "\n" + std::to_string(summary.optimal_choices) + " of " +
         std::to_string(summary.settings) + " choices are the best for " + objective.name +
         "; against cloud-only " + times(summary.gain_mean) + " (geometric mean), at most " +
         times(summary.gain_max) + "; " + base::format_fixed(100 * summary.share_of_possible(), 2) +
         " % of the possible " + times(summary.gain_possible_mean) + "\n";
}

std::string configurations_json(const std::vector<ConfigurationRow>& rows,
                                const Objective& objective) {
  ordered_json document;
  document["objective"] = objective.name;
  const ConfigurationSummary summary = summarise(rows);
  document["settings"] = summary.settings;
  document["optimal_choices"] = summary.optimal_choices;
  document["gain_mean"] = summary.gain_mean;
  document["gain_max"] = summary.gain_max;
  document["gain_possible_mean"] = summary.gain_possible_mean;
  document["share_of_possible"] = summary.share_of_possible();
  ordered_json& list = document["rows"] = ordered_json::array();
  const std::string key = quantity_key(objective);
  for (const ConfigurationRow& row : rows) {
    const Setting& setting = *row.setting;
    list.push_back({{"model", setting.dnn->name()},
                    {"device", setting.names.device},
                    {"server", setting.names.server},
                    {"network", setting.names.network},
                    {"predictor", setting.names.predictor},
                    {"chosen_cut", row.chosen},
                    {"chosen_after", cut_name(setting, row.chosen)},
                    {"optimal_cut", row.optimal},
                    {"optimal_after", cut_name(setting, row.optimal)},
                    {"is_optimal", row.is_optimal()},
                    {"cloud_only_" + key, row.cloud_only},
                    {"device_only_" + key, row.device_only},
                    {"chosen_" + key, row.by_choice},
                    {"optimal_" + key, row.by_optimum}});
  }
  return results::json_text(document);
}

std::string configurations_csv(const std::vector<ConfigurationRow>& rows,
                               const Objective& objective) {
  return results::csv_table(columns_of(objective), rows);
}

}  // namespace edgecut::planning
