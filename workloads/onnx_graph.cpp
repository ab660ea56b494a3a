#include "workloads/onnx_graph.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/errors.hpp"

namespace edgecut::workloads {

std::int64_t saturated_product(std::span<const std::int64_t> factors) {
  std::int64_t product = 1;
  for (const std::int64_t factor : factors) {
    if (__builtin_mul_overflow(product, factor, &product)) {
      return std::numeric_limits<std::int64_t>::max();
    }
  }
  return product;
}

std::int64_t OnnxTensor::elements() const { return saturated_product(dims); }

bool OnnxTensor::is_learned() const {
  const bool is_float = elem_type == onnx::TensorProto_DataType_FLOAT ||
                        elem_type == onnx::TensorProto_DataType_FLOAT16 ||
                        elem_type == onnx::TensorProto_DataType_BFLOAT16 ||
                        elem_type == onnx::TensorProto_DataType_DOUBLE;
  return is_constant && has_shape && is_float && elements() > 1;
}

std::string OnnxNode::name() const {
  if (!proto_.name().empty()) {
    return proto_.name();
  }
  return proto_.output_size() > 0 && !proto_.output(0).empty() ? proto_.output(0) : op();
}

std::vector<std::uint32_t> OnnxNode::layers() const {
  std::vector<std::uint32_t> layers;
  std::unordered_set<std::uint32_t> seen;
  for (const OnnxTensor* input : inputs_) {
    if (input != nullptr && !input->is_constant && seen.insert(input->layer).second) {
      layers.push_back(input->layer);
    }
  }
  return layers;
}

std::int64_t OnnxNode::learned_elements() const {
  std::int64_t sum = 0;
  for (const OnnxTensor* input : inputs_) {
    if (input != nullptr && input->is_learned() &&
        __builtin_add_overflow(sum, input->elements(), &sum)) {
      return std::numeric_limits<std::int64_t>::max();
    }
  }
  return sum;
}

const onnx::AttributeProto* OnnxNode::find(const char* attribute) const {
  for (const onnx::AttributeProto& candidate : proto_.attribute()) {
    if (candidate.name() == attribute) {
      return &candidate;
    }
  }
  return nullptr;
}

std::int64_t OnnxNode::integer_or(const char* attribute, std::int64_t otherwise) const {
  const onnx::AttributeProto* found = find(attribute);
  return found != nullptr && found->has_i() ? found->i() : otherwise;
}

std::vector<std::int64_t> OnnxNode::integers(const char* attribute) const {
  const onnx::AttributeProto* found = find(attribute);
  return found == nullptr ? std::vector<std::int64_t>()
                          : std::vector<std::int64_t>(found->ints().begin(), found->ints().end());
}

std::string OnnxNode::text_or(const char* attribute, const std::string& otherwise) const {
  const onnx::AttributeProto* found = find(attribute);
  return found != nullptr && found->has_s() ? found->s() : otherwise;
}

void OnnxGraph::fail(const OnnxNode& node, const std::string& what) const {
  throw base::ConfigError(where, "node \"" + node.name() + "\" (" + node.op() + "): " + what);
}

const OnnxTensor& OnnxGraph::need(const OnnxNode& node, std::size_t input) const {
  const OnnxTensor* tensor = node.find_input(input);
  if (tensor == nullptr) {
    fail(node, "input " + std::to_string(input) + " is missing");
  }
  if (!tensor->has_shape) {
    fail(node, "the shape of input " + std::to_string(input) + " is not known");
  }
  return *tensor;
}

void OnnxGraph::define(const OnnxNode& node, int index, std::vector<std::int64_t> dims,
                       std::uint32_t layer) {
  if (index >= node.proto().output_size()) {
    return;
  }
  OnnxTensor tensor;
  tensor.dims = std::move(dims);
  tensor.has_shape = true;
  tensor.layer = layer;
  if (const OnnxTensor* first = node.find_input(0); first != nullptr) {
    tensor.elem_type = first->elem_type;
  }
  tensors[node.proto().output(index)] = std::move(tensor);
}

void OnnxGraph::note(const OnnxNode& node, const std::string& what) {
  builder.note(node.op() + " \"" + node.name() + "\": " + what);
}

std::optional<std::size_t> onnx_axis(std::int64_t axis, std::size_t rank) {
  const auto size = static_cast<std::int64_t>(rank);
  if (axis < -size || axis >= size) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(axis < 0 ? axis + size : axis);
}

std::optional<std::vector<std::int64_t>> broadcast(const std::vector<std::int64_t>& a,
                                                   const std::vector<std::int64_t>& b) {
  const std::size_t rank = std::max(a.size(), b.size());
  std::vector<std::int64_t> result(rank, 1);
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) {
      return std::nullopt;
    }
    result[rank - 1 - i] = std::max(x, y);
  }
  return result;
}

}  // namespace edgecut::workloads
