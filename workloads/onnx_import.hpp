// ONNX models as networks of typed layers (docs/importers.md has the table of operators).
//
// Shapes come from ONNX's own inference, node by node, over sizes and constants that were checked
// before; work and parameters from the layers' types. Weights are initializers or what constant
// nodes make of them; their values are not read. What cannot be costed is costed by an assumption
// that stands in Dnn::notes(). Ignores data types (every tensor is fp32), fusion of operators, and
// control flow (a branch or loop is one layer without work).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "workloads/dnn.hpp"

namespace edgecut::workloads {

struct ImportOptions {
  /// Size of the first dimension of inputs where the file leaves it open; 1 by default. A file that
  /// fixes another one is refused.
  std::optional<std::int64_t> batch = {};
  /// Sizes of other open dimensions by their names in the file ("sequence": 128).
  std::map<std::string, std::int64_t> dimensions = {};
  /// The network's name; by default the file's without extension.
  std::string name = {};
  /// Size of one query's input when it is sent unprocessed; by default that of the input tensors in
  /// the file's data types.
  std::optional<base::DataSize> input_size = {};
};

/// Throws base::ConfigError when the file is no model, damaged, beyond the limits
/// (workloads/onnx_reader.hpp), or does not fit together.
Dnn import_onnx(const std::filesystem::path& path, const ImportOptions& options = {});

}  // namespace edgecut::workloads
