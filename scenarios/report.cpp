#include "scenarios/report.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "results/csv.hpp"
#include "results/format.hpp"
#include "results/json_text.hpp"
#include "results/output_folder.hpp"
#include "results/text_table.hpp"
#include "scenarios/comparison.hpp"
#include "scenarios/cut_rows.hpp"
#include "scenarios/policy_row.hpp"
#include "scenarios/radio_rows.hpp"

namespace edgecut::scenarios {
namespace {

using nlohmann::ordered_json;
using results::CsvCell;
using results::CsvColumn;
using results::Metric;

std::vector<PolicyRow> make_rows(const Scenario& scenario,
                                 const std::vector<PolicyResult>& results) {
  std::vector<PolicyRow> rows;
  for (const PolicyResult& result : results) {
    rows.push_back(make_row(scenario, result));
  }
  return rows;
}

using Rows = std::vector<PolicyRow>;
using Columns = std::vector<CsvColumn<PolicyRow>>;
using Find = std::function<std::optional<results::Estimate>(const PolicyRow&)>;

// Value and half-width of one estimate.
void add_estimate(Columns& columns, const std::string& name, const Find& find) {
  columns.push_back({name, [find](const PolicyRow& row) {
                       const auto estimate = find(row);
                       return estimate ? CsvCell(estimate->value) : CsvCell();
                     }});
  columns.push_back({name + "_half_width", [find](const PolicyRow& row) {
                       const auto estimate = find(row);
                       return estimate ? CsvCell(estimate->half_width) : CsvCell();
                     }});
}

void add_metric(Columns& columns, Metric metric) {
  add_estimate(columns, std::string(results::traits(metric).column),
               [metric](const PolicyRow& row) { return row.summary[metric]; });
}

ordered_json summary_of(const PolicyRow& row) {
  ordered_json object;
  object["policy"] = row.label;
  object["verdict"] = row.verdict;
  if (row.offered_per_s) {
    object["offered_per_s"] = results::estimate_json(*row.offered_per_s);
  }
  for (std::size_t i = 0; i < results::kMetricCount; ++i) {
    const auto metric = static_cast<Metric>(i);
    if (const auto& estimate = row.summary[metric]) {
      object[std::string(results::traits(metric).column)] = results::estimate_json(*estimate);
    }
  }
  if (row.summary.latency_max) {
    object["latency_max_s"] = base::in_seconds(*row.summary.latency_max);
  }
  for (const auto& [name, find] : other_estimates()) {
    if (const auto estimate = find(row)) {
      object[name] = results::estimate_json(*estimate);
    }
  }
  const sim::Conservation& queries = row.outcome->queries;
  object["queries"] = {{"issued", queries.issued},
                       {"completed", queries.completed},
                       {"dropped", queries.dropped},
                       {"in_flight", queries.in_flight},
                       {"in_estimates", row.summary.queries}};
  object["batches"] = row.summary.batches;
  if (const auto& spaced = row.outcome->spaced) {
    results::put_if(object, "lag", spaced->lag());
    object["spaced_queries"] = spaced->samples();
  }
  object["unattributed_tail_j"] = base::in_joules(row.outcome->unattributed_tail);
  object["estimates_from_s"] = base::in_seconds(row.summary.from);
  object["estimates_until_s"] = base::in_seconds(row.summary.until);
  object["end_s"] = base::in_seconds(row.outcome->end);
  return object;
}

std::string estimate_cell(const PolicyRow& row, Metric metric, std::string_view unit) {
  const auto& estimate = row.summary[metric];
  return estimate ? results::format_scaled(*estimate, unit) : "-";
}

std::string percent_cell(const std::optional<results::Estimate>& share) {
  return share ? base::format_fixed(100 * share->value, 1) + " %" : "-";
}

}  // namespace

std::vector<CsvColumn<PolicyRow>> throughput_columns() {
  Columns columns = {{"policy", [](const PolicyRow& row) { return CsvCell(row.label); }},
                     {"verdict", [](const PolicyRow& row) { return CsvCell(row.verdict); }}};
  add_estimate(columns, "offered_per_s", [](const PolicyRow& row) { return row.offered_per_s; });
  add_metric(columns, Metric::kCompletedRate);
  for (std::size_t i = 0; i < results::kMetricCount; ++i) {
    const auto metric = static_cast<Metric>(i);
    if (metric != Metric::kCompletedRate) {
      add_metric(columns, metric);
    }
  }
  for (const auto& [name, find] : other_estimates()) {
    add_estimate(columns, name, find);
  }
  const Columns rest = {
      {"queries_issued", [](const PolicyRow& row) { return CsvCell(row.outcome->queries.issued); }},
      {"queries_completed",
       [](const PolicyRow& row) { return CsvCell(row.outcome->queries.completed); }},
      {"queries_dropped",
       [](const PolicyRow& row) { return CsvCell(row.outcome->queries.dropped); }},
      {"queries_in_flight",
       [](const PolicyRow& row) { return CsvCell(row.outcome->queries.in_flight); }},
      {"end_s", [](const PolicyRow& row) { return CsvCell(base::in_seconds(row.outcome->end)); }}};
  columns.insert(columns.end(), rest.begin(), rest.end());
  return columns;
}

std::string throughput_csv(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  return results::csv_table(throughput_columns(), make_rows(scenario, results));
}

std::string summary_json(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  ordered_json document;
  document["scenario"] = scenario.name;
  document["engine"] = engine_name(scenario);
  document["seed"] = scenario.model.seed;
  document["confidence"] = scenario.model.stop.confidence;
  document["method"] = interval_method(scenario);
  document["policies"] = ordered_json::array();
  for (const PolicyRow& row : make_rows(scenario, results)) {
    document["policies"].push_back(summary_of(row));
  }
  document["comparisons"] = comparisons_json(compare_policies(scenario, results));
  if (const auto regrets = estimate_regrets(scenario, results); !regrets.empty()) {
    document["estimate_regrets"] = regrets_json(scenario, regrets);
  }
  return results::json_text(document);
}

namespace {

ordered_json run_info_object(const RunInfo& info) {
  ordered_json document;
  document["program"] = "edgecut";
  document["version"] = info.version;
  document["commit"] = info.commit;
  document["wall_s"] = info.wall_s;
  document["peak_memory_mib"] = info.peak_memory_mib;
  document["threads"] = info.threads;
  return document;
}

}  // namespace

std::string run_info_json(const RunInfo& info) { return results::json_text(run_info_object(info)); }

std::string run_info_json(const Scenario& scenario, const RunInfo& info) {
  ordered_json document = run_info_object(info);
  document["scenario_file"] = scenario.path.string();
  document["scenario"] = scenario.resolved;
  return results::json_text(document);
}

std::string report_table(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  const std::vector<results::TextColumn> columns = {{"policy"},
                                                    {"verdict"},
                                                    {"completed/s", results::Align::kRight},
                                                    {"latency mean", results::Align::kRight},
                                                    {"p95", results::Align::kRight},
                                                    {"p99", results::Align::kRight},
                                                    {"device energy", results::Align::kRight},
                                                    {"on device", results::Align::kRight},
                                                    {"server", results::Align::kRight}};
  std::vector<std::vector<std::string>> cells;
  for (const PolicyRow& row : make_rows(scenario, results)) {
    const auto& completed = row.summary[Metric::kCompletedRate];
    cells.push_back(
        {row.label, row.verdict, completed ? base::format_significant(completed->value, 4) : "-",
         estimate_cell(row, Metric::kLatencyMean, "s"),
         estimate_cell(row, Metric::kLatencyP95, "s"), estimate_cell(row, Metric::kLatencyP99, "s"),
         estimate_cell(row, Metric::kEnergyMean, "J"), percent_cell(row.device_work_share),
         percent_cell(row.server_utilisation)});
  }
  const std::string battery = battery_table(scenario, results);
  return results::text_table(columns, cells) + comparison_tables(scenario, results) +
         (battery.empty() ? "" : "\n" + battery);
}

void write_outputs(const std::filesystem::path& folder, const Scenario& scenario,
                   const std::vector<PolicyResult>& results, const RunInfo& info) {
  results::OutputFolder output(folder);
  output.write("throughput.csv", throughput_csv(scenario, results));
  output.write("summary.json", summary_json(scenario, results));
  output.write("cuts.csv", cuts_csv(scenario, results));
  output.write("stages.csv", stages_csv(scenario, results));
  output.write("radio.csv", radio_csv(scenario, results));
  output.write("power.csv", power_csv(scenario, results));
  const bool has_queries = std::any_of(
      results.begin(), results.end(), [](const PolicyResult& one) { return !one.queries.empty(); });
  if (has_queries) {
    output.write("queries.csv", queries_csv(scenario, results));
  }
  output.write(std::string(results::OutputFolder::kRunInfo), run_info_json(scenario, info));
  output.commit();
}

}  // namespace edgecut::scenarios
