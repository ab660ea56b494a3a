#include "scenarios/radio_rows.hpp"

#include <functional>

#include "results/csv.hpp"
#include "results/format.hpp"
#include "results/text_table.hpp"
#include "scenarios/radio_use.hpp"

namespace edgecut::scenarios {
namespace {

using results::CsvCell;
using results::CsvColumn;
using results::Estimate;

// A policy's node group.
struct GroupRow {
  const PolicyResult* result;
  const sim::NodeGroup* group;
  GroupRadio radio;
  double confidence;

  // Means of an overloaded run grow with its length and mean nothing: left empty.
  [[nodiscard]] bool has_means() const {
    return result->outcome.verdict != sim::Verdict::kOverloaded;
  }
};

std::vector<GroupRow> group_rows(const Scenario& scenario,
                                 const std::vector<PolicyResult>& results) {
  std::vector<GroupRow> rows;
  for (const PolicyResult& result : results) {
    for (std::size_t g = 0; g < scenario.model.groups.size(); ++g) {
      rows.push_back({&result, &scenario.model.groups[g],
                      group_radio(scenario.model, result.outcome, g),
                      scenario.model.stop.confidence});
    }
  }
  return rows;
}

template <class Row>
void add_estimate(std::vector<CsvColumn<Row>>& columns, const std::string& name,
                  const std::function<std::optional<Estimate>(const Row&)>& find) {
  columns.push_back({name, [find](const Row& row) {
                       const auto estimate = find(row);
                       return estimate ? CsvCell(estimate->value) : CsvCell();
                     }});
  columns.push_back({name + "_half_width", [find](const Row& row) {
                       const auto estimate = find(row);
                       return estimate ? CsvCell(estimate->half_width) : CsvCell();
                     }});
}

// One state of a group's radios.
struct StateRow {
  const GroupRow* all;
  std::size_t state;

  [[nodiscard]] const StateUse& whole_run() const { return all->radio.whole_run[state]; }
};

using Part = double (*)(const GroupRadio::Batch&, const StateUse&);

std::optional<Estimate> ratio(const StateRow& row, Part sum, Part weight) {
  if (!row.all->has_means()) {
    return std::nullopt;
  }
  std::vector<results::RatioTerm> terms;
  for (const GroupRadio::Batch& batch : row.all->radio.batches) {
    const StateUse& state = batch.states[row.state];
    terms.push_back({sum(batch, state), weight(batch, state)});
  }
  const auto batched = results::batched_ratio(terms);
  return batched ? std::optional(results::to_estimate(*batched, row.all->confidence))
                 : std::nullopt;
}

void add_ratio(std::vector<CsvColumn<StateRow>>& columns, const std::string& name, Part sum,
               Part weight) {
  add_estimate<StateRow>(columns, name,
                         [=](const StateRow& row) { return ratio(row, sum, weight); });
}

double time_of(const GroupRadio::Batch& /*batch*/, const StateUse& state) { return state.time_s; }
double energy_of(const GroupRadio::Batch& /*batch*/, const StateUse& state) {
  return state.energy_j;
}
double queries_of(const GroupRadio::Batch& batch, const StateUse& /*state*/) {
  return batch.queries;
}
double node_seconds_of(const GroupRadio::Batch& batch, const StateUse& /*state*/) {
  return batch.node_s;
}
double node_hours_of(const GroupRadio::Batch& batch, const StateUse& /*state*/) {
  return batch.node_s / 3600;
}

// One group's boards.
struct PowerRow {
  const GroupRow* all;
  GroupPower power;
};

std::vector<PowerRow> power_rows(const std::vector<GroupRow>& groups) {
  std::vector<PowerRow> rows;
  for (const GroupRow& row : groups) {
    if (row.group->idle_power) {
      rows.push_back({&row, row.has_means() ? group_power(*row.group, row.radio, row.confidence)
                                            : GroupPower{}});
    }
  }
  return rows;
}

void add_power(std::vector<CsvColumn<PowerRow>>& columns, const std::string& name,
               std::optional<Estimate> GroupPower::*member) {
  add_estimate<PowerRow>(columns, name,
                         [member](const PowerRow& row) { return row.power.*member; });
}

}  // namespace

std::string radio_csv(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  std::vector<CsvColumn<StateRow>> columns = {
      {"policy", [](const StateRow& row) { return CsvCell(row.all->result->label); }},
      {"group", [](const StateRow& row) { return CsvCell(row.all->group->name); }},
      {"network", [](const StateRow& row) { return CsvCell(row.all->group->network->name); }},
      {"state", [](const StateRow& row) { return CsvCell(row.whole_run().state); }},
      {"time_s", [](const StateRow& row) { return CsvCell(row.whole_run().time_s); }},
      {"energy_j", [](const StateRow& row) { return CsvCell(row.whole_run().energy_j); }},
      {"unattributed_j",
       [](const StateRow& row) { return CsvCell(row.whole_run().unattributed_j); }}};
  add_ratio(columns, "time_share", time_of, node_seconds_of);
  add_ratio(columns, "energy_per_query_j", energy_of, queries_of);
  add_ratio(columns, "energy_per_node_hour_j", energy_of, node_hours_of);
  const std::vector<GroupRow> groups = group_rows(scenario, results);
  std::vector<StateRow> rows;
  for (const GroupRow& group : groups) {
    for (std::size_t s = 0; has_radio(*group.group) && s < group.radio.whole_run.size(); ++s) {
      rows.push_back({&group, s});
    }
  }
  return results::csv_table(columns, rows);
}

std::string power_csv(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  std::vector<CsvColumn<PowerRow>> columns = {
      {"policy", [](const PowerRow& row) { return CsvCell(row.all->result->label); }},
      {"group", [](const PowerRow& row) { return CsvCell(row.all->group->name); }},
      {"device", [](const PowerRow& row) { return CsvCell(row.all->group->device); }},
      {"network", [](const PowerRow& row) { return CsvCell(row.all->group->network->name); }},
      {"nodes", [](const PowerRow& row) { return CsvCell(row.all->group->count); }}};
  add_power(columns, "board_idle_w", &GroupPower::board_idle_w);
  add_power(columns, "compute_w", &GroupPower::compute_w);
  add_power(columns, "radio_w", &GroupPower::radio_w);
  add_power(columns, "power_w", &GroupPower::power_w);
  columns.push_back({"battery_wh", [](const PowerRow& row) {
                       const auto& battery = row.all->group->battery;
                       return battery ? CsvCell(base::in_joules(*battery) / 3600) : CsvCell();
                     }});
  add_power(columns, "battery_life_h", &GroupPower::battery_life_h);
  const std::vector<GroupRow> groups = group_rows(scenario, results);
  return results::csv_table(columns, power_rows(groups));
}

std::string battery_table(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  std::vector<results::TextColumn> columns = {{"battery life"}};
  for (const sim::NodeGroup& group : scenario.model.groups) {
    if (group.battery) {
      columns.push_back({group.name, results::Align::kRight});
    }
  }
  if (columns.size() == 1) {
    return "";
  }
  std::vector<std::vector<std::string>> cells;
  const std::vector<GroupRow> groups = group_rows(scenario, results);
  const PolicyResult* policy = nullptr;
  for (const PowerRow& row : power_rows(groups)) {
    if (row.all->result != policy) {
      policy = row.all->result;
      cells.push_back({policy->label});
    }
    if (row.all->group->battery) {
      const auto& life = row.power.battery_life_h;
      cells.back().push_back(life ? results::format_estimate(*life, "h") : "-");
    }
  }
  return results::text_table(columns, cells);
}

}  // namespace edgecut::scenarios
