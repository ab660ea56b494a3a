#include "predictors/calibrated_model.hpp"

#include <utility>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "predictors/stand_ins.hpp"

namespace edgecut::predictors {

void CalibratedModelData::imply_forms() {
  for (const StandIn& implied : stand_ins()) {
    LayerForm& form = forms.at(static_cast<std::size_t>(implied.type));
    if (form.is_implied) {
      form = forms.at(static_cast<std::size_t>(implied.from));
      form.is_implied = true;
      form.errors = {};
      form.basis = "not measured: as " + std::string(workloads::layer_type_name(implied.from)) +
                   ", " + implied.why;
    }
  }
}

bool entry_matches(const LayerEntry& entry, const workloads::Layer& layer) {
  return entry.layer == layer.name && entry.work == layer.work &&
         entry.input_elements == layer.input_elements &&
         entry.output_elements == layer.output.elements() && entry.weights == layer.weights;
}

CalibratedModel::CalibratedModel(CalibratedModelData data) : data_(std::move(data)) {
  for (std::size_t n = 0; n < data_.networks.size(); ++n) {
    const NetworkEntry& network = data_.networks[n];
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      places_[network.dnn].emplace(network.layers[i].layer, Place{n, i});
    }
  }
}

LayerCost CalibratedModel::cost(const workloads::Dnn& dnn, std::size_t layer) const {
  EC_CHECK(layer < dnn.layers().size(), "no such layer");
  const workloads::Layer& asked = dnn.layers()[layer];
  const auto network = places_.find(dnn.name());
  if (network != places_.end()) {
    const auto place = network->second.find(asked.name);
    if (place != network->second.end()) {
      const NetworkEntry& entry = data_.networks[place->second.network];
      const LayerEntry& found = entry.layers[place->second.layer];
      if (entry_matches(found, asked)) {
        return {.time = found.time, .power = entry.power};
      }
    }
  }
  const LayerForm& form = data_.forms[static_cast<std::size_t>(asked.type)];
  return {.time = form_time(form, asked), .power = form.power};
}

base::Duration CalibratedModel::batch_time(const workloads::Dnn& dnn, std::size_t layer,
                                           std::uint32_t queries) const {
  const workloads::Layer& asked = dnn.layers()[layer];
  const LayerForm& form = data_.forms[static_cast<std::size_t>(asked.type)];
  return batch_factor(form, asked, queries) * cost(dnn, layer).time;
}

std::unique_ptr<CostModel> find_cost_model(const std::string& reference,
                                           const std::filesystem::path& relative_to,
                                           const std::string& where) {
  return std::make_unique<CalibratedModel>(load_calibrated_model(base::resolve_data(
      reference, "predictors/models", ".json", relative_to, where, "cost model")));
}

}  // namespace edgecut::predictors
