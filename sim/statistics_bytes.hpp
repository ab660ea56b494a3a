// Statistics as JSON values, for bytes that other processes read (sim/outcome_bytes.hpp). Exact:
// what is read is what was written, bit by bit. Reading throws nlohmann::json::exception for values
// of another shape.
#pragma once

#include <nlohmann/json.hpp>

#include "results/batch_series.hpp"
#include "results/batch_set.hpp"
#include "results/exact_sum.hpp"
#include "results/lag_spaced.hpp"

namespace edgecut::sim {

nlohmann::json to_json(const results::ExactSum& sum);
results::ExactSum sum_from(const nlohmann::json& value);

nlohmann::json to_json(const results::BatchSet& set);
results::BatchSet batches_from(const nlohmann::json& value);

nlohmann::json to_json(const results::BatchSeries& series);
results::BatchSeries series_from(const nlohmann::json& value);

nlohmann::json to_json(const results::BatchedSummary& summary);
results::BatchedSummary summary_from(const nlohmann::json& value);

nlohmann::json to_json(const results::LagSpaced& spaced);
results::LagSpaced spaced_from(const nlohmann::json& value);

}  // namespace edgecut::sim
