#include "planning/report.hpp"

#include <utility>

#include "base/text.hpp"
#include "results/csv.hpp"
#include "results/json_text.hpp"
#include "results/text_table.hpp"
#include "workloads/describe.hpp"

namespace edgecut::planning {
namespace {

using nlohmann::ordered_json;
using results::Align;
using results::CsvCell;
using results::CsvColumn;

std::string ms(base::Duration time) {
  return base::format_significant(base::in_milliseconds(time), 4);
}
std::string mj(base::Energy energy) {
  return base::format_significant(1e3 * base::in_joules(energy), 4);
}
std::string mbps(base::DataRate rate) {
  return base::format_significant(base::in_megabits_per_s(rate), 4);
}

// One objective's answer at one rate: what the predictor chooses, and what would have been best.
struct Best {
  Objective objective;
  std::uint32_t chosen;
  std::uint32_t optimal;
};

std::vector<Best> bests(const PlanView& view, base::DataRate rate) {
  std::vector<Best> list;
  for (const Objective& objective : view.objectives) {
    const Setting& setting = *view.setting;
    list.push_back({objective, best_cuts(setting, setting.by_belief(), objective).choose(rate),
                    best_cuts(setting, setting.by_truth(), objective).choose(rate)});
  }
  return list;
}

std::string rate_text(const Setting& setting) {
  return setting.sending_takes_time() ? mbps(setting.uplink) + " Mbit/s up"
                                      : "sending takes no time";
}

std::string heading(const PlanView& view) {
  const Setting& setting = *view.setting;
  const Request& names = setting.names;
  std::string text = setting.dnn->name() + " on " + names.device + " and " + names.server +
                     " over " + names.network;
  if (!view.sweep) {
    text += ", " + rate_text(setting);
  }
  if (names.load > 0) {
    text += ", server load " + base::format_significant(names.load, 4);
  }
  text += "; costs by " + names.predictor + "\n";
  text += std::to_string(setting.dnn->layers().size()) + " layers, " +
          std::to_string(setting.dnn->weights()) + " parameters, " +
          base::format_significant(base::in_flop(setting.dnn->work()) / 1e9, 4) +
          " Gflop a query, input " +
          base::format_number(base::in_bytes(setting.dnn->input_size())) + " bytes\n\n";
  return text;
}

std::string best_line(const PlanView& view, const Best& best, const std::vector<CutRow>& rows,
                      const std::vector<CutRow>& true_rows) {
  const Setting& setting = *view.setting;
  const auto told = [&](const std::vector<CutRow>& from, std::size_t cut) {
    return amount_text(best.objective, best.objective.value(from[cut]));
  };
  const std::size_t device_only = setting.truth.device_only();
  std::string text = "best for " + best.objective.name + ": after " +
                     cut_name(setting, best.chosen) + ", " + told(rows, best.chosen) +
                     " (cloud-only " + told(rows, 0) + ", device-only " + told(rows, device_only) +
                     ")\n";
  if (setting.is_predicted()) {
    const double loss = best.objective.value(true_rows[best.chosen]) /
                            best.objective.value(true_rows[best.optimal]) -
                        1;
    text += "  by the true costs: " + told(true_rows, best.chosen) + "; ";
    text += best.chosen == best.optimal
                ? "no cut is better\n"
                : "the best is after " + cut_name(setting, best.optimal) + ", " +
                      told(true_rows, best.optimal) + " (the choice costs " +
                      base::format_significant(100 * loss, 3) + " % more)\n";
  }
  return text;
}

std::string cuts_text(const PlanView& view) {
  const Setting& setting = *view.setting;
  const std::vector<CutRow> rows = cut_rows(setting.by_belief(), setting.uplink);
  const std::vector<CutRow> true_rows = cut_rows(setting.by_truth(), setting.uplink);
  const std::vector<Best> best = bests(view, setting.uplink);
  std::vector<results::TextColumn> columns = {{"cut", Align::kRight},
                                              {"after"},
                                              {"bytes up", Align::kRight},
                                              {"device ms", Align::kRight},
                                              {"transfer ms", Align::kRight},
                                              {"server ms", Align::kRight},
                                              {"latency ms", Align::kRight},
                                              {"energy mJ", Align::kRight},
                                              {"best for"}};
  std::vector<std::vector<std::string>> cells;
  for (const CutRow& row : rows) {
    std::string stars;
    for (const Best& one : best) {
      if (one.chosen == row.cut) {
        stars += (stars.empty() ? "* " : ", ") + one.objective.name;
      }
    }
    cells.push_back({std::to_string(row.cut), cut_name(setting, row.cut),
                     base::format_number(base::in_bytes(row.upload)), ms(row.device),
                     ms(row.transfer), ms(row.server), ms(row.latency), mj(row.energy), stars});
  }
  std::string text = results::text_table(columns, cells) + "\n";
  for (const Best& one : best) {
    text += best_line(view, one, rows, true_rows);
  }
  return text;
}

std::string sweep_text(const PlanView& view) {
  const Setting& setting = *view.setting;
  std::string text;
  for (const Objective& objective : view.objectives) {
    const auto choices = best_cuts(setting, setting.by_belief(), objective);
    std::vector<std::vector<std::string>> cells;
    for (const BestInterval& interval : best_between(choices, view.sweep->from, view.sweep->to)) {
      const auto at = [&](base::DataRate rate) {
        return amount_text(objective,
                           objective.value(cut_rows(setting.by_belief(), rate)[interval.cut]));
      };
      cells.push_back({mbps(interval.from), mbps(interval.to), std::to_string(interval.cut),
                       cut_name(setting, interval.cut), at(interval.from), at(interval.to)});
    }
    text += text.empty() ? "" : "\n";
    text += "Best cut for " + objective.name + "\n" +
            results::text_table({{"from Mbit/s", Align::kRight},
                                 {"to Mbit/s", Align::kRight},
                                 {"cut", Align::kRight},
                                 {"after"},
                                 {objective.name + " at from", Align::kRight},
                                 {"at to", Align::kRight}},
                                cells);
  }
  return text;
}

// What a cut costs, by its name in files.
const std::vector<std::pair<std::string, double (*)(const CutRow&)>>& costs() {
  static const std::vector<std::pair<std::string, double (*)(const CutRow&)>> list = {
      {"upload_bytes", [](const CutRow& row) { return base::in_bytes(row.upload); }},
      {"device_s", [](const CutRow& row) { return base::in_seconds(row.device); }},
      {"transfer_s", [](const CutRow& row) { return base::in_seconds(row.transfer); }},
      {"server_s", [](const CutRow& row) { return base::in_seconds(row.server); }},
      {"latency_s", [](const CutRow& row) { return base::in_seconds(row.latency); }},
      {"compute_j", [](const CutRow& row) { return base::in_joules(row.compute); }},
      {"radio_j", [](const CutRow& row) { return base::in_joules(row.radio); }},
      {"energy_j", [](const CutRow& row) { return base::in_joules(row.energy); }}};
  return list;
}

ordered_json cut_json(const Setting& setting, const CutRow& row) {
  ordered_json object = {{"cut", row.cut}, {"after", cut_name(setting, row.cut)}};
  for (const auto& [name, find] : costs()) {
    object[name] = find(row);
  }
  return object;
}

ordered_json best_json(const PlanView& view, base::DataRate rate) {
  const Setting& setting = *view.setting;
  const std::vector<CutRow> rows = cut_rows(setting.by_belief(), rate);
  const std::vector<CutRow> true_rows = cut_rows(setting.by_truth(), rate);
  ordered_json object;
  for (const Best& best : bests(view, rate)) {
    ordered_json one = cut_json(setting, rows[best.chosen]);
    if (setting.is_predicted()) {
      one["by_truth"] = {{"chosen", cut_json(setting, true_rows[best.chosen])},
                         {"optimal", cut_json(setting, true_rows[best.optimal])}};
    }
    object[best.objective.name] = std::move(one);
  }
  return object;
}

ordered_json sweep_json(const PlanView& view) {
  const Setting& setting = *view.setting;
  ordered_json object;
  for (const Objective& objective : view.objectives) {
    ordered_json& list = object[objective.name] = ordered_json::array();
    const auto choices = best_cuts(setting, setting.by_belief(), objective);
    for (const BestInterval& interval : best_between(choices, view.sweep->from, view.sweep->to)) {
      list.push_back({{"from_mbps", base::in_megabits_per_s(interval.from)},
                      {"to_mbps", base::in_megabits_per_s(interval.to)},
                      {"cut", interval.cut},
                      {"after", cut_name(setting, interval.cut)}});
    }
  }
  return object;
}

std::string sweep_csv(const PlanView& view) {
  const Setting& setting = *view.setting;
  std::vector<CsvCell> header = {"uplink_mbps"};
  for (const Objective& objective : view.objectives) {
    for (const char* name : {"_cut", "_after", "_best", "_cloud_only", "_device_only"}) {
      header.emplace_back(objective.name + name);
    }
  }
  std::string text = results::csv_line(header);
  std::vector<policies::ChoiceTable> choices;
  for (const Objective& objective : view.objectives) {
    choices.push_back(best_cuts(setting, setting.by_belief(), objective));
  }
  for (const base::DataRate rate : rates_of(*view.sweep)) {
    const std::vector<CutRow> rows = cut_rows(setting.by_belief(), rate);
    std::vector<CsvCell> cells = {base::in_megabits_per_s(rate)};
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const std::uint32_t cut = choices[i].choose(rate);
      cells.emplace_back(cut);
      cells.emplace_back(cut_name(setting, cut));
      for (const std::size_t one :
           {std::size_t{cut}, std::size_t{0}, setting.truth.device_only()}) {
        cells.emplace_back(view.objectives[i].value(rows[one]));
      }
    }
    text += results::csv_line(cells);
  }
  return text;
}

}  // namespace

