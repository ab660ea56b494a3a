// What a run reports, whatever the engine.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/quantity.hpp"
#include "results/batch_series.hpp"
#include "results/exact_sum.hpp"

namespace edgecut::sim {

/// Sums over the queries of one node group and class that took one cut, of the part of the run
/// after the warm-up. Stage sums are taken when a query passes the stage, `completed`, latency and
/// energy when it completes.
struct CutTotals {
  std::uint64_t issued = 0;
  std::uint64_t completed = 0;
  results::ExactSum latency_s;
  results::ExactSum energy_j;
  results::ExactSum device_wait_s;
  results::ExactSum device_s;
  results::ExactSum radio_wait_s;  // for the radio, promotion included
  results::ExactSum upload_s;
  results::ExactSum server_wait_s;
  results::ExactSum server_s;

  void merge(const CutTotals& other);
  /// The part of the run after `earlier` was recorded; exact.
  [[nodiscard]] CutTotals since(const CutTotals& earlier) const;
};

/// Totals by (group, class, cut); `offset(g, q) + cut` is the place.
struct CutTotalsTable {
  std::vector<CutTotals> totals;
  std::vector<std::size_t> offsets;  // by group * classes + class, and the end
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

struct RunOutcome {
  explicit RunOutcome(results::BatchSeries statistics) : series(std::move(statistics)) {}

  results::BatchSeries series;
  CutTotalsTable cuts;
  base::Duration warmup;  // until here the totals above do not count
  base::Duration end;
  Conservation queries;
  Verdict verdict = Verdict::kStable;
  /// With a precision asked for: whether it was reached.
  std::optional<bool> converged;
  /// Work offered to the GPUs over their capacity, after the warm-up.
  double server_utilisation = 0;
  results::ExactSum uploaded_bytes;  // of all queries that started an upload, whole run
  /// Tail energy after the last transfer of each node: no query has paid for it.
  base::Energy unattributed_tail;
};

}  // namespace edgecut::sim
