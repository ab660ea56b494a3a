#include "sim/statistics_bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace edgecut::sim {

using nlohmann::json;
using results::BatchSeries;
using results::BatchSet;
using results::ExactSum;
using results::LogHistogram;

namespace {

json to_json(const LogHistogram& histogram) {
  const LogHistogram::Contents all = histogram.contents();
  return json::array(
      {all.counts, all.first_key, all.count_below, all.count_above, all.min, all.max});
}

LogHistogram histogram_from(const json& value) {
  LogHistogram::Contents all;
  all.counts = value.at(0).get<std::vector<std::uint64_t>>();
  all.first_key = value.at(1);
  all.count_below = value.at(2);
  all.count_above = value.at(3);
  all.min = value.at(4);
  all.max = value.at(5);
  return LogHistogram::from_contents(std::move(all));
}

using Energies = std::array<ExactSum, BatchSet::kEnergies>;

json to_json(const Energies& energies) {
  json list = json::array();
  for (const ExactSum& energy : energies) {
    list.push_back(sim::to_json(energy));
  }
  return list;
}

Energies energies_from(const json& value) {
  Energies energies;
  for (std::size_t e = 0; e < energies.size(); ++e) {
    energies[e] = sum_from(value.at(e));
  }
  return energies;
}

template <class Value, class From>
std::optional<Value> optional_from(const json& value, From from) {
  return value.is_null() ? std::nullopt : std::optional<Value>(from(value));
}

}  // namespace

json to_json(const ExactSum& sum) { return json::array({sum.words().high, sum.words().low}); }

ExactSum sum_from(const json& value) {
  return ExactSum::from_words({value.at(0).get<std::int64_t>(), value.at(1).get<std::uint64_t>()});
}

json to_json(const BatchSet& set) {
  json batches = json::array();
  for (std::size_t b = 0; b < set.size(); ++b) {
    batches.push_back(json::array({set.lengths_s[b], to_json(set.latency_s[b]),
                                   to_json(set.energies_j[b]), to_json(set.latencies_s[b])}));
  }
  return json::array({base::in_seconds(set.from), base::in_seconds(set.until), std::move(batches)});
}

BatchSet batches_from(const json& value) {
  BatchSet set;
  set.from = base::seconds(value.at(0));
  set.until = base::seconds(value.at(1));
  for (const json& batch : value.at(2)) {
    set.lengths_s.push_back(batch.at(0));
    set.latency_s.push_back(sum_from(batch.at(1)));
    set.energies_j.push_back(energies_from(batch.at(2)));
    set.latencies_s.push_back(histogram_from(batch.at(3)));
  }
  return set;
}

json to_json(const BatchSeries& series) {
  const BatchSeries::Contents all = series.contents();
  json windows = json::array();
  for (const BatchSeries::Window& window : all.windows) {
    windows.push_back(json::array(
        {to_json(window.latency), to_json(window.energies), to_json(window.latencies)}));
  }
  return json::array({all.windows_per_s, std::move(windows)});
}

BatchSeries series_from(const json& value) {
  BatchSeries::Contents all;
  all.windows_per_s = value.at(0);
  for (const json& window : value.at(1)) {
    all.windows.push_back(
        {sum_from(window.at(0)), energies_from(window.at(1)), histogram_from(window.at(2))});
  }
  return BatchSeries::from_contents(std::move(all));
}

json to_json(const results::BatchedSummary& summary) {
  json metrics = json::array();
  for (const std::optional<results::Batched>& metric : summary.metrics) {
    metrics.push_back(
        metric ? json::array({metric->value, metric->deviations, metric->interval, metric->bent})
               : json());
  }
  return json::array({base::in_seconds(summary.end), base::in_seconds(summary.from),
                      base::in_seconds(summary.until), summary.queries, summary.batches,
                      summary.latency_max ? json(base::in_seconds(*summary.latency_max)) : json(),
                      std::move(metrics)});
}

results::BatchedSummary summary_from(const json& value) {
  results::BatchedSummary summary;
  summary.end = base::seconds(value.at(0));
  summary.from = base::seconds(value.at(1));
  summary.until = base::seconds(value.at(2));
  summary.queries = value.at(3);
  summary.batches = value.at(4);
  summary.latency_max = optional_from<base::Duration>(
      value.at(5), [](const json& latency) { return base::seconds(latency); });
  for (std::size_t m = 0; m < summary.metrics.size(); ++m) {
    summary.metrics[m] = optional_from<results::Batched>(value.at(6).at(m), [](const json& metric) {
      return results::Batched{metric.at(0), metric.at(1).get<std::vector<double>>(), metric.at(2),
                              metric.at(3)};
    });
  }
  return summary;
}

json to_json(const results::LagSpaced& spaced) {
  const results::LagSpaced::Contents& all = spaced.contents();
  return json::array({all.skip, all.lag, all.found, all.buffer, all.moments.count, all.moments.mean,
                      all.moments.squares, to_json(all.latencies)});
}

results::LagSpaced spaced_from(const json& value) {
  results::LagSpaced::Contents all;
  all.skip = value.at(0);
  all.lag = value.at(1);
  all.found = value.at(2);
  all.buffer = value.at(3).get<std::vector<double>>();
  all.moments = {value.at(4), value.at(5), value.at(6)};
  all.latencies = histogram_from(value.at(7));
  return results::LagSpaced::from_contents(std::move(all));
}

}  // namespace edgecut::sim
