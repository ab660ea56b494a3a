#include "workloads/dnn.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/errors.hpp"
#include "workloads/network_inference.hpp"

namespace edgecut::workloads {

const std::vector<std::string>& layer_type_names() {
  static const std::vector<std::string> names = {
      "convolution", "fully_connected", "local",   "pooling",   "lrn",     "batch_norm",
      "relu",        "sigmoid",         "tanh",    "hard_tanh", "softmax", "argmax",
      "dropout",     "concat",          "eltwise", "flatten",   "matmul",  "layer_norm",
      "pointwise",   "reduce",          "reshape", "move",      "other"};
  return names;
}

const std::vector<std::string>& tensor_precision_names() {
  static const std::vector<std::string> names = {"fp32", "fp16", "int8"};
  return names;
}

std::string_view layer_type_name(LayerType type) {
  return layer_type_names().at(static_cast<std::size_t>(type));
}

std::string shape_text(const Shape& shape) {
  std::string text;
  if (shape.batch != 1) {
    text.append(std::to_string(shape.batch)).append("x");
  }
  text.append(std::to_string(shape.channels));
  if (shape.height != 1 || shape.width != 1) {
    text.append("x").append(std::to_string(shape.height));
    text.append("x").append(std::to_string(shape.width));
  }
  return text;
}

Dnn::Dnn(Description description, const std::string& where) : description_(std::move(description)) {
  base::Problems problems;
  infer_network(description_, where, {}, problems);
  problems.throw_if_any();
  std::vector<std::size_t> consumers(description_.layers.size());
  for (const Layer& layer : description_.layers) {
    for (const std::uint32_t input : layer.inputs) {
      if (input != kNetworkInput) {
        ++consumers[input];
      }
    }
    is_chain_ = is_chain_ && layer.inputs.size() == 1;
  }
  is_chain_ = is_chain_ && std::all_of(consumers.begin(), consumers.end(),
                                       [](std::size_t count) { return count <= 1; });
}

Dnn Dnn::sent_as(TensorPrecision precision) const {
  Dnn copy = *this;
  copy.description_.tensor_precision = precision;
  return copy;
}

base::DataSize Dnn::output_size(std::size_t layer) const {
  constexpr std::array kBytesPerElement = {4.0, 2.0, 1.0};  // by TensorPrecision
  const std::int64_t elements = description_.layers.at(layer).output.elements();
  return base::bytes(kBytesPerElement.at(static_cast<std::size_t>(tensor_precision())) *
                     static_cast<double>(elements));
}

base::Work Dnn::work() const {
  base::Work total;
  for (const Layer& layer : description_.layers) {
    total += layer.work;
  }
  return total;
}

double Dnn::multiply_adds() const {
  double total = 0;
  for (const Layer& layer : description_.layers) {
    switch (layer.type) {
      case LayerType::kConvolution:
      case LayerType::kLocal:
      case LayerType::kFullyConnected:
      case LayerType::kMatmul:
        total += base::in_flop(layer.work) / 2;
        break;
      default:
        break;
    }
  }
  return total;
}

std::int64_t Dnn::weights() const {
  std::int64_t total = 0;
  for (const Layer& layer : description_.layers) {
    total += layer.weights;
  }
  return total;
}

}  // namespace edgecut::workloads
