#include "scenarios/timeline_plot.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "base/errors.hpp"
#include "predictors/cut_table.hpp"

namespace edgecut::scenarios {
namespace {

using base::in_seconds;
using results::PlotPanel;
using results::PlotSeries;
using results::PlotStyle;

// Cuts from the least on the device to the most.
using CutKey = std::pair<std::uint32_t, std::string>;  // layers on the device, name

CutKey key_of(const sim::RunModel& model, const sim::QueryRecord& query) {
  const sim::QueryClass& query_class = model.classes[query.query_class];
  if (!query_class.dnn) {
    return {0, query_class.name};
  }
  const predictors::CutTable& cuts = model.costs_of(query.group, query.query_class).truth;
  const std::string cut = predictors::cut_name(*query_class.dnn, cuts, query.cut);
  return {cuts.cuts[query.cut].device_layers,
          model.classes.size() > 1 ? query_class.name + ": " + cut : cut};
}

sim::QueryLog queries_of(const PolicyResult& result, std::uint32_t node) {
  sim::QueryLog queries;
  std::copy_if(result.queries.begin(), result.queries.end(), std::back_inserter(queries),
               [node](const sim::QueryRecord& query) { return query.node == node; });
  std::sort(queries.begin(), queries.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  if (queries.size() > kTimelineQueriesMax) {
    queries.resize(kTimelineQueriesMax);
  }
  return queries;
}

// The truth once, and what each policy that looks at it took it for.
void add_uplink(const sim::QueryLog& queries, const std::string& label, bool looks,
                PlotPanel& panel) {
  PlotSeries rate{"true, over the next window", {}, PlotStyle::kSteps};
  PlotSeries estimate{"estimate of " + label, {}, PlotStyle::kSteps};
  for (const sim::QueryRecord& query : queries) {
    const double time_s = in_seconds(query.issued_at);
    if (query.uplink.rate) {
      rate.points.push_back({time_s, base::in_megabits_per_s(*query.uplink.rate)});
    }
    if (query.uplink.estimate) {
      estimate.points.push_back({time_s, base::in_megabits_per_s(*query.uplink.estimate)});
    }
  }
  if (panel.series.empty() && !rate.points.empty()) {
    panel.series.push_back(std::move(rate));
  }
  if (looks && !estimate.points.empty()) {
    panel.series.push_back(std::move(estimate));
  }
}

// A fixed choice does not look at its estimate.
bool looks_at_rate(const PolicyResult& result) {
  const std::uint32_t first = result.queries.front().cut;
  return std::any_of(result.queries.begin(), result.queries.end(),
                     [first](const sim::QueryRecord& query) { return query.cut != first; });
}

}  // namespace

results::Plot timeline_plot(const Scenario& scenario, const std::vector<PolicyResult>& results,
                            std::uint32_t node) {
  const sim::RunModel& model = scenario.model;
  PlotPanel uplink{"Uplink of node " + std::to_string(node), {"time [s]"}, {"Mbit/s"}, {}};
  PlotPanel latency{"Latency", {"time [s]"}, {"s"}, {}};
  PlotPanel cut{"Cut", {"time [s]"}, {"last layer on the device"}, {}};
  uplink.y.min = 0;
  latency.y.logarithmic = true;
  std::vector<sim::QueryLog> logs;
  std::map<CutKey, double> places;
  for (const PolicyResult& result : results) {
    logs.push_back(queries_of(result, node));
    for (const sim::QueryRecord& query : logs.back()) {
      places[key_of(model, query)] = 0;
    }
  }
  double place = 0;
  for (auto& [key, at] : places) {
    at = place++;
    cut.y.names.emplace_back(at, key.second);
  }
  cut.y.min = -0.5;
  cut.y.max = place - 0.5;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (logs[i].empty()) {
      continue;
    }
    PlotSeries latencies{results[i].label, {}, PlotStyle::kLine};
    PlotSeries cuts{results[i].label, {}, PlotStyle::kSteps};
    for (const sim::QueryRecord& query : logs[i]) {
      const double time_s = in_seconds(query.issued_at);
      latencies.points.push_back({time_s, in_seconds(query.completed_at - query.issued_at)});
      cuts.points.push_back({time_s, places[key_of(model, query)]});
    }
    add_uplink(logs[i], results[i].label, looks_at_rate(results[i]), uplink);
    latency.series.push_back(std::move(latencies));
    cut.series.push_back(std::move(cuts));
  }
  if (latency.series.empty()) {
    throw base::ConfigError("--plot", "node " + std::to_string(node) +
                                          " has no completed query; nodes count from 0 to " +
                                          std::to_string(model.nodes() - 1));
  }
  results::Plot plot;
  plot.width_px = 1100;
  plot.panel_height_px = 280;
  if (!uplink.series.empty()) {
    plot.panels.push_back(std::move(uplink));
  }
  plot.panels.push_back(std::move(latency));
  plot.panels.push_back(std::move(cut));
  return plot;
}

}  // namespace edgecut::scenarios
