// One row of a profile between its cells and the layer: what every layout is turned into.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "workloads/dnn.hpp"

namespace edgecut::predictors {

/// Numbers that a row may give. The last seven say what else follows from shapes; all or none.
enum class Key : std::size_t {
  kBatch,
  kChannels,
  kHeight,
  kWidth,
  kInputs,  // equal inputs of a concat or eltwise
  kOutputs,
  kKernel,
  kKernelHeight,
  kKernelWidth,
  kStride,
  kPad,
  kGroups,
  kDilation,
  kLocalSize,
  kOutputBatch,
  kOutputChannels,
  kOutputHeight,
  kOutputWidth,
  kInputElements,
  kWeights,
  kWorkFlop,
};
inline constexpr std::size_t kKeys = 21;
inline constexpr std::size_t kKeysOfShape = 14;  // those before kOutputBatch

/// "batch", "channels", ... as columns are called.
const std::vector<std::string>& key_names();

struct RowValues {
  workloads::LayerType type = workloads::LayerType::kRelu;
  std::array<std::optional<double>, kKeys> values;

  std::optional<double>& operator[](Key key) { return values.at(static_cast<std::size_t>(key)); }
  const std::optional<double>& operator[](Key key) const {
    return values.at(static_cast<std::size_t>(key));
  }
};

/// The layer with everything inferred; what is wrong goes to `problems`.
workloads::Layer row_layer(const RowValues& row, std::vector<std::string>& problems);

/// The row that row_layer turns into a layer with the same facts.
RowValues layer_row(const workloads::Layer& layer);

}  // namespace edgecut::predictors
