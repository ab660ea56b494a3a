// Reads the structure of an ONNX file and leaves its weights on the disk.
//
// A file is untrusted and may hold gigabytes of weights, so it is not parsed as it stands: its wire
// format is walked first, to a fixed depth (model, graph, node, attribute, tensor), and the data of
// large tensors is skipped. What remains is bounded (bytes, and fields in all) before protobuf sees
// it. Subgraphs (If, Loop, Scan) and functions are left out; the importer names their nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include <onnx/onnx_pb.h>

namespace edgecut::workloads {

inline constexpr std::uint64_t kOnnxFileBytesMax = std::uint64_t{1} << 36;
inline constexpr std::size_t kOnnxStructureBytesMax = std::size_t{1} << 26;
inline constexpr std::size_t kOnnxFieldsMax = std::size_t{1} << 21;
/// Data of a tensor that is kept: shapes, axes, scales.
inline constexpr std::size_t kOnnxDataBytesMax = std::size_t{1} << 13;

/// The model without the data of large tensors. Throws base::ConfigError when the file is missing,
/// truncated, no ONNX model, or beyond the limits.
onnx::ModelProto read_onnx(const std::filesystem::path& path);

}  // namespace edgecut::workloads
