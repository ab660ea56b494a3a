#include "scenarios/cut_rows.hpp"

#include <algorithm>
#include <utility>

#include "results/csv.hpp"
#include "scenarios/class_estimates.hpp"
#include "scenarios/report.hpp"

namespace edgecut::scenarios {
namespace {

using results::CsvCell;
using results::CsvColumn;

// The columns that say which queries a row is about; `Row` converts to a ClassRow by `all_of`.
template <class Row>
std::vector<CsvColumn<Row>> key_columns(const ClassRow& (*all_of)(const Row&)) {
  return {{"policy", [=](const Row& row) { return CsvCell(all_of(row).policy); }},
          {"group", [=](const Row& row) { return CsvCell(all_of(row).group->name); }},
          {"device", [=](const Row& row) { return CsvCell(all_of(row).group->device); }},
          {"network", [=](const Row& row) { return CsvCell(all_of(row).group->network->name); }},
          {"query", [=](const Row& row) { return CsvCell(all_of(row).query_class->name); }}};
}

// A row of stages.csv: the queries, and their totals batch by batch.
struct StageRow {
  ClassRow all;
  std::vector<StretchTotals> batches;
};

// A mean a query with its half-width: of a sum, over a count.
void add_mean(std::vector<CsvColumn<StageRow>>& columns, const std::string& name,
              results::ExactSum sim::ClassTotals::*sum, std::uint64_t sim::ClassTotals::*count) {
  const auto find = [sum, count](const StageRow& row) -> std::optional<results::Estimate> {
    // Means of an overloaded run grow with its length and mean nothing: left empty.
    if (row.all.outcome->verdict == sim::Verdict::kOverloaded) {
      return std::nullopt;
    }
    return estimate_ratio(
        row.batches, row.all.confidence,
        [&](const sim::ClassTotals& totals, base::Duration /*length*/) {
          return results::RatioTerm{(totals.*sum).value(), static_cast<double>(totals.*count)};
        });
  };
  columns.push_back({name, [find](const StageRow& row) {
                       const auto estimate = find(row);
                       return estimate ? CsvCell(estimate->value) : CsvCell();
                     }});
  columns.push_back({name + "_half_width", [find](const StageRow& row) {
                       const auto estimate = find(row);
                       return estimate ? CsvCell(estimate->half_width) : CsvCell();
                     }});
}

std::string cut_text(const sim::QueryClass& query_class, const predictors::CutTable& table,
                     std::size_t cut) {
  return query_class.dnn ? predictors::cut_name(*query_class.dnn, table, cut) : "input";
}

const ClassRow& all_of_stage(const StageRow& row) { return row.all; }
const ClassRow& all_of_cut(const CutRow& row) { return row.all; }
const predictors::CutCost& cost_of(const CutRow& row) { return row.all.truth->cuts[row.cut]; }

}  // namespace

std::vector<ClassRow> class_rows(const Scenario& scenario,
                                 const std::vector<PolicyResult>& results) {
  const sim::RunModel& model = scenario.model;
  std::vector<ClassRow> rows;
  for (const PolicyResult& result : results) {
    for (std::size_t index = 0; index < model.costs.size(); ++index) {
      ClassRow row;
      row.policy = result.label;
      row.group = &model.groups[index / model.classes.size()];
      row.query_class = &model.classes[index % model.classes.size()];
      row.truth = &model.costs[index].truth;
      row.outcome = &result.outcome;
      row.class_index = index;
      row.confidence = model.stop.confidence;
      const auto& offsets = result.outcome.cut_offsets;
      for (std::size_t slot = offsets[index]; slot < offsets[index + 1]; ++slot) {
        row.issued += result.outcome.cut_counts[slot];
      }
      if (row.issued > 0) {
        rows.push_back(row);
      }
    }
  }
  return rows;
}

std::vector<CutRow> cut_rows(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  std::vector<CutRow> rows;
  for (const ClassRow& all : class_rows(scenario, results)) {
    for (std::size_t cut = 0; cut < all.truth->cuts.size(); ++cut) {
      const std::uint64_t issued =
          all.outcome->cut_counts[all.outcome->cut_offsets[all.class_index] + cut];
      if (issued > 0) {
        rows.push_back({all, cut, cut_text(*all.query_class, *all.truth, cut), issued});
      }
    }
  }
  return rows;
}

std::string cuts_csv(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  std::vector<CsvColumn<CutRow>> columns = key_columns<CutRow>(all_of_cut);
  const std::vector<CsvColumn<CutRow>> rest = {
      {"device_layers", [](const CutRow& row) { return CsvCell(cost_of(row).device_layers); }},
      {"after_layer", [](const CutRow& row) { return CsvCell(row.after_layer); }},
      {"queries", [](const CutRow& row) { return CsvCell(row.issued); }},
      {"share",
       [](const CutRow& row) {
         return CsvCell(static_cast<double>(row.issued) / static_cast<double>(row.all.issued));
       }},
      {"device_s",
       [](const CutRow& row) { return CsvCell(base::in_seconds(cost_of(row).device_time)); }},
      {"device_energy_j",
       [](const CutRow& row) { return CsvCell(base::in_joules(cost_of(row).device_energy)); }},
      {"upload_bytes",
       [](const CutRow& row) { return CsvCell(base::in_bytes(cost_of(row).upload)); }},
      {"server_s",
       [](const CutRow& row) { return CsvCell(base::in_seconds(cost_of(row).server_time)); }}};
  columns.insert(columns.end(), rest.begin(), rest.end());
  return results::csv_table(columns, cut_rows(scenario, results));
}

std::string stages_csv(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  using sim::ClassTotals;
  std::vector<CsvColumn<StageRow>> columns = key_columns<StageRow>(all_of_stage);
  columns.push_back({"queries", [](const StageRow& row) { return CsvCell(row.all.issued); }});
  add_mean(columns, "latency_mean_s", &ClassTotals::latency_s, &ClassTotals::completed);
  add_mean(columns, "energy_mean_j", &ClassTotals::energy_j, &ClassTotals::completed);
  add_mean(columns, "device_wait_mean_s", &ClassTotals::device_wait_s, &ClassTotals::issued);
  add_mean(columns, "device_mean_s", &ClassTotals::device_s, &ClassTotals::issued);
  add_mean(columns, "radio_wait_mean_s", &ClassTotals::radio_wait_s, &ClassTotals::issued);
  add_mean(columns, "upload_mean_s", &ClassTotals::upload_s, &ClassTotals::issued);
  add_mean(columns, "server_wait_mean_s", &ClassTotals::server_wait_s, &ClassTotals::issued);
  add_mean(columns, "server_mean_s", &ClassTotals::server_s, &ClassTotals::issued);
  add_mean(columns, "download_wait_mean_s", &ClassTotals::download_wait_s, &ClassTotals::issued);
  add_mean(columns, "download_mean_s", &ClassTotals::download_s, &ClassTotals::issued);
  std::vector<StageRow> rows;
  for (const ClassRow& row : class_rows(scenario, results)) {
    rows.push_back({row, batch_totals(*row.outcome, row.class_index)});
  }
  return results::csv_table(columns, rows);
}

namespace {

/// A completed query with what names it.
struct QueryRow {
  const std::string* policy;
  const sim::RunModel* model;
  const sim::QueryRecord* record;
};

const predictors::CutTable& cuts_of(const QueryRow& row) {
  return row.model->costs_of(row.record->group, row.record->query_class).truth;
}

CsvColumn<QueryRow> instant(const std::string& name, base::Duration sim::QueryRecord::*member) {
  return {name,
          [member](const QueryRow& row) { return CsvCell(base::in_seconds(row.record->*member)); }};
}

CsvColumn<QueryRow> rate(const std::string& name,
                         std::optional<base::DataRate> sim::SeenUplink::*member) {
  return {name, [member](const QueryRow& row) {
            const auto& rate = row.record->uplink.*member;
            return rate ? CsvCell(base::in_megabits_per_s(*rate)) : CsvCell();
          }};
}

CsvColumn<QueryRow> spent(const std::string& name, base::Energy results::EnergySplit::*member) {
  return {name, [member](const QueryRow& row) {
            return CsvCell(base::in_joules(row.record->energy.*member));
          }};
}

}  // namespace

std::string queries_csv(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  using sim::QueryRecord;
  const std::vector<CsvColumn<QueryRow>> columns = {
      {"policy", [](const QueryRow& row) { return CsvCell(*row.policy); }},
      {"node", [](const QueryRow& row) { return CsvCell(row.record->node); }},
      {"number", [](const QueryRow& row) { return CsvCell(row.record->number); }},
      {"group",
       [](const QueryRow& row) { return CsvCell(row.model->groups[row.record->group].name); }},
      {"query",
       [](const QueryRow& row) {
         return CsvCell(row.model->classes[row.record->query_class].name);
       }},
      {"device_layers",
       [](const QueryRow& row) {
         return CsvCell(cuts_of(row).cuts[row.record->cut].device_layers);
       }},
      {"after_layer",
       [](const QueryRow& row) {
         return CsvCell(
             cut_text(row.model->classes[row.record->query_class], cuts_of(row), row.record->cut));
       }},
      rate("uplink_mbps", &sim::SeenUplink::rate),
      rate("estimate_mbps", &sim::SeenUplink::estimate),
      instant("issued_at_s", &QueryRecord::issued_at),
      instant("device_start_s", &QueryRecord::device_start),
      instant("device_end_s", &QueryRecord::device_end),
      instant("upload_start_s", &QueryRecord::upload_start),
      instant("upload_end_s", &QueryRecord::upload_end),
      instant("server_arrival_s", &QueryRecord::server_arrival),
      instant("server_start_s", &QueryRecord::server_start),
      instant("server_end_s", &QueryRecord::server_end),
      instant("answered_at_s", &QueryRecord::answered_at),
      instant("download_start_s", &QueryRecord::download_start),
      instant("completed_at_s", &QueryRecord::completed_at),
      spent("energy_compute_j", &results::EnergySplit::compute),
      spent("energy_transmit_j", &results::EnergySplit::transmit),
      spent("energy_receive_j", &results::EnergySplit::receive),
      spent("energy_promotion_j", &results::EnergySplit::promotion),
      spent("energy_tail_j", &results::EnergySplit::tail)};
  std::string text = results::csv_header(columns);
  for (const PolicyResult& result : results) {
    sim::QueryLog log = result.queries;
    std::sort(log.begin(), log.end(), [](const QueryRecord& a, const QueryRecord& b) {
      return std::pair(a.node, a.number) < std::pair(b.node, b.number);
    });
    for (const QueryRecord& record : log) {
      text += results::csv_row(columns, QueryRow{&result.label, &scenario.model, &record});
    }
  }
  return text;
}

}  // namespace edgecut::scenarios
