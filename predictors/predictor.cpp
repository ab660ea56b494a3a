#include "predictors/predictor.hpp"

#include <algorithm>
#include <utility>

#include "base/errors.hpp"
#include "predictors/stand_ins.hpp"

namespace edgecut::predictors {
namespace {

using workloads::LayerType;

// What starts no kernel and moves no data costs nothing where nobody measured it.
bool is_free(LayerType type) {
  return type == LayerType::kDropout || type == LayerType::kFlatten || type == LayerType::kReshape;
}

}  // namespace

const FormScore* TypePredictor::score() const {
  const auto found = std::find_if(tried.begin(), tried.end(),
                                  [&](const FormScore& s) { return s.form == time.form; });
  return found == tried.end() ? nullptr : &*found;
}

double seconds_alone(const TypePredictor& predictor, const Facts& facts) {
  return predict(predictor.time, facts);
}

double seconds_inside(const TypePredictor& predictor, const Facts& facts) {
  double seconds = seconds_alone(predictor, facts);
  if (predictor.copy) {
    const double tensors = amounts_of(facts)[static_cast<std::size_t>(Amount::kTensors)];
    seconds *= 1 - copy_share(*predictor.copy, facts);
    seconds += predictor.s_per_tensor_byte * tensors;
  }
  return seconds * predictor.network_factor;
}

FittedPredictor::FittedPredictor(PredictorData data,
                                 const std::array<base::Power, kLayerTypes>& powers)
    : data_(std::move(data)), powers_(powers) {
  for (const TypePredictor& predictor : data_.types) {
    by_type_.at(static_cast<std::size_t>(predictor.type)) = &predictor;
  }
  for (const StandIn& stand_in : stand_ins()) {
    const TypePredictor*& place = by_type_.at(static_cast<std::size_t>(stand_in.type));
    place = place != nullptr ? place : by_type_.at(static_cast<std::size_t>(stand_in.from));
  }
}

LayerCost FittedPredictor::cost(const workloads::Dnn& dnn, std::size_t layer) const {
  EC_CHECK(layer < dnn.layers().size(), "no such layer");
  const workloads::Layer& asked = dnn.layers()[layer];
  const auto type = static_cast<std::size_t>(asked.type);
  const TypePredictor* predictor = by_type_.at(type);
  if (predictor == nullptr && is_free(asked.type)) {
    return {.time = base::seconds(0), .power = powers_.at(type)};
  }
  if (predictor == nullptr) {
    throw base::ConfigError(
        "predictor of " + data_.device,
        "was fitted to no layer of type " + std::string(workloads::layer_type_name(asked.type)) +
            ", which layer \"" + asked.name + "\" of " + dnn.name() + " has: profile some");
  }
  const Facts facts = layer_facts(asked);
  return {.time = base::seconds(seconds_inside(*predictor, facts)),
          .power =
              predictor->power ? base::watts(predict(*predictor->power, facts)) : powers_.at(type)};
}

}  // namespace edgecut::predictors
