// What the tests of predictors share: scratch files, hand-made costs, small networks.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "predictors/cost_model.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::predictors::testing {

/// A directory of this test process, removed at the end.
class Scratch {
 public:
  Scratch()
      : path_(std::filesystem::temp_directory_path() /
              ("edgecut-predictors-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  [[nodiscard]] std::filesystem::path write(const std::string& name,
                                            const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

/// Costs given by hand, a layer each.
class FixedCosts final : public CostModel {
 public:
  explicit FixedCosts(std::vector<LayerCost> costs) : costs_(std::move(costs)) {}
  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] LayerCost cost(const workloads::Dnn& /*dnn*/, std::size_t layer) const override {
    return costs_.at(layer);
  }

 private:
  std::string name_ = "fixed";
  std::vector<LayerCost> costs_;
};

inline workloads::Layer layer(std::string name, workloads::LayerType type,
                              std::vector<std::uint32_t> inputs, std::int64_t outputs = 0) {
  workloads::Layer result;
  result.name = std::move(name);
  result.type = type;
  result.inputs = std::move(inputs);
  result.parameters.outputs = outputs;
  return result;
}

/// A network over a vector of `channels`.
inline workloads::Dnn network(std::string name, std::int64_t channels, base::DataSize input_size,
                              std::vector<workloads::Layer> layers,
                              bool output_is_uploaded = false) {
  workloads::Dnn::Description description;
  description.name = std::move(name);
  description.input = {.channels = channels};
  description.input_size = input_size;
  description.output_is_uploaded = output_is_uploaded;
  description.layers = std::move(layers);
  return workloads::Dnn(std::move(description), "test");
}

}  // namespace edgecut::predictors::testing
