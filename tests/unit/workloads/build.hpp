// Small builders for networks in tests.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "workloads/dnn.hpp"
#include "workloads/network_inference.hpp"

namespace edgecut::workloads::testing {

inline Layer layer(std::string name, LayerType type, std::vector<std::uint32_t> inputs,
                   LayerParameters parameters = {}) {
  Layer result;
  result.name = std::move(name);
  result.type = type;
  result.inputs = std::move(inputs);
  result.parameters = parameters;
  return result;
}

inline Layer fully_connected(std::string name, std::int64_t outputs,
                             std::vector<std::uint32_t> inputs) {
  LayerParameters parameters;
  parameters.outputs = outputs;
  return layer(std::move(name), LayerType::kFullyConnected, std::move(inputs), parameters);
}

inline Dnn::Description description(Shape input, std::vector<Layer> layers) {
  Dnn::Description result;
  result.name = "small";
  result.input = input;
  result.input_size = base::bytes(1);
  result.layers = std::move(layers);
  return result;
}

/// What building throws, or nothing.
inline std::vector<base::Problem> problems_of(Dnn::Description description,
                                              const std::string& where = "m.json#") {
  try {
    const Dnn dnn(std::move(description), where);
  } catch (const base::ConfigError& error) {
    return error.problems();
  }
  return {};
}

/// Whether one of the problems stands at `where` and says `what` (a part of it).
inline bool told(const std::vector<base::Problem>& problems, const std::string& where,
                 const std::string& what) {
  for (const base::Problem& problem : problems) {
    if (problem.where == where && problem.what.find(what) != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace edgecut::workloads::testing
