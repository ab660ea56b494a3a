#include "predictors/form_predictor.hpp"

#include "base/errors.hpp"
#include "base/file.hpp"

namespace edgecut::predictors {

LayerCost FormPredictor::cost(const workloads::Dnn& dnn, std::size_t layer) const {
  EC_CHECK(layer < dnn.layers().size(), "no such layer");
  const workloads::Layer& asked = dnn.layers()[layer];
  const LayerForm& form = data_.forms[static_cast<std::size_t>(asked.type)];
  return {.time = form_time(form, asked), .power = form.power};
}

base::Duration FormPredictor::batch_time(const workloads::Dnn& dnn, std::size_t layer,
                                         std::uint32_t queries) const {
  const workloads::Layer& asked = dnn.layers()[layer];
  const LayerForm& form = data_.forms[static_cast<std::size_t>(asked.type)];
  return batch_factor(form, asked, queries) * cost(dnn, layer).time;
}

std::unique_ptr<CostModel> find_form_predictor(const std::string& reference,
                                               const std::filesystem::path& relative_to,
                                               const std::string& where) {
  return std::make_unique<FormPredictor>(load_calibrated_model(base::resolve_data(
      reference, "predictors/models", ".json", relative_to, where, "cost model")));
}

}  // namespace edgecut::predictors
