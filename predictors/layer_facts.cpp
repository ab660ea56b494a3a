#include "predictors/layer_facts.hpp"

#include <algorithm>

#include "base/stable_math.hpp"

namespace edgecut::predictors {
namespace {

constexpr double kBytesPerElement = 4;  // fp32

double real(std::int64_t value) { return static_cast<double>(value); }
double at(const Facts& facts, Fact fact) { return facts.at(static_cast<std::size_t>(fact)); }

double at_least_one(std::int64_t value) { return std::max(1.0, real(value)); }

}  // namespace

const std::vector<std::string>& fact_names() {
  static const std::vector<std::string> names = {
      "work",     "input",  "output",  "weights", "windows", "depth",      "batch",
      "channels", "pixels", "outputs", "kernel",  "stride",  "local_size", "groups"};
  return names;
}

Facts layer_facts(const workloads::Layer& layer) {
  const workloads::LayerParameters& p = layer.parameters;
  const Amounts amounts = layer_amounts(layer);
  const bool has_rows = layer.type == workloads::LayerType::kFullyConnected;
  const double depth = amounts[static_cast<std::size_t>(Amount::kDepth)];
  return {base::in_flop(layer.work),
          real(layer.input_elements),
          real(layer.output.elements()),
          real(layer.weights),
          amounts[static_cast<std::size_t>(Amount::kWindows)] / kBytesPerElement,
          depth,
          real(layer.input.batch),
          has_rows ? depth : real(layer.input.channels),
          real(layer.output.height * layer.output.width),
          at_least_one(p.outputs),
          real(p.kernel_height * p.kernel_width),
          real(p.stride),
          at_least_one(p.local_size),
          real(p.groups)};
}

double log_fact(const Facts& facts, Fact fact) {
  return base::stable_log(std::max(1.0, at(facts, fact)));
}

Amounts amounts_of(const Facts& facts) {
  return {1,
          at(facts, Fact::kWork),
          kBytesPerElement * (at(facts, Fact::kInput) + at(facts, Fact::kOutput)),
          kBytesPerElement * at(facts, Fact::kWeights),
          kBytesPerElement * at(facts, Fact::kWindows),
          at(facts, Fact::kDepth)};
}

}  // namespace edgecut::predictors
