#include "predictors/layer_facts.hpp"

#include <algorithm>

#include "base/stable_math.hpp"

namespace edgecut::predictors {
namespace {

double at(const Facts& facts, Fact fact) { return facts.at(static_cast<std::size_t>(fact)); }

double number(std::int64_t value) { return static_cast<double>(value); }

double at_least_one(std::int64_t value) { return std::max(1.0, number(value)); }

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
          number(layer.input_elements),
          number(layer.output.elements()),
          number(layer.weights),
          amounts[static_cast<std::size_t>(Amount::kWindows)] / kBytesPerElement,
          depth,
          number(layer.input.batch),
          has_rows ? depth : number(layer.input.channels),
          number(layer.output.height * layer.output.width),
          at_least_one(p.outputs),
          number(p.kernel_height * p.kernel_width),
          number(p.stride),
          at_least_one(p.local_size),
          number(p.groups)};
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
