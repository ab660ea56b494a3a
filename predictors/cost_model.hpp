// What a layer costs on a processor: the interface of truth and of belief.
//
// A calibrated model (predictors/calibrated_model.hpp) says what a layer really takes; a predictor
// is what a policy believes. Both answer the same question, so either can stand where the other
// does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/quantity.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::predictors {

/// Of a layer; larger values are units mistaken, and limits keep every sum of layers finite.
inline constexpr double kTimeMaxS = 1e6;
inline constexpr double kPowerMaxW = 1e5;

struct LayerCost {
  base::Duration time;
  base::Power power;  // of the whole board while the layer runs; zero where nobody pays for it
};

class CostModel {
 public:
  CostModel() = default;
  CostModel(const CostModel&) = delete;
  CostModel& operator=(const CostModel&) = delete;
  virtual ~CostModel() = default;

  /// The processor's name, "jetson-tk1-gpu".
  [[nodiscard]] virtual const std::string& name() const = 0;
  /// Cost of layer number `layer` of `dnn` for one query. Never negative.
  [[nodiscard]] virtual LayerCost cost(const workloads::Dnn& dnn, std::size_t layer) const = 0;
  /// Time of that layer for `queries` >= 1 queries in one batch, never less than for one; as many
  /// times that of one where the model knows no better.
  [[nodiscard]] virtual base::Duration batch_time(const workloads::Dnn& dnn, std::size_t layer,
                                                  std::uint32_t queries) const {
    return static_cast<double>(queries) * cost(dnn, layer).time;
  }
};

}  // namespace edgecut::predictors
