#include "scenarios/policy_row.hpp"

#include <algorithm>

#include "scenarios/class_estimates.hpp"

namespace edgecut::scenarios {

PolicyRow make_row(const Scenario& scenario, const PolicyResult& result) {
  const sim::RunOutcome& outcome = result.outcome;
  PolicyRow row;
  row.label = result.label;
  row.outcome = &outcome;
  row.summary = outcome.summarize(scenario.model.stop.confidence);
  row.verdict = "stable";
  if (row.overloaded()) {
    row.verdict = "overloaded";
    for (std::size_t i = 0; i < results::kMetricCount; ++i) {
      if (static_cast<results::Metric>(i) != results::Metric::kCompletedRate) {
        row.summary.estimates[i].reset();
      }
    }
    row.summary.latency_max.reset();
  } else if (!row.summary[results::Metric::kLatencyMean]) {
    row.verdict = "too-short";
  } else if (outcome.converged && !*outcome.converged) {
    row.verdict = "not-converged";
  }
  const double confidence = scenario.model.stop.confidence;
  const double gpus = scenario.model.cluster.gpus();
  const std::vector<StretchTotals> batches = batch_totals(outcome, {});
  row.offered_per_s = estimate_ratio(
      batches, confidence, [](const sim::ClassTotals& totals, base::Duration length) {
        return results::RatioTerm{static_cast<double>(totals.issued), base::in_seconds(length)};
      });
  row.server_utilisation = estimate_ratio(
      batches, confidence, [gpus](const sim::ClassTotals& totals, base::Duration length) {
        return results::RatioTerm{totals.gpu_s(), gpus * base::in_seconds(length)};
      });
  if (!row.overloaded()) {
    row.server_sojourn_s = estimate_ratio(
        batches, confidence, [](const sim::ClassTotals& totals, base::Duration /*length*/) {
          return results::RatioTerm{totals.server_wait_s.value() + totals.server_s.value(),
                                    static_cast<double>(totals.served)};
        });
  }
  row.bytes_sent_per_query = estimate_ratio(
      batches, confidence, [](const sim::ClassTotals& totals, base::Duration /*length*/) {
        return results::RatioTerm{totals.uploaded_bytes.value(),
                                  static_cast<double>(totals.issued)};
      });
  row.device_work_share = estimate_ratio(
      batches, confidence, [](const sim::ClassTotals& totals, base::Duration /*length*/) {
        return results::RatioTerm{totals.device_work_gflop.value(), totals.work_gflop.value()};
      });
  return row;
}

const std::vector<std::pair<std::string, FindEstimate>>& other_estimates() {
  static const std::vector<std::pair<std::string, FindEstimate>> list = {
      {"server_utilisation", [](const PolicyRow& row) { return row.server_utilisation; }},
      {"server_sojourn_mean_s", [](const PolicyRow& row) { return row.server_sojourn_s; }},
      {"bytes_sent_per_query", [](const PolicyRow& row) { return row.bytes_sent_per_query; }},
      {"device_work_share", [](const PolicyRow& row) { return row.device_work_share; }}};
  return list;
}

std::vector<std::string> estimate_names() {
  std::vector<std::string> names = results::metric_names();
  names.emplace_back("server_sojourn_mean");
  return names;
}

std::optional<results::Estimate> estimate_named(const PolicyRow& row, const std::string& name) {
  if (const auto metric = results::metric_named(name)) {
    return row.summary[*metric];
  }
  return name == "server_sojourn_mean" ? row.server_sojourn_s : std::nullopt;
}

std::string estimate_column(const std::string& name) {
  const auto metric = results::metric_named(name);
  return metric ? std::string(results::traits(*metric).column) : name + "_s";
}

std::vector<std::string> overload_messages(const Scenario& scenario,
                                           const std::vector<PolicyResult>& results) {
  std::vector<std::string> messages;
  for (const PolicyResult& result : results) {
    if (result.outcome.verdict != sim::Verdict::kOverloaded) {
      continue;
    }
    std::string where;
    for (const std::size_t group : result.outcome.overloaded_groups) {
      where += (where.empty() ? "" : ", ") + scenario.model.groups[group].name;
    }
    messages.push_back("policy " + result.label + " is overloaded: " +
                       (where.empty() ? "the servers are offered more work than they can do"
                                      : "queries pile up at " + where));
  }
  return messages;
}

bool any_overloaded(const std::vector<PolicyResult>& results) {
  return std::any_of(results.begin(), results.end(), [](const PolicyResult& result) {
    return result.outcome.verdict == sim::Verdict::kOverloaded;
  });
}

bool any_unconverged(const std::vector<PolicyResult>& results) {
  return std::any_of(results.begin(), results.end(), [](const PolicyResult& result) {
    return result.outcome.converged && !*result.outcome.converged;
  });
}

}  // namespace edgecut::scenarios
