// What a policy may believe: the parametric form of each layer's type, and nothing measured of the
// network itself.
//
// A calibrated model knows the benchmark networks' layers as they are; this one predicts every
// layer from its shape, as a device must that never ran the network (Neurosurgeon's regressions,
// ASPLOS 2017, section 4, stand in this place). Its errors are in docs/validation.md.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "predictors/calibrated_model.hpp"
#include "predictors/cost_model.hpp"

namespace edgecut::predictors {

class FormPredictor final : public CostModel {
 public:
  explicit FormPredictor(CalibratedModelData data) : data_(std::move(data)) {}
  [[nodiscard]] const std::string& name() const override { return data_.name; }
  [[nodiscard]] LayerCost cost(const workloads::Dnn& dnn, std::size_t layer) const override;
  /// By batch_factor() of the layer type's form.
  [[nodiscard]] base::Duration batch_time(const workloads::Dnn& dnn, std::size_t layer,
                                          std::uint32_t queries) const override;

 private:
  CalibratedModelData data_;
};

/// The predictor with the forms of a cost model; arguments as of find_cost_model().
std::unique_ptr<CostModel> find_form_predictor(const std::string& reference,
                                               const std::filesystem::path& relative_to,
                                               const std::string& where);

}  // namespace edgecut::predictors
