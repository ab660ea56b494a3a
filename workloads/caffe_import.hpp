// Caffe networks (prototxt, old and new syntax) as networks of typed layers (docs/importers.md has
// the table of layers).
//
// Reads what a deployed network does: layers of the training phase, data, accuracy and losses are
// left out, each with a note. Fields that decide on shapes and work are checked strictly (a
// misspelt one is an error with its line); fillers, learning rates and the like are known and
// ignored. Ignores weights' files.
#pragma once

#include <filesystem>

#include "workloads/dnn.hpp"
#include "workloads/onnx_import.hpp"

namespace edgecut::workloads {

/// Of the options, `batch` replaces the first dimension of the inputs and `dimensions` must be
/// empty. Throws base::ConfigError with file and line.
Dnn import_caffe(const std::filesystem::path& path, const ImportOptions& options = {});

}  // namespace edgecut::workloads
