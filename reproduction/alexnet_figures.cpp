// The figures of one query alone, as the study measured them.
#include <algorithm>

#include "base/text.hpp"
#include "planning/report.hpp"
#include "reproduction/figure_parts.hpp"
#include "reproduction/figures.hpp"
#include "reproduction/study_rows.hpp"
#include "results/csv.hpp"

namespace edgecut::reproduction {
namespace {

using planning::CutRow;
using planning::Setting;
using results::CsvCell;

constexpr const char* kAlexNet = "imc";

planning::PlanView view_of(const Setting& setting) {
  return {&setting, {planning::latency_objective(), planning::energy_objective()}, std::nullopt};
}

// AlexNet on the server over each network, then on each device alone.
struct EndRow {
  std::string place;
  CutRow costs;
};

std::vector<EndRow> alexnet_ends(const Study& study) {
  std::vector<EndRow> rows;
  for (const std::string& network : study.networks) {
    const Setting setting = study_setting(study, kAlexNet, study.devices.front(), network);
    rows.push_back(
        {"server over " + network, planning::cut_rows(setting.by_truth(), setting.uplink).front()});
  }
  for (const std::string& device : study.devices) {
    const Setting setting = study_setting(study, kAlexNet, device, study.networks.front());
    rows.push_back({device, planning::cut_rows(setting.by_truth(),
                                               setting.uplink)[setting.truth.device_only()]});
  }
  return rows;
}

std::string ends_csv(const std::vector<EndRow>& rows) {
  const std::vector<results::CsvColumn<EndRow>> columns = {
      {"where", [](const EndRow& row) { return CsvCell(row.place); }},
      {"device_s", [](const EndRow& row) { return CsvCell(in_seconds(row.costs.device)); }},
      {"transfer_s", [](const EndRow& row) { return CsvCell(in_seconds(row.costs.transfer)); }},
      {"server_s", [](const EndRow& row) { return CsvCell(in_seconds(row.costs.server)); }},
      {"latency_s", [](const EndRow& row) { return CsvCell(in_seconds(row.costs.latency)); }},
      {"energy_j", [](const EndRow& row) { return CsvCell(in_joules(row.costs.energy)); }}};
  return results::csv_table(columns, rows);
}

}  // namespace

Figure hardware_tables(const Study& study, const FigureOptions& /*options*/) {
  struct Row {
    std::string model;
    std::string processor;
    base::Duration time;
    base::Energy energy;
  };
  std::vector<Row> rows;
  for (const std::string& model : study.models) {
    for (const std::string& device : study.devices) {
      const Setting setting = study_setting(study, model, device, study.networks.front());
      const predictors::CutCost& all = setting.truth.cuts[setting.truth.device_only()];
      rows.push_back({model, device, all.device_time, all.device_energy});
    }
    const Setting setting =
        study_setting(study, model, study.devices.front(), study.networks.front());
    rows.push_back({model, study.server, setting.truth.cuts.front().server_time, {}});
  }
  Figure figure;
  const std::vector<results::CsvColumn<Row>> columns = {
      {"model", [](const Row& row) { return CsvCell(row.model); }},
      {"processor", [](const Row& row) { return CsvCell(row.processor); }},
      {"time_s", [](const Row& row) { return CsvCell(in_seconds(row.time)); }},
      {"energy_j", [](const Row& row) { return CsvCell(in_joules(row.energy)); }}};
  figure.tables.emplace_back("tables-totals.csv", results::csv_table(columns, rows));
  figure.remarks.push_back(
      "Times of whole networks are calibrated: they are the measured totals themselves.");
  return figure;
}

Figure alexnet_latency(const Study& study, const FigureOptions& /*options*/) {
  Figure figure;
  const std::vector<EndRow> rows = alexnet_ends(study);
  std::vector<std::pair<std::string, double>> values;
  for (const EndRow& row : rows) {
    values.emplace_back(row.place, base::in_milliseconds(row.costs.latency));
  }
  for (std::size_t i = 0; i < study.networks.size(); ++i) {
    const std::string name = technology(study.networks[i]);
    figure.comparisons.push_back(compare_with(study, "upload_" + name + "_s",
                                              "upload of the image over " + name, "s",
                                              in_seconds(rows[i].costs.transfer)));
  }
  const auto wifi = std::find(study.networks.begin(), study.networks.end(), "wifi-2015");
  if (wifi != study.networks.end()) {
    const CutRow& costs = rows[static_cast<std::size_t>(wifi - study.networks.begin())].costs;
    figure.comparisons.push_back(compare_with(study, "cloud_only_transfer_share",
                                              "cloud-only over Wi-Fi: share of transfer", "%",
                                              costs.transfer / costs.latency));
  }
  figure.tables.emplace_back("fig3.csv", ends_csv(rows));
  figure.plots.emplace_back(
      "fig3", results::Plot{{bars("AlexNet, everything at one place", "latency [ms]", values)}});
  return figure;
}

Figure alexnet_energy(const Study& study, const FigureOptions& /*options*/) {
  Figure figure;
  const std::vector<EndRow> rows = alexnet_ends(study);
  std::vector<std::pair<std::string, double>> values;
  for (const EndRow& row : rows) {
    values.emplace_back(row.place, 1e3 * in_joules(row.costs.energy));
  }
  figure.tables.emplace_back("fig4.csv", ends_csv(rows));
  figure.plots.emplace_back(
      "fig4", results::Plot{{bars("AlexNet, everything at one place", "energy [mJ]", values)}});
  return figure;
}

Figure alexnet_layers(const Study& study, const FigureOptions& /*options*/) {
  Figure figure;
  const Setting setting =
      study_setting(study, kAlexNet, study.devices.back(), study.networks.front());
  const std::vector<CutRow> rows = planning::cut_rows(setting.by_truth(), setting.uplink);
  std::string text = results::csv_line({"layer", "time_s", "output_bytes"});
  for (std::size_t i = 0; i < setting.dnn->layers().size(); ++i) {
    const base::Duration time = rows[i + 1].device - rows[i].device;
    const std::string& name = setting.dnn->layers()[i].name;
    text +=
        results::csv_line({name, in_seconds(time), base::in_bytes(setting.dnn->output_size(i))});
    if (name == "fc6") {
      figure.comparisons.push_back(compare_with(study, "fc6_time_share", "fc6's share of the time",
                                                "%",
                                                time / rows[setting.truth.device_only()].device));
    }
  }
  figure.tables.emplace_back("fig5.csv", text);
  results::Plot plot = planning::plan_plot(view_of(setting));
  plot.panels.resize(1);
  figure.plots.emplace_back("fig5", std::move(plot));
  return figure;
}

Figure alexnet_cuts(const Study& study, const FigureOptions& /*options*/) {
  Figure figure;
  const Setting setting =
      study_setting(study, kAlexNet, study.devices.back(), study.networks.front());
  const planning::ConfigurationRow energy =
      planning::compare(setting, planning::energy_objective());
  const planning::ConfigurationRow latency =
      planning::compare(setting, planning::latency_objective());
  figure.comparisons.push_back(compare_with(study, "best_cut_energy_saving",
                                            "energy saved by the best cut, against cloud-only", "%",
                                            1 - energy.by_optimum / energy.cloud_only));
  figure.remarks.push_back(
      "Best for latency: after " + planning::cut_name(setting, latency.optimal) +
      "; best for energy: after " + planning::cut_name(setting, energy.optimal) +
      ". The study: after pool5 for both.");
  figure.tables.emplace_back("fig6.csv", planning::plan_csv(view_of(setting)));
  results::Plot plot = planning::plan_plot(view_of(setting));
  plot.panels.erase(plot.panels.begin());
  figure.plots.emplace_back("fig6", std::move(plot));
  return figure;
}

Figure other_cuts(const Study& study, const FigureOptions& /*options*/) {
  Figure figure;
  std::string best =
      results::csv_line({"model", "device", "network", "best_for_latency", "best_for_energy"});
  for (const std::string& model : study.models) {
    for (const std::string& device : study.devices) {
      const Setting setting = study_setting(study, model, device, study.networks.front());
      const auto after = [&](const planning::Objective& objective) {
        return planning::cut_name(setting, planning::compare(setting, objective).optimal);
      };
      best += results::csv_line({model, device, study.networks.front(),
                                 after(planning::latency_objective()),
                                 after(planning::energy_objective())});
      if (device == study.devices.back() && model != kAlexNet) {
        figure.tables.emplace_back("fig9-" + model + ".csv", planning::plan_csv(view_of(setting)));
        results::Plot plot = planning::plan_plot(view_of(setting));
        plot.panels.erase(plot.panels.begin());
        figure.plots.emplace_back("fig9-" + model, std::move(plot));
      }
    }
  }
  figure.tables.emplace_back("fig9-best.csv", best);
  return figure;
}

}  // namespace edgecut::reproduction
