// Batches of completed queries, and what may be said from them: values with intervals.
//
// A set comes from one run (results/batch_series.hpp) or from several independent replications,
// whose batches then stand one after the other: batches of different replications are independent,
// and each is longer than a batch of one run as long as all together would be.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/quantity.hpp"
#include "results/exact_sum.hpp"
#include "results/intervals.hpp"
#include "results/log_histogram.hpp"
#include "results/metrics.hpp"

namespace edgecut::results {

/// What a run found between the end of its warm-up and the end of its last whole window.
struct Summary {
  base::Duration from;
  base::Duration until;
  std::uint64_t queries = 0;
  std::size_t batches = 0;
  std::optional<base::Duration> latency_max;
  /// By metric, in s, J or 1/s; absent when nothing completed in the span.
  std::array<std::optional<Estimate>, kMetricCount> estimates;

  [[nodiscard]] const std::optional<Estimate>& operator[](Metric metric) const {
    return estimates[static_cast<std::size_t>(metric)];
  }
};

/// The same before a confidence is chosen, so that runs over the same time can be paired.
struct BatchedSummary {
  base::Duration end;  // the instant it was made for
  base::Duration from;
  base::Duration until;
  std::uint64_t queries = 0;
  std::size_t batches = 0;
  std::optional<base::Duration> latency_max;
  std::array<std::optional<Batched>, kMetricCount> metrics;
};

Summary to_summary(const BatchedSummary& batched, double confidence);

/// Every metric has an interval with half-width <= `relative_precision` of its value; one from
/// batches also needs their lag-1 autocorrelation below 0.5.
bool precise(const Summary& summary, std::span<const Metric> metrics, double relative_precision);

struct BatchSet {
  static constexpr std::size_t kEnergies = 5;  // as EnergySplit

  // By batch.
  std::vector<double> lengths_s;
  std::vector<ExactSum> latency_s;
  std::vector<std::array<ExactSum, kEnergies>> energies_j;
  std::vector<LogHistogram> latencies_s;
  // Of the run; of each, when there are several.
  base::Duration from;
  base::Duration until;

  [[nodiscard]] std::size_t size() const { return lengths_s.size(); }
  /// The batches of another replication, behind these.
  void append(const BatchSet& other);

  [[nodiscard]] LogHistogram all_latencies_s() const;
  /// One metric before a confidence is chosen; nothing when nothing completed.
  [[nodiscard]] std::optional<Batched> batched(Metric metric) const;
  /// All metrics; its `end` is that of the last batch.
  [[nodiscard]] BatchedSummary batched() const;
  [[nodiscard]] Summary summarize(double confidence) const {
    return to_summary(batched(), confidence);
  }

 private:
  [[nodiscard]] std::optional<Batched> batched(Metric metric, const LogHistogram& all) const;
};

}  // namespace edgecut::results
