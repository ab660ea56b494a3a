// The checks and the inference over a whole network: what `Dnn` runs on construction, and what the
// readers of files run beforehand to tell every mistake at once.
//
// Ignores nothing: a network without problems here is one that `Dnn` accepts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::workloads {

inline constexpr std::size_t kLayersMax = 100'000;

/// The name under which model files refer to the network's input; no layer may have it.
inline constexpr std::string_view kInputName = "input";

/// Where problems of a layer are reported: "file.json#/layers/3"; `where` itself when it is no JSON
/// pointer (no '#').
std::string layer_where(const std::string& where, std::size_t layer);

/// What a reader has reported already: nothing more is said about it, nor about what follows from
/// it.
struct Unreadable {
  bool header = false;            // name, input's shape or size
  std::vector<bool> layers = {};  // by index; empty: none
};

/// Checks names, inputs, cycles, outputs and sizes of `description`, fills in what is inferred of
/// each layer, and adds all that is wrong to `problems`.
void infer_network(Dnn::Description& description, const std::string& where,
                   const Unreadable& unreadable, base::Problems& problems);

}  // namespace edgecut::workloads
