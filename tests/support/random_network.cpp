#include "support/random_network.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/errors.hpp"

namespace edgecut::testing {
namespace {

using predictors::LayerCost;
using workloads::kNetworkInput;
using workloads::Layer;

// A cost of a layer: zero, one of a few equal ones, or anything over six orders of magnitude.
double any_cost(Dice& dice) {
  if (dice.chance(0.15)) {
    return 0;
  }
  return dice.chance(0.2) ? 1e-3 * (1 + dice.below(3)) : dice.log_uniform(1e-6, 1);
}

std::vector<LayerCost> any_costs(Dice& dice, std::size_t count) {
  std::vector<LayerCost> costs;
  for (std::size_t i = 0; i < count; ++i) {
    costs.push_back({base::seconds(any_cost(dice)), base::watts(dice.log_uniform(0.1, 20))});
  }
  return costs;
}

std::vector<std::uint32_t> any_inputs(Dice& dice, std::uint32_t layer, bool chain) {
  if (layer == 0) {
    return {kNetworkInput};
  }
  if (chain) {
    return {layer - 1};
  }
  std::vector<std::uint32_t> inputs;
  for (std::uint32_t count = 1 + (dice.chance(0.4) ? dice.below(3) : 0); count > 0; --count) {
    if (dice.chance(0.1)) {
      inputs.push_back(kNetworkInput);
    } else {
      // Mostly one of the last few layers, as in networks of modules.
      const std::uint32_t reach = dice.chance(0.7) ? std::min(layer, 4U) : layer;
      inputs.push_back(layer - 1 - dice.below(reach));
    }
  }
  std::sort(inputs.begin(), inputs.end());
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
  return inputs;
}

}  // namespace

Dice::Dice(std::uint64_t seed) : state_(seed) {}

double Dice::unit() {
  // SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return static_cast<double>((z ^ (z >> 31U)) >> 11U) * 0x1p-53;
}

std::uint32_t Dice::below(std::uint32_t below) {
  return std::min(below - 1, static_cast<std::uint32_t>(unit() * below));
}

bool Dice::chance(double probability) { return unit() < probability; }

double Dice::log_uniform(double low, double high) { return low * std::pow(high / low, unit()); }

RandomNetwork random_network(std::uint64_t seed, const RandomNetworkOptions& options) {
  Dice dice(seed);
  const std::uint32_t count =
      options.layers_min + dice.below(options.layers_max - options.layers_min + 1);
  workloads::Dnn::Description description;
  description.name = "random-" + std::to_string(seed);
  description.input = {.channels = 8};
  description.input_size = base::bytes(std::ceil(dice.log_uniform(10, 1e6)));
  description.output_is_uploaded = dice.chance(0.25);
  std::vector<bool> consumed(count, false);
  for (std::uint32_t i = 0; i < count; ++i) {
    Layer layer;
    layer.name = "layer" + std::to_string(i);
    layer.type = workloads::LayerType::kOther;
    const bool equal = dice.chance(0.2);
    layer.parameters.output = workloads::Shape{
        .channels = equal ? 64 : static_cast<std::int64_t>(dice.log_uniform(1, 1e6))};
    layer.inputs = any_inputs(dice, i, options.chain);
    if (i + 1 == count) {  // what nobody consumes yet
      for (std::uint32_t other = 0; other + 1 < count; ++other) {
        if (!consumed[other] && std::count(layer.inputs.begin(), layer.inputs.end(), other) == 0) {
          layer.inputs.push_back(other);
        }
      }
    }
    for (const std::uint32_t input : layer.inputs) {
      if (input != kNetworkInput) {
        consumed[input] = true;
      }
    }
    description.layers.push_back(std::move(layer));
  }
  return {workloads::Dnn(std::move(description), "test"), ListedCosts(any_costs(dice, count)),
          ListedCosts(any_costs(dice, count))};
}

namespace {

// The tensors of a network and who needs them, as bits.
struct Masks {
  explicit Masks(const RandomNetwork& network) {
    const auto layers = network.dnn.layers();
    producers.resize(layers.size());
    consumers.resize(layers.size());
    for (std::uint32_t i = 0; i < layers.size(); ++i) {
      for (const std::uint32_t input : layers[i].inputs) {
        if (input == kNetworkInput) {
          input_consumers |= 1U << i;
        } else {
          producers[i] |= 1U << input;
          consumers[input] |= 1U << i;
        }
      }
    }
  }
  std::vector<std::uint32_t> producers;
  std::vector<std::uint32_t> consumers;
  std::uint32_t input_consumers = 0;
};

predictors::CutCost cost_of(const RandomNetwork& network, const Masks& masks, std::uint32_t set) {
  const workloads::Dnn& dnn = network.dnn;
  const std::size_t count = dnn.layers().size();
  predictors::CutCost cost;
  if ((masks.input_consumers & ~set) != 0) {
    cost.upload += dnn.input_size();
  }
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_last = i + 1 == count;
    if ((set >> i & 1U) == 0) {
      cost.server_time += network.server.cost(dnn, i).time;
      continue;
    }
    const LayerCost layer = network.device.cost(dnn, i);
    cost.device_time += layer.time;
    cost.device_energy += layer.power * layer.time;
    ++cost.device_layers;
    if ((masks.consumers[i] & ~set) != 0 || (is_last && dnn.output_is_uploaded())) {
      cost.upload += dnn.output_size(i);
    }
  }
  if (cost.device_layers < count || dnn.output_is_uploaded()) {
    cost.download = dnn.output_size(count - 1);
  }
  return cost;
}

}  // namespace

std::vector<ClosedSet> all_closed_sets(const RandomNetwork& network) {
  const std::size_t count = network.dnn.layers().size();
  EC_CHECK(count <= 20, "too many layers to try every set");
  const Masks masks(network);
  // Layer by layer: every set so far stays as it is, and grows where all producers are in it.
  std::vector<std::uint32_t> sets = {0};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t known = sets.size();
    for (std::size_t s = 0; s < known; ++s) {
      if ((masks.producers[i] & ~sets[s]) == 0) {
        sets.push_back(sets[s] | 1U << i);
      }
    }
  }
  std::vector<ClosedSet> result;
  result.reserve(sets.size());
  for (const std::uint32_t set : sets) {
    result.push_back({set, cost_of(network, masks, set)});
  }
  return result;
}

}  // namespace edgecut::testing
