// What a run reports, whatever the engine.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/quantity.hpp"
#include "results/batch_series.hpp"
#include "results/batch_set.hpp"
#include "results/exact_sum.hpp"
#include "results/lag_spaced.hpp"
#include "sim/radio_totals.hpp"

namespace edgecut::sim {

/// Sums over the queries of one node group and class. Stage sums are taken when a query passes the
/// stage; `completed`, latency and energy when it completes.
struct ClassTotals {
  std::uint64_t issued = 0;
  std::uint64_t completed = 0;
  std::uint64_t served = 0;   // had layers for a server
  std::uint64_t dropped = 0;  // turned away by a server
  results::ExactSum latency_s;
  results::ExactSum energy_j;
  results::ExactSum device_wait_s;
  results::ExactSum device_s;
  results::ExactSum compute_j;     // of the device layers
  results::ExactSum radio_wait_s;  // for the radio, promotion included
  results::ExactSum upload_s;
  results::ExactSum uploaded_bytes;
  results::ExactSum server_wait_s;
  results::ExactSum server_s;
  results::ExactSum server_shared_s;  // of that, what the others of a batch account for
  results::ExactSum
      download_wait_s;  // at the base station: until the radio listens, is up and free
  results::ExactSum download_s;
  results::ExactSum device_work_gflop;
  results::ExactSum work_gflop;  // of all layers, whoever did them
  RadioTotals radio;             // of two-way links

  /// What the queries took of the GPUs, s.
  [[nodiscard]] double gpu_s() const { return server_s.value() - server_shared_s.value(); }
  void merge(const ClassTotals& other);
  /// What came after `earlier` was recorded; exact.
  [[nodiscard]] ClassTotals since(const ClassTotals& earlier) const;
};

/// The run between two successive looks at it.
struct Interval {
  base::Duration from;
  base::Duration until;
  std::vector<ClassTotals> classes;  // by group * classes + class
};

/// Every query is somewhere; the engines fail loudly when these do not add up.
struct Conservation {
  std::uint64_t issued = 0;
  std::uint64_t completed = 0;
  std::uint64_t dropped = 0;
  std::uint64_t in_flight = 0;  // counted where they are, not computed from the others
  [[nodiscard]] bool holds() const { return issued == completed + dropped + in_flight; }
};

enum class Verdict : std::uint8_t { kStable, kOverloaded };

/// Applies `visit` to every sum of the two totals, pair by pair; for files too, so the order
/// stays.
template <class Totals, class Other, class Visit>
void for_each_sum(Totals& a, Other& b, Visit&& visit) {
  visit(a.latency_s, b.latency_s);
  visit(a.energy_j, b.energy_j);
  visit(a.device_wait_s, b.device_wait_s);
  visit(a.device_s, b.device_s);
  visit(a.compute_j, b.compute_j);
  visit(a.radio_wait_s, b.radio_wait_s);
  visit(a.upload_s, b.upload_s);
  visit(a.uploaded_bytes, b.uploaded_bytes);
  visit(a.server_wait_s, b.server_wait_s);
  visit(a.server_s, b.server_s);
  visit(a.server_shared_s, b.server_shared_s);
  visit(a.download_wait_s, b.download_wait_s);
  visit(a.download_s, b.download_s);
  visit(a.device_work_gflop, b.device_work_gflop);
  visit(a.work_gflop, b.work_gflop);
  for_each_radio_sum(a.radio, b.radio, visit);
}

struct RunOutcome {
  explicit RunOutcome(results::BatchSeries statistics) : series(std::move(statistics)) {}

  results::BatchSeries series;
  /// Of merged replications: their batches. Then `series` is empty and `intervals` holds the
  /// stretches of one replication after the other.
  std::optional<results::BatchSet> pooled;
  /// The metrics at every check of the precision (a run of fixed length has one, its end): runs
  /// that end at different checks can be compared at the last one that both have.
  std::vector<results::BatchedSummary> checkpoints;
  /// With the method of BigHouse: the sample that the intervals of latency rest on.
  std::optional<results::LagSpaced> spaced;
  /// Equally long stretches of the run after the warm-up; empty when it was too short for a look.
  std::vector<Interval> intervals;
  /// The totals of the whole run, by group * classes + class.
  std::vector<ClassTotals> whole_run;
  /// By group: the radios after their last transfers.
  std::vector<RadioRests> radio_rests;
  /// Queries issued in the whole run by (group, class, cut): `cut_offsets[class index] + cut`.
  std::vector<std::uint64_t> cut_counts;
  std::vector<std::size_t> cut_offsets;
  base::Duration end;
  Conservation queries;
  Verdict verdict = Verdict::kStable;
  /// Where queries piled up; empty too when it is the servers that were offered too much.
  std::vector<std::size_t> overloaded_groups;
  /// With a precision asked for: whether it was reached.
  std::optional<bool> converged;
  /// Tail energy after the last transfer of each node: no query has paid for it.
  base::Energy unattributed_tail;

  /// What was measured of completed queries, with intervals at `confidence`.
  [[nodiscard]] results::Summary summarize(double confidence) const;
  /// The totals of one group and class over all intervals.
  [[nodiscard]] ClassTotals totals_of(std::size_t class_index) const;
};

}  // namespace edgecut::sim
