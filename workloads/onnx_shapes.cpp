// Output shapes by the inference functions of the ONNX library, one node at a time.
//
// The library trusts its input: it divides by strides and copies raw data by its length. So a node
// is checked against its schema first, its numbers are bounded, and constants are handed over in
// tensors of our own. Subgraphs never reach it.
#include <algorithm>
#include <exception>
#include <limits>
#include <stdexcept>
#include <utility>

#include <onnx/defs/schema.h>

#include "workloads/onnx_graph.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::workloads {
namespace {

using onnx::TensorProto;

onnx::TypeProto type_of(const OnnxTensor& tensor) {
  onnx::TypeProto type;
  type.mutable_tensor_type()->set_elem_type(tensor.elem_type);
  if (tensor.has_shape) {
    onnx::TensorShapeProto* shape = type.mutable_tensor_type()->mutable_shape();
    for (const std::int64_t dim : tensor.dims) {
      shape->add_dim()->set_dim_value(dim);
    }
  }
  return type;
}

std::int64_t saturated_integer(double value) {
  constexpr double kLimit = 0x1p62;  // "to the end" in slices is larger
  if (value >= kLimit) {
    return std::numeric_limits<std::int64_t>::max();
  }
  return value > -kLimit ? static_cast<std::int64_t>(value)
                         : std::numeric_limits<std::int64_t>::min();
}

// Nothing for types that no shape depends on.
std::optional<TensorProto> data_of(const OnnxTensor& tensor) {
  if (!tensor.is_constant || !tensor.values || !tensor.has_shape) {
    return std::nullopt;
  }
  TensorProto data;
  data.set_data_type(tensor.elem_type);
  for (const std::int64_t dim : tensor.dims) {
    data.add_dims(dim);
  }
  for (const double value : *tensor.values) {
    switch (tensor.elem_type) {
      case onnx::TensorProto_DataType_INT64:
        data.add_int64_data(saturated_integer(value));
        break;
      case onnx::TensorProto_DataType_INT32:
        data.add_int32_data(static_cast<std::int32_t>(std::clamp<std::int64_t>(
            saturated_integer(value), std::numeric_limits<std::int32_t>::min(),
            std::numeric_limits<std::int32_t>::max())));
        break;
      case onnx::TensorProto_DataType_FLOAT:
        data.add_float_data(static_cast<float>(value));
        break;
      default:
        return std::nullopt;
    }
  }
  return data;
}

// One node as the inference functions see it.
class NodeContext final : public onnx::InferenceContext {
 public:
  explicit NodeContext(const OnnxNode& node)
      : node_(node), outputs_(static_cast<std::size_t>(node.proto().output_size())) {
    for (std::size_t i = 0; i < node.inputs(); ++i) {
      const OnnxTensor* tensor = node.find_input(i);
      types_.push_back(tensor == nullptr ? std::nullopt : std::optional(type_of(*tensor)));
      data_.push_back(tensor == nullptr ? std::nullopt : data_of(*tensor));
    }
  }

  const onnx::AttributeProto* getAttribute(const std::string& name) const override {
    return node_.find(name.c_str());
  }
  size_t getNumInputs() const override { return types_.size(); }
  const onnx::TypeProto* getInputType(size_t index) const override {
    return types_.at(index) ? &*types_[index] : nullptr;
  }
  const TensorProto* getInputData(size_t index) const override {
    return data_.at(index) ? &*data_[index] : nullptr;
  }
  size_t getNumOutputs() const override { return outputs_.size(); }
  onnx::TypeProto* getOutputType(size_t index) override { return &outputs_.at(index); }
  onnx::GraphInferencer* getGraphAttributeInferencer(const std::string&) override {
    throw std::runtime_error("subgraphs are not followed");
  }
  const onnx::SparseTensorProto* getInputSparseData(size_t) const override { return nullptr; }
  const onnx::TensorShapeProto* getSymbolicInput(size_t) const override { return nullptr; }

