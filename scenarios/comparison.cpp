#include "scenarios/comparison.hpp"

#include <algorithm>
#include <utility>

#include "results/format.hpp"
#include "results/json_text.hpp"
#include "results/text_table.hpp"
#include "scenarios/estimator_reader.hpp"

namespace edgecut::scenarios {
namespace {

using nlohmann::ordered_json;
using results::BatchedSummary;
using results::Metric;

// The last check that both runs have seen, as each saw it.
std::optional<std::pair<const BatchedSummary*, const BatchedSummary*>> last_common(
    const sim::RunOutcome& a, const sim::RunOutcome& b) {
  for (auto i = a.checkpoints.rbegin(); i != a.checkpoints.rend(); ++i) {
    for (const BatchedSummary& other : b.checkpoints) {
      if (other.end == i->end) {
        return std::pair(&*i, &other);
      }
    }
  }
  return std::nullopt;
}

std::optional<Comparison> compare(const PolicyResult& a, const PolicyResult& b, double confidence) {
  for (const PolicyResult* one : {&a, &b}) {
    if (one->outcome.verdict == sim::Verdict::kOverloaded) {
      return std::nullopt;
    }
  }
  const auto common = last_common(a.outcome, b.outcome);
  if (!common) {
    return std::nullopt;
  }
  const auto& [first, second] = *common;
  Comparison comparison{a.label, b.label, first->from, first->until, {}};
  for (std::size_t m = 0; m < results::kMetricCount; ++m) {
    if (first->metrics[m] && second->metrics[m]) {
      comparison.differences[m] = results::to_estimate(
          results::paired_difference(*first->metrics[m], *second->metrics[m]), confidence);
    }
  }
  return comparison;
}

std::string cell(const Comparison& comparison, Metric metric, std::string_view unit) {
  const auto& difference = comparison.differences[static_cast<std::size_t>(metric)];
  return difference ? results::format_bounds(*difference, unit) : "-";
}

}  // namespace

std::vector<Comparison> compare_policies(const Scenario& scenario,
                                         const std::vector<PolicyResult>& results) {
  std::vector<Comparison> comparisons;
  for (std::size_t b = 0; b < results.size(); ++b) {
    const bool wanted =
        scenario.compare == Comparing::kAll || (scenario.compare == Comparing::kFirst && b == 0);
    for (std::size_t a = b + 1; wanted && a < results.size(); ++a) {
      if (auto found = compare(results[a], results[b], scenario.model.stop.confidence)) {
        comparisons.push_back(std::move(*found));
      }
    }
  }
  return comparisons;
}

std::vector<Comparison> estimate_regrets(const Scenario& scenario,
                                         const std::vector<PolicyResult>& results) {
  std::vector<Comparison> regrets;
  for (std::size_t b = 0; b < results.size(); ++b) {
    const PolicyChoice& knowing = scenario.policies[b];
    if (knowing.estimator.kind != platforms::EstimatorKind::kOracle) {
      continue;
    }
    for (std::size_t a = 0; a < results.size(); ++a) {
      const PolicyChoice& choice = scenario.policies[a];
      if (choice.rule != knowing.rule ||
          choice.estimator.kind == platforms::EstimatorKind::kOracle) {
        continue;
      }
      if (auto found = compare(results[a], results[b], scenario.model.stop.confidence)) {
        regrets.push_back(std::move(*found));
      }
    }
  }
  return regrets;
}

ordered_json comparisons_json(const std::vector<Comparison>& comparisons) {
  ordered_json list = ordered_json::array();
  for (const Comparison& comparison : comparisons) {
    ordered_json object = {{"policy", comparison.policy},
                           {"minus", comparison.minus},
                           {"from_s", base::in_seconds(comparison.from)},
                           {"until_s", base::in_seconds(comparison.until)}};
    for (std::size_t m = 0; m < results::kMetricCount; ++m) {
      if (const auto& difference = comparison.differences[m]) {
        ordered_json entry = results::estimate_json(*difference);
        if (difference->half_width) {
          entry["low"] = difference->value - *difference->half_width;
          entry["high"] = difference->value + *difference->half_width;
        }
        object[std::string(results::traits(static_cast<Metric>(m)).column)] = std::move(entry);
      }
    }
    list.push_back(std::move(object));
  }
  return list;
}

ordered_json regrets_json(const Scenario& scenario, const std::vector<Comparison>& regrets) {
  ordered_json list = comparisons_json(regrets);
  for (ordered_json& regret : list) {
    for (const PolicyChoice& choice : scenario.policies) {
      if (choice.label == regret["policy"]) {
        regret["estimator"] = estimator_json(choice.estimator);
      }
    }
  }
  return list;
}

std::string comparison_table(const std::vector<Comparison>& comparisons, const std::string& title) {
  if (comparisons.empty()) {
    return "";
  }
  const std::vector<results::TextColumn> columns = {{title},
                                                    {"latency mean", results::Align::kRight},
                                                    {"p95", results::Align::kRight},
                                                    {"p99", results::Align::kRight},
                                                    {"device energy", results::Align::kRight}};
  std::vector<std::vector<std::string>> cells;
  for (const Comparison& comparison : comparisons) {
    cells.push_back(
        {comparison.policy + " - " + comparison.minus, cell(comparison, Metric::kLatencyMean, "s"),
         cell(comparison, Metric::kLatencyP95, "s"), cell(comparison, Metric::kLatencyP99, "s"),
         cell(comparison, Metric::kEnergyMean, "J")});
  }
  return results::text_table(columns, cells);
}

std::string comparison_tables(const Scenario& scenario, const std::vector<PolicyResult>& results) {
  const std::vector<Comparison> regrets = estimate_regrets(scenario, results);
  std::vector<Comparison> differences = compare_policies(scenario, results);
  std::erase_if(differences, [&](const Comparison& one) {
    return std::any_of(regrets.begin(), regrets.end(), [&](const Comparison& regret) {
      return one.policy == regret.policy && one.minus == regret.minus;
    });
  });
  std::string text;
  for (const std::string& table :
       {comparison_table(differences), comparison_table(regrets, "regret of the estimate")}) {
    text += table.empty() ? "" : "\n" + table;
  }
  return text;
}

}  // namespace edgecut::scenarios
