// Random layer graphs with random costs, and the plain way to split them: trying every set.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "predictors/cost_model.hpp"
#include "predictors/cut_table.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::testing {

/// Numbers for one random network, the same for the same seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed);
  /// Uniform in [0, below).
  std::uint32_t below(std::uint32_t below);
  bool chance(double probability);
  /// Uniform in the logarithm.
  double log_uniform(double low, double high);

 private:
  double unit();
  std::uint64_t state_;
};

/// Costs given a layer each.
class ListedCosts final : public predictors::CostModel {
 public:
  explicit ListedCosts(std::vector<predictors::LayerCost> costs) : costs_(std::move(costs)) {}
  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] predictors::LayerCost cost(const workloads::Dnn& /*dnn*/,
                                           std::size_t layer) const override {
    return costs_.at(layer);
  }

 private:
  std::string name_ = "listed";
  std::vector<predictors::LayerCost> costs_;
};

struct RandomNetwork {
  workloads::Dnn dnn;
  ListedCosts device;
  ListedCosts server;
};

struct RandomNetworkOptions {
  std::uint32_t layers_min = 1;
  std::uint32_t layers_max = 16;
  bool chain = false;
};

/// Layers with several inputs, tensors (the network's input among them) with several consumers,
/// times and sizes over six orders of magnitude, equal and zero costs,
/// with and without an upload of the last tensor.
RandomNetwork random_network(std::uint64_t seed, const RandomNetworkOptions& options = {});

/// A predecessor-closed set, layer i by bit i, with its cost straight from the definition: layers
/// one by one, each tensor sent when it has a consumer on the other side.
struct ClosedSet {
  std::uint32_t layers = 0;
  predictors::CutCost cost;
};

/// All of them, each once; of a network of at most 20 layers.
std::vector<ClosedSet> all_closed_sets(const RandomNetwork& network);

}  // namespace edgecut::testing
