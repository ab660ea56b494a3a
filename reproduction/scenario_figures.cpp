// The figures that are runs of a shipped scenario: LTE that varies, a server under load.
#include <algorithm>
#include <map>

#include "predictors/cut_table.hpp"
#include "reproduction/figures.hpp"
#include "results/csv.hpp"
#include "scenarios/runner.hpp"

namespace edgecut::reproduction {
namespace {

using base::in_seconds;
using scenarios::PolicyResult;

struct LoggedRun {
  scenarios::Scenario scenario;
  std::vector<PolicyResult> results;  // queries by number; one node

  [[nodiscard]] const std::vector<sim::QueryRecord>& queries(std::size_t policy) const {
    return results[policy].queries;
  }
};

LoggedRun run_logged(const std::filesystem::path& file, const FigureOptions& options) {
  LoggedRun run{scenarios::load_scenario(file), {}};
  scenarios::RunnerOptions how;
  how.threads = options.threads;
  how.log_queries = true;
  how.cancelled = options.cancelled;
  run.results = scenarios::run_policies(run.scenario, how);
  for (PolicyResult& result : run.results) {
    std::sort(result.queries.begin(), result.queries.end(),
              [](const auto& a, const auto& b) { return a.number < b.number; });
  }
  return run;
}

double latency_s(const sim::QueryRecord& query) {
  return in_seconds(query.completed_at - query.issued_at);
}

std::string cut_of(const LoggedRun& run, const sim::QueryRecord& query) {
  const sim::RunModel& model = run.scenario.model;
  return predictors::cut_name(*model.classes[query.query_class].dnn,
                              model.costs_of(query.group, query.query_class).truth, query.cut);
}

std::uint32_t layers_of(const LoggedRun& run, const sim::QueryRecord& query) {
  return run.scenario.model.costs_of(query.group, query.query_class)
      .truth.cuts[query.cut]
      .device_layers;
}

// The mean latency of each policy while so many processes ran on the server.
struct Load {
  std::uint32_t processes = 0;
  double from_s = 0;
  double until_s = 0;
  std::vector<double> mean_s;  // by policy
  double longest_s = 0;        // of the last policy
  std::string cuts;            // of the last policy
};

// Queries that were decided before devices could know of a step are left out.
std::vector<Load> loads_of(const LoggedRun& run) {
  const sim::Cluster& cluster = run.scenario.model.cluster;
  const auto& steps = cluster.kinds.front().background.steps;
  const double late_s = in_seconds(*cluster.load_poll_interval + cluster.load_delay);
  std::vector<Load> loads;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Load load;
    load.processes = steps[i].processes;
    load.from_s = in_seconds(steps[i].from) + late_s;
    load.until_s = in_seconds(i + 1 < steps.size() ? steps[i + 1].from : base::kForever);
    for (std::size_t p = 0; p < run.results.size(); ++p) {
      double sum_s = 0;
      double count = 0;
      load.longest_s = 0;
      for (const sim::QueryRecord& query : run.queries(p)) {
        if (in_seconds(query.issued_at) < load.from_s ||
            in_seconds(query.completed_at) >= load.until_s) {
          continue;
        }
        sum_s += latency_s(query);
        count += 1;
        load.longest_s = std::max(load.longest_s, latency_s(query));
        load.cuts = cut_of(run, query);
      }
      load.mean_s.push_back(sum_s / count);
    }
    loads.push_back(std::move(load));
  }
  return loads;
}

results::PlotSeries series(const std::string& title, results::PlotStyle style) {
  return {title, {}, style};
}

}  // namespace