std::string plan_text(const PlanView& view) {
  return heading(view) + (view.sweep ? sweep_text(view) : cuts_text(view));
}

std::string plan_json(const PlanView& view) {
  const Setting& setting = *view.setting;
  ordered_json document = workloads::describe_json(*setting.dnn);
  document["device"] = setting.names.device;
  document["server"] = setting.names.server;
  document["network"] = setting.names.network;
  document["server_load"] = setting.names.load;
  document["predictor"] = setting.names.predictor;
  if (view.sweep) {
    document["sweep"] = sweep_json(view);
  } else {
    if (setting.sending_takes_time()) {
      document["uplink_mbps"] = base::in_megabits_per_s(setting.uplink);
    }
    document["best"] = best_json(view, setting.uplink);
    ordered_json& list = document["cuts"] = ordered_json::array();
    for (const CutRow& row : cut_rows(setting.by_belief(), setting.uplink)) {
      list.push_back(cut_json(setting, row));
    }
  }
  return results::json_text(document);
}

std::string plan_csv(const PlanView& view) {
  if (view.sweep) {
    return sweep_csv(view);
  }
  const Setting& setting = *view.setting;
  const std::vector<Best> best = bests(view, setting.uplink);
  std::vector<CsvColumn<CutRow>> columns = {
      {"cut", [](const CutRow& row) { return CsvCell(row.cut); }},
      {"after", [&](const CutRow& row) { return CsvCell(cut_name(setting, row.cut)); }}};
  for (const auto& [name, find] : costs()) {
    columns.push_back({name, [find = find](const CutRow& row) { return CsvCell(find(row)); }});
  }
  for (const Best& one : best) {
    columns.push_back({"best_" + one.objective.name,
                       [&one](const CutRow& row) { return CsvCell(one.chosen == row.cut); }});
  }
  return results::csv_table(columns, cut_rows(setting.by_belief(), setting.uplink));
}

}  // namespace edgecut::planning
