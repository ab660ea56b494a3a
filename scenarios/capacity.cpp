#include "scenarios/capacity.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "base/text.hpp"
#include "results/format.hpp"
#include "results/text_table.hpp"
#include "scenarios/parallel.hpp"

namespace edgecut::scenarios {
namespace {

using results::Align;
using results::CsvCell;
using results::CsvColumn;

std::string_view unit_of(LoadAxis axis) {
  return axis == LoadAxis::kArrivals ? "queries/s" : "nodes";
}

std::string load_column(LoadAxis axis) {
  return axis == LoadAxis::kArrivals ? "arrivals_per_s" : "nodes";
}

// Group sizes times a factor, each at least one node, rounded so that the total is near.
void scale_nodes(sim::RunModel& model, double factor) {
  for (sim::NodeGroup& group : model.groups) {
    group.count = static_cast<std::uint32_t>(std::max(1.0, std::round(group.count * factor)));
  }
}

LoadPoint point_of(const Scenario& scenario, const PolicyResult& result, double load,
                   const std::string& metric) {
  const PolicyRow row = make_row(scenario, result);
  return {load, row.overloaded(), estimate_named(row, metric)};
}

// One policy's search and the runs that it made.
class PolicySearch {
 public:
  PolicySearch(const Scenario& scenario, const PolicyChoice& policy, const CapacityRequest& request,
               std::mutex& mutex)
      : scenario_(scenario), policy_(policy), request_(request), mutex_(mutex) {}

  PolicyCapacity run() {
    CapacityOptions options;
    options.limit = request_.at_most;
    options.start = load_of(scenario_, request_.axis);
    options.relative_width = request_.relative_width;
    options.whole_loads = request_.axis == LoadAxis::kNodes;
    PolicyCapacity found;
    found.label = policy_.label;
    found.capacity = find_capacity([this](double load) { return measure(load); }, options);
    if (found.capacity.verdict == CapacityVerdict::kFound) {
      for (const double share : request_.curve_shares) {
        const double load = share * found.capacity.load;
        measure(options.whole_loads ? std::max(1.0, std::round(load)) : load);
      }
    }
    std::stable_sort(runs_.begin(), runs_.end(),
                     [](const CapacityRun& a, const CapacityRun& b) { return a.load < b.load; });
    found.runs = std::move(runs_);
    return found;
  }

 private:
  LoadPoint measure(double load) {
    Scenario changed = at_load(scenario_, policy_, request_.axis, load);
    if (results::metric_named(request_.metric)) {
      changed.model.stop.metrics = {request_.metric};
    }
    RunnerOptions options;
    options.cancelled = request_.cancelled;
    PolicyResult result = std::move(run_policies(changed, options).front());
    const LoadPoint point = point_of(changed, result, load, request_.metric);
    runs_.push_back({load, std::move(changed), std::move(result)});
    if (request_.on_point) {
      const std::lock_guard lock(mutex_);
      request_.on_point(policy_.label, point);
    }
    return point;
  }