Figure lte_variation(const Study& study, const FigureOptions& options) {
  const LoggedRun run = run_logged(study.lte_scenario, options);
  const auto& all_up = run.queries(0);
  const auto& split = run.queries(1);
  const std::size_t count = std::min(all_up.size(), split.size());
  std::string text = results::csv_line(
      {"issued_at_s", "uplink_mbps", "cloud_only_latency_s", "latency_s", "device_layers", "cut"});
  auto bandwidth = series("uplink", results::PlotStyle::kSteps);
  auto cloud_only = series(run.results[0].label, results::PlotStyle::kLine);
  auto chosen = series(run.results[1].label, results::PlotStyle::kLine);
  auto layers = series("layers on the device", results::PlotStyle::kSteps);
  double slower = 0;
  double saved_s = 0;
  double spent_s = 0;
  double changes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double time_s = in_seconds(split[i].issued_at);
    const double mbps = base::in_megabits_per_s(*split[i].uplink.estimate);
    const double before_s = latency_s(all_up[i]);
    const double after_s = latency_s(split[i]);
    const std::uint32_t on_device = layers_of(run, split[i]);
    text += results::csv_line({time_s, mbps, before_s, after_s, on_device, cut_of(run, split[i])});
    bandwidth.points.push_back({time_s, mbps});
    cloud_only.points.push_back({time_s, before_s});
    chosen.points.push_back({time_s, after_s});
    layers.points.push_back({time_s, static_cast<double>(on_device)});
    slower += after_s > before_s * (1 + 1e-9) ? 1 : 0;
    changes += i > 0 && split[i].cut != split[i - 1].cut ? 1 : 0;
    saved_s += before_s;
    spent_s += after_s;
  }
  Figure figure;
  const auto queries = static_cast<double>(count);
  figure.comparisons.push_back({"cloud-only: mean latency", "s", saved_s / queries, {}, {}});
  figure.comparisons.push_back({"Neurosurgeon: mean latency", "s", spent_s / queries, {}, {}});
  figure.comparisons.push_back(
      {"queries slower than with cloud-only", "%", slower / queries, {}, {}});
  figure.comparisons.push_back({"changes of the cut in the run", "", changes, {}, {}});
  figure.remarks.push_back(
      "The study publishes a picture, no numbers. A query is slower than with cloud-only where the "
      "bandwidth rises within the second after it was measured.");
  figure.tables.emplace_back("fig14.csv", text);
  const results::PlotAxis time{.label = "time [s]"};
  figure.plots.emplace_back(
      "fig14",
      results::Plot{{{"LTE uplink", time, {.label = "Mbit/s", .min = 0}, {bandwidth}},
                     {"Latency", time, {.label = "s", .logarithmic = true}, {cloud_only, chosen}},
                     {"Cut", time, {.label = "layers on the device", .min = 0}, {layers}}},
                    1000,
                    260});
  return figure;
}

Figure server_load(const Study& study, const FigureOptions& options) {
  const LoggedRun run = run_logged(study.load_scenario, options);
  const std::vector<Load> loads = loads_of(run);
  std::vector<results::CsvCell> header = {"processes"};
  results::PlotPanel panel{"Mean latency while processes share the GPU",
                           {.label = "background processes"},
                           {.label = "s", .min = 0},
                           {}};
  for (const PolicyResult& result : run.results) {
    header.emplace_back(result.label + "_s");
    panel.series.push_back(series(result.label, results::PlotStyle::kLinePoints));
  }
  header.emplace_back("load_aware_longest_s");
  header.emplace_back("load_aware_cut");
  std::string text = results::csv_line(header);
  double longest_s = 0;
  for (const Load& load : loads) {
    std::vector<results::CsvCell> cells = {load.processes};
    for (std::size_t p = 0; p < load.mean_s.size(); ++p) {
      cells.emplace_back(load.mean_s[p]);
      panel.series[p].points.push_back({static_cast<double>(load.processes), load.mean_s[p]});
    }
    cells.emplace_back(load.longest_s);
    cells.emplace_back(load.cuts);
    text += results::csv_line(cells);
    longest_s = std::max(longest_s, load.longest_s);
  }
  Figure figure;
  figure.comparisons.push_back(compare_with(study, "unloaded_cloud_only_s",
                                            "cloud-only on an idle server", "s",
                                            loads.front().mean_s.front()));
  figure.comparisons.push_back({"cloud-only under the heaviest load of the scenario",
                                "s",
                                loads.back().mean_s.front(),
                                {},
                                {}});
  figure.comparisons.push_back(compare_with(
      study, "loaded_neurosurgeon_s", "load-aware Neurosurgeon: longest latency", "s", longest_s));
  figure.remarks.push_back(
      "The study's heaviest load brought cloud-only to 753 ms; how many processes that were it "
      "does "
      "not say, so the scenario goes beyond it and no deviation is told.");
  figure.tables.emplace_back("fig15.csv", text);
  figure.plots.emplace_back("fig15", results::Plot{{panel}, 900, 420});
  return figure;
}

}  // namespace edgecut::reproduction
