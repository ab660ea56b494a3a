// The mean of several processors: what a query that may meet any of them expects.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "predictors/cost_model.hpp"

namespace edgecut::predictors {

class MeanCostModel final : public CostModel {
 public:
  struct Part {
    std::shared_ptr<const CostModel> model;
    double share = 1;  // of all; they sum to one
  };

  /// At least one part.
  explicit MeanCostModel(std::vector<Part> parts) : parts_(std::move(parts)) {}

  /// That of the first.
  [[nodiscard]] const std::string& name() const override { return parts_.front().model->name(); }
  [[nodiscard]] LayerCost cost(const workloads::Dnn& dnn, std::size_t layer) const override {
    LayerCost mean;
    for (const auto& [model, share] : parts_) {
      const LayerCost one = model->cost(dnn, layer);
      mean.time += share * one.time;
      mean.power += share * one.power;
    }
    return mean;
  }

 private:
  std::vector<Part> parts_;
};

}  // namespace edgecut::predictors
