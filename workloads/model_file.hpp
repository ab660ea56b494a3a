// Model files: a network as JSON, one object a layer (docs/formats.md;
// docs/schemas/model.schema.json is the same for editors).
//
// A file says what a network is (types, kernels, strides, which layer feeds which) and how large
// its unprocessed input is; shapes, work and parameters are inferred, so that a file cannot
// contradict itself. Reading is strict: unknown keys, keys that the layer's type does not have,
// values out of range and graphs that do not fit are all reported, together.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json_fwd.hpp"
#include "workloads/dnn.hpp"
#include "workloads/onnx_import.hpp"

namespace edgecut::workloads {

/// Reads a network from a JSON value, inside another file perhaps. Throws base::ConfigError with
/// all that is wrong in it; nothing is added to the problems that `value` reports to.
Dnn read_model(const base::JsonValue& value);
Dnn read_model(const base::JsonDocument& document);

/// Reads a model file, or imports an ONNX or Caffe one (.onnx, .prototxt). Throws
/// base::ConfigError.
Dnn load_model(const std::filesystem::path& path);

/// Reads the model that a user named at `where`: a path (relative to the folder `relative_to`) when
/// it has a '/' or ends in ".json", ".onnx" or ".prototxt", else the name of one that ships. Throws
/// base::ConfigError.
Dnn find_model(const std::string& reference, const std::filesystem::path& relative_to,
               const std::string& where);

/// Imports an ONNX (.onnx) or Caffe (.prototxt) file. Throws base::ConfigError.
Dnn import_model(const std::filesystem::path& path, const ImportOptions& options = {});

/// The names of the models that ship, sorted; and of those the eight of the Neurosurgeon study.
std::vector<std::string> model_names();
std::vector<std::string> benchmark_names();

/// A network as the text of a model file; reading it gives an equal network.
std::string write_model(const Dnn& dnn);

}  // namespace edgecut::workloads