  const Scenario& scenario_;
  const PolicyChoice& policy_;
  const CapacityRequest& request_;
  std::mutex& mutex_;
  std::vector<CapacityRun> runs_;
};

// A run that ended at the budget of queries before it was as precise as the scenario asks.
bool is_cut_off(const CapacityRun& run) { return run.result.outcome.converged == false; }

std::size_t count_cut_off(const PolicyCapacity& found) {
  return static_cast<std::size_t>(std::count_if(found.runs.begin(), found.runs.end(), is_cut_off));
}

// The loads measured nearest to the capacity's interval from outside, or on its ends, and between.
std::vector<const CapacityRun*> runs_at_interval(const PolicyCapacity& found) {
  std::vector<const CapacityRun*> runs;
  for (std::size_t i = 0; i < found.runs.size(); ++i) {
    const bool is_below = i + 1 < found.runs.size() && found.runs[i + 1].load <= found.capacity.low;
    const bool is_above = i > 0 && found.runs[i - 1].load >= found.capacity.high;
    if (!is_below && !is_above) {
      runs.push_back(&found.runs[i]);
    }
  }
  return runs;
}

// Each of the three crossings is known to a bracket's width, so an interval of three comes from the
// search alone.
bool is_wide(const Capacity& capacity, double relative_width) {
  return capacity.verdict == CapacityVerdict::kFound &&
         capacity.high - capacity.low > 3 * relative_width * capacity.load;
}

// A policy's capacity with the request that it answers, for the columns.
struct CapacityRow {
  const CapacityRequest* request;
  const PolicyCapacity* found;
};

std::string limit_text(const CapacityRequest& request) {
  return estimate_column(request.metric) + " at most " + base::format_number(request.at_most);
}

}  // namespace

double load_of(const Scenario& scenario, LoadAxis axis) {
  return axis == LoadAxis::kArrivals ? base::in_per_second(scenario.model.arrivals.rate)
                                     : scenario.model.nodes();
}

Scenario at_load(const Scenario& scenario, const PolicyChoice& policy, LoadAxis axis, double load) {
  Scenario changed = scenario;
  changed.policies = {policy};
  double factor = load / load_of(scenario, axis);
  if (axis == LoadAxis::kNodes) {
    scale_nodes(changed.model, factor);
    factor = static_cast<double>(changed.model.nodes()) / scenario.model.nodes();
  }
  changed.model.arrivals.rate = scenario.model.arrivals.rate * factor;
  changed.model.stop.duration = scenario.model.stop.duration / factor;
  return changed;
}

std::vector<PolicyCapacity> find_capacities(const Scenario& scenario,
                                            const CapacityRequest& request) {
  if (scenario.model.arrivals.replay) {
    throw base::ConfigError(scenario.path.string() + "#/workload/arrivals",
                            "recorded arrivals have the load that they have: a capacity needs a "
                            "process with \"rate_per_s\"");
  }
  std::vector<PolicyCapacity> found(scenario.policies.size());
  std::mutex mutex;
  for_each_index(found.size(), request.threads, [&](std::size_t index) {
    found[index] = PolicySearch(scenario, scenario.policies[index], request, mutex).run();
  });
  return found;
}

std::string capacity_table(const CapacityRequest& request,
                           const std::vector<PolicyCapacity>& capacities) {
  std::vector<std::vector<std::string>> cells;
  for (const PolicyCapacity& one : capacities) {
    const Capacity& capacity = one.capacity;
    const bool is_found = capacity.verdict == CapacityVerdict::kFound;
    const auto number = [](double value) { return base::format_significant(value, 4); };
    cells.push_back({one.label,
                     is_found ? number(capacity.load)
                     : capacity.verdict == CapacityVerdict::kEverywhere
                         ? "> " + number(capacity.load)
                         : "none",
                     is_found ? number(capacity.low) + " to " + number(capacity.high) : "-",
                     std::to_string(one.runs.size())});
  }
  return results::text_table({{"policy"},
                              {"capacity " + std::string(unit_of(request.axis)), Align::kRight},
                              {"interval", Align::kRight},
                              {"runs", Align::kRight}},
                             cells);
}

std::string capacity_notes(const CapacityRequest& request,
                           const std::vector<PolicyCapacity>& capacities) {
  std::string text;
  for (const PolicyCapacity& one : capacities) {
    if (!is_wide(one.capacity, request.relative_width)) {
      continue;
    }
    const std::vector<const CapacityRun*> runs = runs_at_interval(one);
    const auto note = [&](const auto& holds, const std::string& what) {
      const auto count = std::count_if(runs.begin(), runs.end(), holds);
      if (count > 0) {
        text += one.label + ": the interval is wide because " + std::to_string(count) + " of the " +
                std::to_string(runs.size()) + " runs at it " + what + '\n';
      }
      return count > 0;
    };
    const auto has_no_interval = [&](const CapacityRun* run) {
      const LoadPoint point = point_of(run->scenario, run->result, run->load, request.metric);
      return point.value && !point.value->half_width;
    };
    if (!note([](const CapacityRun* run) { return is_cut_off(*run); },
              "were cut off by stop.queries_max before they were precise")) {
      note(has_no_interval, "were too short for an interval of their own");
    }
  }
  return text;
}

std::string capacity_csv(const CapacityRequest& request,
                         const std::vector<PolicyCapacity>& capacities) {
  const auto bound = [](double Capacity::*member) {
    return [member](const CapacityRow& row) {
      return row.found->capacity.verdict == CapacityVerdict::kFound
                 ? CsvCell(row.found->capacity.*member)
                 : CsvCell();
    };
  };
  const std::vector<CsvColumn<CapacityRow>> columns = {
      {"policy", [](const CapacityRow& row) { return CsvCell(row.found->label); }},
      {"metric",
       [](const CapacityRow& row) { return CsvCell(estimate_column(row.request->metric)); }},
      {"at_most", [](const CapacityRow& row) { return CsvCell(row.request->at_most); }},
      {"axis", [](const CapacityRow& row) { return CsvCell(load_column(row.request->axis)); }},
      {"verdict",
       [](const CapacityRow& row) { return CsvCell(verdict_name(row.found->capacity.verdict)); }},
      {"capacity", bound(&Capacity::load)},
      {"capacity_low", bound(&Capacity::low)},
      {"capacity_high", bound(&Capacity::high)},
      {"runs", [](const CapacityRow& row) { return CsvCell(row.found->runs.size()); }},
      {"runs_cut_off", [](const CapacityRow& row) { return CsvCell(count_cut_off(*row.found)); }}};
  std::vector<CapacityRow> rows;
  for (const PolicyCapacity& one : capacities) {
    rows.push_back({&request, &one});
  }
  return results::csv_table(columns, rows);
}

std::string curve_csv(const CapacityRequest& request,
                      const std::vector<PolicyCapacity>& capacities) {
  const auto rest = throughput_columns();
  std::vector<CsvCell> header = {load_column(request.axis)};
  for (const auto& column : rest) {
    header.emplace_back(column.name);
  }
  std::string text = results::csv_line(header);
  for (const PolicyCapacity& one : capacities) {
    for (const CapacityRun& run : one.runs) {
      const PolicyRow row = make_row(run.scenario, run.result);
      std::vector<CsvCell> cells = {run.load};
      for (const auto& column : rest) {
        cells.push_back(column.cell(row));
      }
      text += results::csv_line(cells);
    }
  }
  return text;
}

results::Plot capacity_plot(const CapacityRequest& request,
                            const std::vector<PolicyCapacity>& capacities) {
  results::PlotPanel panel;
  panel.title = limit_text(request);
  panel.x.label = std::string("load [") + std::string(unit_of(request.axis)) + "]";
  panel.y.label = estimate_column(request.metric);
  panel.y.min = 0;
  panel.y.max = 2 * request.at_most;
  double load_max = 0;
  for (const PolicyCapacity& one : capacities) {
    results::PlotSeries series{one.label, {}, results::PlotStyle::kLinePoints};
    for (const CapacityRun& run : one.runs) {
      const LoadPoint point = point_of(run.scenario, run.result, run.load, request.metric);
      if (point.value && point.value->value <= 2 * request.at_most) {
        const double spread = point.value->half_width.value_or(0);
        series.points.push_back(
            {run.load, point.value->value,
             std::pair{point.value->value - spread, point.value->value + spread}});
        load_max = std::max(load_max, run.load);
      }
    }
    panel.series.push_back(std::move(series));
  }
  panel.x.min = 0;
  panel.series.push_back({"limit", {{0, request.at_most}, {load_max, request.at_most}}});
  return {{std::move(panel)}, 900, 540};
}

}  // namespace edgecut::scenarios
