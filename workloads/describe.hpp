// A network as a text table, for people: `edgecut list models --long` and `edgecut plan`.
//
// One line a layer with what was inferred of it, and totals. Sizes are of fp32 tensors; work is in
// Mflop (10^6, a multiply-add is two flop). Ignores costs: those are the predictors'.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "workloads/dnn.hpp"

namespace edgecut::workloads {

/// Title, source, input and the table, each line ended by a newline. The column of inputs is there
/// only when the network is no chain.
std::string describe(const Dnn& dnn);

/// {"model": {name, source, layers, is_chain, parameters, work_flop, multiply_adds, input,
/// input_bytes}, "notes": [...]}: the head of what `edgecut import` and `edgecut plan` report.
nlohmann::ordered_json describe_json(const Dnn& dnn);

}  // namespace edgecut::workloads
