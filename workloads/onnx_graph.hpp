// What the parts of the ONNX importer share: tensors as far as they are known, nodes with their
// inputs looked up. Internal to workloads/onnx_*.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <onnx/onnx_pb.h>

#include "workloads/import_builder.hpp"

namespace edgecut::workloads {

/// Values of constants are followed up to this many elements: shapes, axes, scales.
inline constexpr std::size_t kOnnxValuesMax = 1024;
inline constexpr std::size_t kOnnxRankMax = 16;

struct OnnxTensor {
  std::vector<std::int64_t> dims;  // each 1 to kDimensionMax for activations
  bool has_shape = false;
  int elem_type = onnx::TensorProto_DataType_FLOAT;
  bool is_constant = false;                        // a weight, or computed from weights and shapes
  std::optional<std::vector<double>> values = {};  // of small constants, row by row
  std::uint32_t layer = kNetworkInput;             // that computes it, when it is no constant

  [[nodiscard]] std::int64_t elements() const;  // saturates
  /// A floating-point constant of more than one element: what training adjusts.
  [[nodiscard]] bool is_learned() const;
};

/// Of factors > 0; saturates.
std::int64_t saturated_product(std::span<const std::int64_t> factors);

/// A node with its inputs; an absent optional input is null.
class OnnxNode {
 public:
  OnnxNode(const onnx::NodeProto& proto, std::vector<const OnnxTensor*> inputs)
      : proto_(proto), inputs_(std::move(inputs)) {}

  [[nodiscard]] const onnx::NodeProto& proto() const { return proto_; }
  [[nodiscard]] const std::string& op() const { return proto_.op_type(); }
  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::size_t inputs() const { return inputs_.size(); }
  [[nodiscard]] const OnnxTensor* find_input(std::size_t index) const {
    return index < inputs_.size() ? inputs_[index] : nullptr;
  }
  /// Layers that feed the node, each once, in the order of the inputs.
  [[nodiscard]] std::vector<std::uint32_t> layers() const;
  /// Elements of all learned inputs.
  [[nodiscard]] std::int64_t learned_elements() const;

  [[nodiscard]] const onnx::AttributeProto* find(const char* attribute) const;
  [[nodiscard]] std::int64_t integer_or(const char* attribute, std::int64_t otherwise) const;
  [[nodiscard]] std::vector<std::int64_t> integers(const char* attribute) const;
  [[nodiscard]] std::string text_or(const char* attribute, const std::string& otherwise) const;

 private:
  const onnx::NodeProto& proto_;
  std::vector<const OnnxTensor*> inputs_;
};

/// The import under way.
struct OnnxGraph {
  explicit OnnxGraph(std::string file) : where(file), builder(std::move(file)) {}

  std::string where;
  ImportBuilder builder;
  std::unordered_map<std::string, OnnxTensor> tensors;
  std::unordered_map<std::string, OnnxTensor> declared;  // shapes that the file states
  std::unordered_set<std::string> used;                  // tensors that something reads
  std::map<std::string, std::int64_t> operator_sets;     // versions by domain

  /// Throws base::ConfigError that names the node.
  [[noreturn]] void fail(const OnnxNode& node, const std::string& what) const;
  /// An input that the node cannot do without, with a shape.
  [[nodiscard]] const OnnxTensor& need(const OnnxNode& node, std::size_t input) const;
  /// Sets output `index` of the node.
  void define(const OnnxNode& node, int index, std::vector<std::int64_t> dims, std::uint32_t layer);
  void note(const OnnxNode& node, const std::string& what);
};

/// The value of an axis attribute as an index below `rank`; nothing when it is out of range.
std::optional<std::size_t> onnx_axis(std::int64_t axis, std::size_t rank);
/// The shape of numpy's broadcasting; nothing when the shapes do not fit.
std::optional<std::vector<std::int64_t>> broadcast(const std::vector<std::int64_t>& a,
                                                   const std::vector<std::int64_t>& b);

/// onnx_shapes.cpp: the outputs of a node by ONNX's own inference; has_shape is false where it
/// could not tell, or the node is not fit for it.
std::vector<OnnxTensor> infer_outputs(const OnnxGraph& graph, const OnnxNode& node);

/// onnx_constants.cpp: a tensor of the file, and the values of a node whose inputs are constants
/// (or which reads only the shape of one that is not); nothing when it is not followed.
OnnxTensor constant_tensor(const onnx::TensorProto& proto);
std::optional<std::vector<double>> evaluate(const OnnxNode& node);

/// onnx_operators.cpp: adds the layers of a node and defines its outputs.
void import_node(OnnxGraph& graph, const OnnxNode& node);

/// The families of operators; false when the node is none of the family.
bool import_window(OnnxGraph& graph, const OnnxNode& node);   // onnx_windows.cpp
bool import_product(OnnxGraph& graph, const OnnxNode& node);  // onnx_products.cpp

}  // namespace edgecut::workloads
