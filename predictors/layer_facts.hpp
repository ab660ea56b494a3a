// What regressions know of a layer: its type, and these numbers; never its name or network.
//
// All are whole numbers of a query (the batch included where a count of elements is meant); one
// that a type does not have is 1, so that its logarithm is 0. Logarithms are taken of max(1, x).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "predictors/layer_form.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::predictors {

enum class Fact : std::size_t {
  kWork,      // flop
  kInput,     // elements of all inputs
  kOutput,    // elements
  kWeights,   // learned parameters
  kWindows,   // elements of all input windows together (layer_form.hpp)
  kDepth,     // steps of the sum behind one output element
  kBatch,     // rows of the input
  kChannels,  // of the input; of a fully connected layer: inputs of a neuron
  kPixels,    // height x width of the output
  kOutputs,   // filters, neurons
  kKernel,    // height x width of the window
  kStride,
  kLocalSize,  // of LRN
  kGroups,
};
inline constexpr std::size_t kFacts = 14;
using Facts = std::array<double, kFacts>;

/// "work", "input", ... as in predictor files.
const std::vector<std::string>& fact_names();

Facts layer_facts(const workloads::Layer& layer);

/// ln max(1, fact).
double log_fact(const Facts& facts, Fact fact);

/// The amounts of predictors/layer_form.hpp.
Amounts amounts_of(const Facts& facts);

}  // namespace edgecut::predictors
