#include "sim/outcome_bytes.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "base/errors.hpp"
#include "sim/statistics_bytes.hpp"

namespace edgecut::sim {
namespace {

using nlohmann::json;
using results::ExactSum;
using sim::to_json;  // beside those below

json to_json(const ClassTotals& totals) {
  json list = json::array({totals.issued, totals.completed, totals.served, totals.dropped});
  for_each_sum(totals, totals, [&](const ExactSum& sum, const ExactSum& /*same*/) {
    list.push_back(to_json(sum));
  });
  return list;
}

ClassTotals totals_from(const json& value) {
  ClassTotals totals;
  totals.issued = value.at(0);
  totals.completed = value.at(1);
  totals.served = value.at(2);
  totals.dropped = value.at(3);
  std::size_t place = 4;
  for_each_sum(totals, totals,
               [&](ExactSum& sum, ExactSum& /*same*/) { sum = sum_from(value.at(place++)); });
  return totals;
}

json to_json(const std::vector<ClassTotals>& classes) {
  json list = json::array();
  for (const ClassTotals& totals : classes) {
    list.push_back(to_json(totals));
  }
  return list;
}

std::vector<ClassTotals> classes_from(const json& value) {
  std::vector<ClassTotals> classes;
  for (const json& totals : value) {
    classes.push_back(totals_from(totals));
  }
  return classes;
}

json to_json(const RadioRests& rests) {
  json list = json::array({to_json(rests.node_s)});
  for (const ExactSum& sum : rests.tail_s) {
    list.push_back(to_json(sum));
  }
  return list;
}

RadioRests rests_from(const json& value) {
  RadioRests rests;
  rests.node_s = sum_from(value.at(0));
  for (std::size_t i = 0; i < rests.tail_s.size(); ++i) {
    rests.tail_s[i] = sum_from(value.at(i + 1));
  }
  return rests;
}

json to_json(const Interval& interval) {
  return json::array({base::in_seconds(interval.from), base::in_seconds(interval.until),
                      to_json(interval.classes)});
}

Interval interval_from(const json& value) {
  return {base::seconds(value.at(0)), base::seconds(value.at(1)), classes_from(value.at(2))};
}

}  // namespace

std::string outcome_bytes(const RunOutcome& outcome) {
  json object;
  if (outcome.pooled) {
    object["batches"] = to_json(*outcome.pooled);
  } else {
    object["series"] = to_json(outcome.series);
  }
  for (const results::BatchedSummary& checkpoint : outcome.checkpoints) {
    object["checkpoints"].push_back(to_json(checkpoint));
  }
  if (outcome.spaced) {
    object["spaced"] = to_json(*outcome.spaced);
  }
  if (outcome.converged) {
    object["converged"] = *outcome.converged;
  }
  object["intervals"] = json::array();
  for (const Interval& interval : outcome.intervals) {
    object["intervals"].push_back(to_json(interval));
  }
  object["whole_run"] = to_json(outcome.whole_run);
  object["radio_rests"] = json::array();
  for (const RadioRests& rests : outcome.radio_rests) {
    object["radio_rests"].push_back(to_json(rests));
  }
  object["cut_counts"] = outcome.cut_counts;
  object["cut_offsets"] = outcome.cut_offsets;
  object["end_s"] = base::in_seconds(outcome.end);
  object["queries"] = {outcome.queries.issued, outcome.queries.completed, outcome.queries.dropped,
                       outcome.queries.in_flight};
  object["overloaded"] = outcome.verdict == Verdict::kOverloaded;
  object["overloaded_groups"] = outcome.overloaded_groups;
  object["unattributed_tail_j"] = base::in_joules(outcome.unattributed_tail);
  std::string bytes;
  json::to_cbor(object, bytes);
  return bytes;
}

std::optional<RunOutcome> outcome_from_bytes(std::string_view bytes) {
  const json object = json::from_cbor(bytes.begin(), bytes.end(), true, false);
  try {
    RunOutcome outcome{results::BatchSeries(base::seconds(1))};
    if (object.contains("batches")) {
      outcome.pooled = batches_from(object.at("batches"));
    }
    if (object.contains("series")) {
      outcome.series = series_from(object.at("series"));
    }
    for (const json& checkpoint : object.value("checkpoints", json::array())) {
      outcome.checkpoints.push_back(summary_from(checkpoint));
    }
    if (object.contains("spaced")) {
      outcome.spaced = spaced_from(object.at("spaced"));
    }
    if (object.contains("converged")) {
      outcome.converged = object.at("converged").get<bool>();
    }
    for (const json& interval : object.at("intervals")) {
      outcome.intervals.push_back(interval_from(interval));
    }
    outcome.whole_run = classes_from(object.at("whole_run"));
    for (const json& rests : object.at("radio_rests")) {
      outcome.radio_rests.push_back(rests_from(rests));
    }
    outcome.cut_counts = object.at("cut_counts").get<std::vector<std::uint64_t>>();
    outcome.cut_offsets = object.at("cut_offsets").get<std::vector<std::size_t>>();
    outcome.end = base::seconds(object.at("end_s"));
    const json& queries = object.at("queries");
    outcome.queries = {queries.at(0), queries.at(1), queries.at(2), queries.at(3)};
    outcome.verdict = object.at("overloaded") ? Verdict::kOverloaded : Verdict::kStable;
    outcome.overloaded_groups = object.at("overloaded_groups").get<std::vector<std::size_t>>();
    outcome.unattributed_tail = base::joules(object.at("unattributed_tail_j"));
    return outcome;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace edgecut::sim
