// Every query of a run, stage by stage, for tests, debugging and `queries.csv`.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/quantity.hpp"
#include "results/batch_series.hpp"

namespace edgecut::sim {

/// A node's uplink when its query was decided; nothing where sending takes no time.
struct SeenUplink {
  /// The true mean over one sampling window from the decision on.
  std::optional<base::DataRate> rate;
  /// What the device's estimator said. Where the policy or the estimator knows the future: what the
  /// query's own upload will get; nothing when it has none.
  std::optional<base::DataRate> estimate;
};

/// One completed query. Instants are since the start of the run; a stage that the query skipped has
/// the instant of the stage before it.
struct QueryRecord {
  std::uint32_t node = 0;
  std::uint32_t number = 0;  // of the node's queries, from 0
  std::uint32_t group = 0;
  std::uint32_t query_class = 0;
  std::uint32_t cut = 0;
  SeenUplink uplink;
  base::Duration issued_at;
  base::Duration device_start;
  base::Duration device_end;
  base::Duration upload_start;  // after waiting for the radio and its promotion
  base::Duration upload_end;
  base::Duration server_arrival;
  base::Duration server_start;
  base::Duration server_end;
  base::Duration answered_at;     // the answer is at the base station
  base::Duration download_start;  // after waiting for the radio; else as answered_at
  base::Duration completed_at;
  results::EnergySplit energy;
};

using QueryLog = std::vector<QueryRecord>;

}  // namespace edgecut::sim
