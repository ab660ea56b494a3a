#include "scenarios/cut_rows.hpp"

#include <algorithm>
#include <utility>

#include "results/csv.hpp"
#include "scenarios/report.hpp"

namespace edgecut::scenarios {
namespace {

using results::CsvCell;
using results::CsvColumn;

std::string layer_name(const sim::QueryClass& query_class, std::size_t device_layers) {
  if (!query_class.dnn || device_layers == 0) {
    return "input";
  }
  return query_class.dnn->layers()[device_layers - 1].name;
}

// Calls `visit(row of all cuts, totals of each cut)` for every policy, group and class.
template <class Visit>
void for_each_class(const Scenario& scenario, const std::vector<PolicyResult>& results,
                    Visit visit) {
  const sim::RunModel& model = scenario.model;
  for (const PolicyResult& result : results) {
    const sim::CutTotalsTable& table = result.outcome.cuts;
    for (std::size_t g = 0; g < model.groups.size(); ++g) {
      for (std::size_t q = 0; q < model.classes.size(); ++q) {
        const std::size_t index = g * model.classes.size() + q;
        CutRow row;
        row.policy = result.label;
        row.group = &model.groups[g];
        row.query_class = &model.classes[q];
        row.share = 1;
        row.overloaded = result.outcome.verdict == sim::Verdict::kOverloaded;
        const std::vector<sim::CutTotals> cuts(
            table.totals.begin() + static_cast<std::ptrdiff_t>(table.offsets[index]),
            table.totals.begin() + static_cast<std::ptrdiff_t>(table.offsets[index + 1]));
        for (const sim::CutTotals& totals : cuts) {
          row.totals.merge(totals);
        }
        visit(row, cuts);
      }
    }
  }
}

// A mean over `count` queries; absent when there are none.
CsvCell mean(const results::ExactSum& sum, std::uint64_t count) {
  return count == 0 ? CsvCell() : CsvCell(sum.value() / static_cast<double>(count));
}

std::vector<CsvColumn<CutRow>> key_columns() {
  return {{"policy", [](const CutRow& row) { return CsvCell(row.policy); }},
          {"group", [](const CutRow& row) { return CsvCell(row.group->name); }},
          {"device", [](const CutRow& row) { return CsvCell(row.group->device); }},
          {"network", [](const CutRow& row) { return CsvCell(row.group->network->name); }},
          {"query", [](const CutRow& row) { return CsvCell(row.query_class->name); }}};
}

void add_means(std::vector<CsvColumn<CutRow>>& columns) {
  // Means of an overloaded run grow with its length and mean nothing: left empty.
  columns.push_back({"latency_mean_s", [](const CutRow& row) {
                       return row.overloaded ? CsvCell()
                                             : mean(row.totals.latency_s, row.totals.completed);
                     }});
  columns.push_back({"energy_mean_j", [](const CutRow& row) {
                       return row.overloaded ? CsvCell()
                                             : mean(row.totals.energy_j, row.totals.completed);
                     }});
}

void add_stage(std::vector<CsvColumn<CutRow>>& columns, const std::string& name,
               results::ExactSum sim::CutTotals::*sum) {
  columns.push_back({name, [sum](const CutRow& row) {
                       return row.overloaded ? CsvCell() : mean(row.totals.*sum, row.totals.issued);
                     }});
}

}  // namespace

std::vector<CutRow> cut_rows(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  std::vector<CutRow> rows;
  for_each_class(
      scenario, results, [&](const CutRow& all, const std::vector<sim::CutTotals>& cuts) {
        for (std::size_t cut = 0; cut < cuts.size(); ++cut) {
          if (cuts[cut].issued == 0) {
            continue;
          }
          CutRow row = all;
          row.device_layers = static_cast<std::uint32_t>(cut);
          row.after_layer = layer_name(*all.query_class, cut);
          row.share =
              static_cast<double>(cuts[cut].issued) / static_cast<double>(all.totals.issued);
          row.totals = cuts[cut];
          rows.push_back(row);
        }
      });
  return rows;
}

std::vector<CutRow> class_rows(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  std::vector<CutRow> rows;
  for_each_class(scenario, results,
                 [&](const CutRow& all, const std::vector<sim::CutTotals>& /*cuts*/) {
                   if (all.totals.issued > 0) {
                     rows.push_back(all);
                   }
                 });
  return rows;
}

std::string cuts_csv(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  std::vector<CsvColumn<CutRow>> columns = key_columns();
  columns.push_back(
      {"device_layers", [](const CutRow& row) { return CsvCell(row.device_layers); }});
  columns.push_back({"after_layer", [](const CutRow& row) { return CsvCell(row.after_layer); }});
  columns.push_back({"queries", [](const CutRow& row) { return CsvCell(row.totals.issued); }});
  columns.push_back({"share", [](const CutRow& row) { return CsvCell(row.share); }});
  add_means(columns);
  return results::csv_table(columns, cut_rows(scenario, results));
}

std::string stages_csv(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  std::vector<CsvColumn<CutRow>> columns = key_columns();
  columns.push_back({"queries", [](const CutRow& row) { return CsvCell(row.totals.issued); }});
  add_means(columns);
  add_stage(columns, "device_wait_mean_s", &sim::CutTotals::device_wait_s);
  add_stage(columns, "device_mean_s", &sim::CutTotals::device_s);
  add_stage(columns, "radio_wait_mean_s", &sim::CutTotals::radio_wait_s);
  add_stage(columns, "upload_mean_s", &sim::CutTotals::upload_s);
  add_stage(columns, "server_wait_mean_s", &sim::CutTotals::server_wait_s);
  add_stage(columns, "server_mean_s", &sim::CutTotals::server_s);
  return results::csv_table(columns, class_rows(scenario, results));
}

namespace {

/// A completed query with what names it.
struct QueryRow {
  const std::string* policy;
  const sim::RunModel* model;
  const sim::QueryRecord* record;
};

CsvColumn<QueryRow> instant(const std::string& name, base::Duration sim::QueryRecord::*member) {
  return {name,
          [member](const QueryRow& row) { return CsvCell(base::in_seconds(row.record->*member)); }};
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
      {"device_layers", [](const QueryRow& row) { return CsvCell(row.record->cut); }},
      instant("issued_at_s", &QueryRecord::issued_at),
      instant("device_start_s", &QueryRecord::device_start),
      instant("device_end_s", &QueryRecord::device_end),
      instant("upload_start_s", &QueryRecord::upload_start),
      instant("upload_end_s", &QueryRecord::upload_end),
      instant("server_arrival_s", &QueryRecord::server_arrival),
      instant("server_start_s", &QueryRecord::server_start),
      instant("server_end_s", &QueryRecord::server_end),
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
