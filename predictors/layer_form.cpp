#include "predictors/layer_form.hpp"

namespace edgecut::predictors {
namespace {

double real(std::int64_t value) { return static_cast<double>(value); }

// Steps of the sum behind one output element.
double reduction_depth(const workloads::Layer& layer) {
  const workloads::LayerParameters& p = layer.parameters;
  switch (layer.type) {
    case workloads::LayerType::kConvolution:
    case workloads::LayerType::kLocal:
      return real(layer.input.channels) / real(p.groups) * real(p.kernel_height) *
             real(p.kernel_width);
    case workloads::LayerType::kFullyConnected:
    case workloads::LayerType::kMatmul:
      // A row times a column for each output element, two flop a step.
      return base::in_flop(layer.work) / (2 * real(layer.output.elements()));
    default:
      return 0;
  }
}

// Elements of all windows together, an element counted in each window that it is in.
double window_elements(const workloads::Layer& layer) {
  const workloads::LayerParameters& p = layer.parameters;
  switch (layer.type) {
    case workloads::LayerType::kConvolution:
    case workloads::LayerType::kLocal:
      return real(layer.output.batch) * real(layer.output.height) * real(layer.output.width) *
             real(layer.input.channels) * real(p.kernel_height) * real(p.kernel_width);
    case workloads::LayerType::kPooling:
      return p.global_pooling
                 ? real(layer.input.elements())
                 : real(layer.output.elements()) * real(p.kernel_height) * real(p.kernel_width);
    case workloads::LayerType::kLrn:
      return real(layer.output.elements()) * real(p.local_size);
    default:
      return 0;
  }
}

}  // namespace

const std::array<std::string, kAmounts>& coefficient_keys() {
  static const std::array<std::string, kAmounts> keys = {"overhead_s",        "s_per_flop",
                                                         "s_per_tensor_byte", "s_per_weight_byte",
                                                         "s_per_window_byte", "s_per_depth_step"};
  return keys;
}

double input_bytes(const workloads::Layer& layer) {
  return kBytesPerElement * real(layer.input_elements);
}

Amounts layer_amounts(const workloads::Layer& layer) {
  return {1,
          base::in_flop(layer.work),
          input_bytes(layer) + kBytesPerElement * real(layer.output.elements()),
          kBytesPerElement * real(layer.weights),
          kBytesPerElement * window_elements(layer),
          reduction_depth(layer)};
}

double batch_factor(const LayerForm& form, const workloads::Layer& layer, std::uint32_t queries) {
  const Amounts amounts = layer_amounts(layer);
  double once = 0;
  double each = 0;
  for (std::size_t i = 0; i < kAmounts; ++i) {
    const auto amount = static_cast<Amount>(i);
    const bool shared =
        amount == Amount::kOverhead || amount == Amount::kWeights || amount == Amount::kDepth;
    (shared ? once : each) += form.coefficients[i] * amounts[i];
  }
  const double count = queries;
  // A batch of one is exactly one query, whatever the rounding.
  return queries == 1 || once + each <= 0 ? count : (once + count * each) / (once + each);
}

base::Duration form_time(const LayerForm& form, const workloads::Layer& layer) {
  const Amounts amounts = layer_amounts(layer);
  double sum = 0;
  for (std::size_t i = 0; i < kAmounts; ++i) {
    sum += form.coefficients[i] * amounts[i];
  }
  return base::seconds(form.network_factor * sum);
}

}  // namespace edgecut::predictors
