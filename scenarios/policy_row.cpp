#include "scenarios/policy_row.hpp"

#include <algorithm>

namespace edgecut::scenarios {
namespace {

// Share of the layers' work that ran on devices, over all queries issued after the warm-up.
double device_work_share(const sim::RunModel& model, const sim::CutTotalsTable& table) {
  double on_device = 0;
  double total = 0;
  for (std::size_t g = 0; g < model.groups.size(); ++g) {
    for (std::size_t q = 0; q < model.classes.size(); ++q) {
      if (!model.classes[q].dnn) {
        continue;
      }
      const auto layers = model.classes[q].dnn->layers();
      const double work = base::in_flop(model.classes[q].dnn->work());
      double before = 0;
      const std::size_t first = table.offsets[g * model.classes.size() + q];
      for (std::size_t cut = 0; cut <= layers.size(); ++cut) {
        const auto issued = static_cast<double>(table.totals[first + cut].issued);
        on_device += issued * before;
        total += issued * work;
        if (cut < layers.size()) {
          before += base::in_flop(layers[cut].work);
        }
      }
    }
  }
  return total > 0 ? on_device / total : 0;
}

}  // namespace

PolicyRow make_row(const Scenario& scenario, const PolicyResult& result) {
  const sim::RunOutcome& outcome = result.outcome;
  PolicyRow row;
  row.label = result.label;
  row.outcome = &outcome;
  row.summary = outcome.series.summarize(outcome.end, scenario.model.stop.confidence);
  row.verdict = "stable";
  if (row.overloaded()) {
    row.verdict = "overloaded";
    for (std::size_t i = 0; i < results::kMetricCount; ++i) {
      if (static_cast<results::Metric>(i) != results::Metric::kCompletedRate) {
        row.summary.estimates[i].reset();
      }
    }
    row.summary.latency_max.reset();
  } else if (outcome.converged && !*outcome.converged) {
    row.verdict = "not-converged";
  }
  std::uint64_t issued = 0;
  for (const sim::CutTotals& totals : outcome.cuts.totals) {
    issued += totals.issued;
  }
  const base::Duration span = outcome.end - outcome.warmup;
  row.offered_per_s =
      span > base::seconds(0) ? static_cast<double>(issued) / base::in_seconds(span) : 0;
  if (outcome.queries.issued > 0) {
    row.bytes_sent_per_query =
        outcome.uploaded_bytes.value() / static_cast<double>(outcome.queries.issued);
  }
  row.device_work_share = device_work_share(scenario.model, outcome.cuts);
  return row;
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