 private:
  const OnnxNode& node_;
  std::vector<std::optional<onnx::TypeProto>> types_;
  std::vector<std::optional<TensorProto>> data_;
  std::vector<onnx::TypeProto> outputs_;
};

bool within(std::int64_t value, std::int64_t low) { return value >= low && value <= kDimensionMax; }

// Numbers with which the inference can calculate without overflow or division by zero.
bool has_sound_numbers(const OnnxNode& node) {
  for (const onnx::AttributeProto& attribute : node.proto().attribute()) {
    const std::string& name = attribute.name();
    const bool divides = name == "strides" || name == "dilations" || name == "kernel_shape" ||
                         name == "group" || name == "blocksize" || name == "hidden_size" ||
                         name == "num_outputs" || name == "num_groups";
    const std::int64_t low = divides ? 1 : -kDimensionMax;
    // The bounds of slices may be as large as they like: "to the end".
    const bool is_bound = node.op() == "Slice" && (name == "starts" || name == "ends");
    if (!is_bound && attribute.has_i() && !within(attribute.i(), low)) {
      return false;
    }
    for (const std::int64_t value : attribute.ints()) {
      if (!is_bound && !within(value, low)) {
        return false;
      }
    }
  }
  return true;
}

// The operators whose inference was seen to survive damaged files (the tests flip bytes around each
// of them). Windows and products have shapes of our own; control flow, equations and the like,
// whose functions trust their attributes, have none.
bool is_trusted(const std::string& op) {
  static const std::unordered_set<std::string> trusted = {
      // Views and moves.
      "Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Slice",
      "Split", "Concat", "Pad", "Gather", "GatherElements", "GatherND", "Expand", "Tile",
      "DepthToSpace", "SpaceToDepth", "ScatterND", "ScatterElements", "OneHot", "Trilu", "Compress",
      "Resize", "Upsample",
      // Constants.
      "Constant", "ConstantOfShape", "Shape", "Size", "Range",
      // Reductions.
      "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
      "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare", "ArgMax", "ArgMin", "TopK",
      // What is computed element by element, over constants as well.
      "Add", "Sub", "Mul", "Div", "Pow", "Mod", "Sum", "Mean", "Max", "Min", "Where", "Equal",
      "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "And", "Or", "Not", "Neg", "Abs", "Sqrt",
      "Exp", "Log", "Erf", "Floor", "Ceil", "Reciprocal"};
  return trusted.count(op) > 0;
}

const onnx::OpSchema* schema_of(const OnnxGraph& graph, const OnnxNode& node) {
  std::string domain = node.proto().domain();
  if (domain == "ai.onnx") {
    domain.clear();
  }
  const auto version = graph.operator_sets.find(domain);
  if (version == graph.operator_sets.end() || !within(version->second, 1)) {
    return nullptr;
  }
  return onnx::OpSchemaRegistry::Schema(node.op(), static_cast<int>(version->second), domain);
}

// Every input that the schema demands is there: the functions do not look again.
bool has_required_inputs(const onnx::OpSchema& schema, const OnnxNode& node) {
  for (std::size_t i = 0; i < schema.inputs().size(); ++i) {
    if (schema.inputs()[i].GetOption() == onnx::OpSchema::Single && node.find_input(i) == nullptr) {
      return false;
    }
  }
  return true;
}

OnnxTensor output_of(const onnx::TypeProto& type) {
  OnnxTensor tensor;
  if (!type.has_tensor_type()) {
    return tensor;
  }
  tensor.elem_type = type.tensor_type().elem_type();
  if (!type.tensor_type().has_shape() ||
      static_cast<std::size_t>(type.tensor_type().shape().dim_size()) > kOnnxRankMax) {
    return tensor;
  }
  for (const auto& dim : type.tensor_type().shape().dim()) {
    if (!dim.has_dim_value() || !within(dim.dim_value(), 1)) {
      return tensor;
    }
    tensor.dims.push_back(dim.dim_value());
  }
  tensor.has_shape = true;
  return tensor;
}

}  // namespace

std::vector<OnnxTensor> infer_outputs(const OnnxGraph& graph, const OnnxNode& node) {
  const auto count = static_cast<std::size_t>(node.proto().output_size());
  std::vector<OnnxTensor> outputs(count);
  const onnx::OpSchema* schema = is_trusted(node.op()) ? schema_of(graph, node) : nullptr;
  if (schema == nullptr || !schema->has_type_and_shape_inference_function() ||
      !has_sound_numbers(node) || !has_required_inputs(*schema, node)) {
    return outputs;
  }
  try {
    schema->Verify(node.proto());
    NodeContext context(node);
    schema->GetTypeAndShapeInferenceFunction()(context);
    for (std::size_t i = 0; i < count; ++i) {
      outputs[i] = output_of(*context.getOutputType(i));
    }
  } catch (const std::exception&) {
    outputs.assign(count, {});  // the caller falls back, or says what it could not do
  }
  return outputs;
}

}  // namespace edgecut::workloads
