// The pictures of a plan.
#include <algorithm>
#include <functional>

#include "planning/report.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::planning {
namespace {

using results::Plot;
using results::PlotPanel;
using results::PlotPoint;
using results::PlotSeries;
using results::PlotStyle;

using Value = std::function<double(const CutRow&)>;

constexpr std::size_t kNamesMax = 64;  // more do not fit: numbers stand instead
constexpr int kWidthMin = 900;
constexpr int kPixelsPerCut = 22;

results::PlotAxis cut_axis(const Setting& setting, const std::string& label, std::size_t first,
                           std::size_t count) {
  results::PlotAxis axis;
  axis.label = label;
  axis.min = static_cast<double>(first) - 0.5;
  axis.max = static_cast<double>(count) - 0.5;
  for (std::size_t cut = first; cut < count && count <= kNamesMax; ++cut) {
    axis.names.emplace_back(static_cast<double>(cut), cut_name(setting, cut));
  }
  axis.names_upright = true;
  return axis;
}

PlotSeries bars(const std::string& title, const std::vector<CutRow>& rows, const Value& value) {
  PlotSeries series{title, {}, PlotStyle::kBars};
  for (const CutRow& row : rows) {
    series.points.push_back({static_cast<double>(row.cut), value(row)});
  }
  return series;
}

// Parts on top of each other: each bar is the sum up to its part, drawn from the tallest.
PlotPanel stacked(const Setting& setting, const Objective& objective,
                  const std::vector<CutRow>& rows, const std::string& y_label,
                  const std::vector<std::pair<std::string, Value>>& parts) {
  PlotPanel panel;
  panel.title = objective.name + " of every cut";
  panel.x = cut_axis(setting, "last layer on the device", 0, rows.size());
  panel.y.label = y_label;
  double tallest = 0;
  for (std::size_t count = parts.size(); count > 0; --count) {
    panel.series.push_back(bars(parts[count - 1].first, rows, [&](const CutRow& row) {
      double sum = 0;
      for (std::size_t i = 0; i < count; ++i) {
        sum += parts[i].second(row);
      }
      tallest = std::max(tallest, sum);
      return sum;
    }));
  }
  const auto best = best_cuts(setting, setting.by_belief(), objective).choose(setting.uplink);
  const auto above = [&](double value) { return value + 0.03 * tallest; };
  panel.series.push_back({"best: after " + cut_name(setting, best),
                          {{static_cast<double>(best), above(1e3 * objective.value(rows[best]))}},
                          PlotStyle::kMarks});
  return panel;
}

PlotPanel layer_panel(const Setting& setting, const std::vector<CutRow>& rows) {
  PlotPanel panel;
  panel.title = "every layer of " + setting.dnn->name() + " on " + setting.names.device;
  panel.x = cut_axis(setting, "layer", 1, setting.dnn->layers().size() + 1);
  panel.y.label = "time [ms], output [KiB]";
  panel.y.logarithmic = true;
  PlotSeries time{"time [ms]", {}, PlotStyle::kLinePoints};
  PlotSeries output{"output [KiB]", {}, PlotStyle::kLinePoints};
  for (std::size_t layer = 0; layer < setting.dnn->layers().size(); ++layer) {
    const double x = static_cast<double>(layer) + 1;
    time.points.push_back({x, base::in_milliseconds(rows[layer + 1].device - rows[layer].device)});
    output.points.push_back({x, base::in_bytes(setting.dnn->output_size(layer)) / 1024});
  }
  panel.series = {std::move(time), std::move(output)};
  return panel;
}

Plot cuts_plot(const PlanView& view) {
  const Setting& setting = *view.setting;
  const std::vector<CutRow> rows = cut_rows(setting.by_belief(), setting.uplink);
  Plot plot;
  plot.width_px =
      std::max(kWidthMin, 120 + kPixelsPerCut * static_cast<int>(std::min(rows.size(), kNamesMax)));
  plot.panel_height_px = 420;
  plot.panels.push_back(layer_panel(setting, rows));
  plot.panels.push_back(stacked(
      setting, latency_objective(), rows, "latency [ms]",
      {{"device", [](const CutRow& row) { return base::in_milliseconds(row.device); }},
       {"transfer", [](const CutRow& row) { return base::in_milliseconds(row.transfer); }},
       {"server", [](const CutRow& row) { return base::in_milliseconds(row.server); }},
       {"network latency, download", [](const CutRow& row) {
          return base::in_milliseconds(row.latency - row.device - row.transfer - row.server);
        }}}));
  plot.panels.push_back(
      stacked(setting, energy_objective(), rows, "energy of the device [mJ]",
              {{"computing", [](const CutRow& row) { return 1e3 * base::in_joules(row.compute); }},
               {"radio", [](const CutRow& row) { return 1e3 * base::in_joules(row.radio); }}}));
  return plot;
}

Plot sweep_plot(const PlanView& view) {
  const Setting& setting = *view.setting;
  Plot plot;
  for (const Objective& objective : view.objectives) {
    const auto choices = best_cuts(setting, setting.by_belief(), objective);
    PlotPanel panel;
    panel.title =
        setting.dnn->name() + " on " + setting.names.device + " over " + setting.names.network;
    panel.x.label = "uplink [Mbit/s]";
    panel.x.logarithmic = view.sweep->is_logarithmic;
    panel.x.min = base::in_megabits_per_s(view.sweep->from);
    panel.x.max = base::in_megabits_per_s(view.sweep->to);
    panel.y.label = objective.name == "latency"  ? "latency [ms]"
                    : objective.name == "energy" ? "energy [mJ]"
                                                 : "weighted latency and energy [1/1000]";
    panel.y.logarithmic = true;
    std::vector<PlotSeries> series = {
        {"cloud-only", {}}, {"device-only", {}}, {"best cut", {}, PlotStyle::kLine}};
    for (const base::DataRate rate : rates_of(*view.sweep)) {
      const std::vector<CutRow> rows = cut_rows(setting.by_belief(), rate);
      const std::size_t cuts[] = {0, setting.truth.device_only(), choices.choose(rate)};
      for (std::size_t i = 0; i < series.size(); ++i) {
        series[i].points.push_back(
            {base::in_megabits_per_s(rate), 1e3 * objective.value(rows[cuts[i]])});
      }
    }
    panel.series = std::move(series);
    plot.panels.push_back(std::move(panel));
  }
  return plot;
}

}  // namespace

Plot plan_plot(const PlanView& view) { return view.sweep ? sweep_plot(view) : cuts_plot(view); }

}  // namespace edgecut::planning
