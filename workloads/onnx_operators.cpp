// All operators but windows and products, and what happens to those that nobody knows.
#include <algorithm>
#include <utility>

#include "workloads/onnx_graph.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::workloads {
namespace {

using Dims = std::vector<std::int64_t>;
constexpr std::int64_t kNormFlop = 7;  // as layer_norm

struct Unary {
  LayerType type;
  std::int64_t flop = 1;  // of pointwise ones
};

// One input and parameters at most; the output has the input's shape. A function that takes an
// exponential, a logarithm or a root counts two flop an element, as sigmoid and tanh do.
const std::unordered_map<std::string, Unary>& unary_operators() {
  using enum LayerType;
  static const std::unordered_map<std::string, Unary> table = {
      {"Relu", {kRelu}},
      {"LeakyRelu", {kRelu}},
      {"ThresholdedRelu", {kRelu}},
      {"Sigmoid", {kSigmoid}},
      {"Tanh", {kTanh}},
      {"Clip", {kHardTanh}},
      {"Softmax", {kSoftmax}},
      {"LogSoftmax", {kSoftmax}},
      {"Hardmax", {kSoftmax}},
      {"Dropout", {kDropout}},
      {"Elu", {kPointwise, 2}},
      {"Selu", {kPointwise, 2}},
      {"Celu", {kPointwise, 2}},
      {"Softplus", {kPointwise, 2}},
      {"Softsign", {kPointwise, 2}},
      {"HardSigmoid", {kPointwise, 2}},
      {"HardSwish", {kPointwise, 3}},
      {"Swish", {kPointwise, 3}},
      {"Silu", {kPointwise, 3}},
      {"Mish", {kPointwise, 5}},
      {"Gelu", {kPointwise, 5}},
      {"FastGelu", {kPointwise, 5}},
      {"QuickGelu", {kPointwise, 3}},
      {"BiasGelu", {kPointwise, 6}},
      {"Exp", {kPointwise, 2}},
      {"Log", {kPointwise, 2}},
      {"Sqrt", {kPointwise, 2}},
      {"Erf", {kPointwise, 2}},
      {"Sin", {kPointwise, 2}},
      {"Cos", {kPointwise, 2}},
      {"Tan", {kPointwise, 2}},
      {"Atan", {kPointwise, 2}},
      {"Reciprocal", {kPointwise, 1}},
      {"Abs", {kPointwise, 1}},
      {"Neg", {kPointwise, 1}},
      {"Floor", {kPointwise, 1}},
      {"Ceil", {kPointwise, 1}},
      {"Round", {kPointwise, 1}},
      {"Sign", {kPointwise, 1}},
      {"Not", {kPointwise, 1}},
      {"IsNaN", {kPointwise, 1}},
      {"IsInf", {kPointwise, 1}},
      {"Cast", {kPointwise, 1}},
      {"CastLike", {kPointwise, 1}},
      {"QuantizeLinear", {kPointwise, 3}},
      {"DequantizeLinear", {kPointwise, 2}},
      {"DynamicQuantizeLinear", {kPointwise, 5}},
      {"Shrink", {kPointwise, 2}},
      {"CumSum", {kPointwise, 1}},
      {"LpNormalization", {kPointwise, 3}},
      {"MeanVarianceNormalization", {kPointwise, 5}},
      {"InstanceNormalization", {kPointwise, kNormFlop}},
      {"GroupNormalization", {kPointwise, kNormFlop}}};
  return table;
}

// Any number of inputs, repeated to a common shape; one flop an output element and further input.
bool is_elementwise(const std::string& op) {
  static const std::unordered_set<std::string> names = {"Add",
                                                        "Sub",
                                                        "Mul",
                                                        "Div",
                                                        "Sum",
                                                        "Mean",
                                                        "Max",
                                                        "Min",
                                                        "Pow",
                                                        "Mod",
                                                        "PRelu",
                                                        "Where",
                                                        "And",
                                                        "Or",
                                                        "Xor",
                                                        "Equal",
                                                        "Greater",
                                                        "Less",
                                                        "GreaterOrEqual",
                                                        "LessOrEqual",
                                                        "BitShift"};
  return names.count(op) > 0;
}

// The same elements in the same order under another shape.
bool is_view(const std::string& op) {
  static const std::unordered_set<std::string> names = {"Identity", "Reshape", "Squeeze",
                                                        "Unsqueeze", "Flatten"};
  return names.count(op) > 0;
}

// Elements are copied to other places, repeated or left out.
bool is_move(const std::string& op) {
  static const std::unordered_set<std::string> names = {
      "Transpose",      "Slice",     "Split",           "Pad",          "Gather",
      "GatherElements", "GatherND",  "Expand",          "Tile",         "DepthToSpace",
      "SpaceToDepth",   "ScatterND", "ScatterElements", "Scatter",      "ReverseSequence",
      "Trilu",          "OneHot",    "Compress",        "CenterCropPad"};
  return names.count(op) > 0;
}

std::int64_t learned_or_limit(const OnnxNode& node) {
  return std::min(node.learned_elements(), kElementsMax + 1);
}

// Dimensions of output `index`: inferred, else as the file states them, else those of the first
// activation, with a note.
Dims output_dims(OnnxGraph& graph, const OnnxNode& node, const std::vector<OnnxTensor>& inferred,
                 std::size_t index) {
  if (index < inferred.size() && inferred[index].has_shape) {
    return inferred[index].dims;
  }
  const std::string& name = node.proto().output(static_cast<int>(index));
  if (const auto stated = graph.declared.find(name);
      stated != graph.declared.end() && stated->second.has_shape) {
    return stated->second.dims;
  }
  for (std::size_t i = 0; i < node.inputs(); ++i) {
    const OnnxTensor* input = node.find_input(i);
    if (input != nullptr && !input->is_constant && input->has_shape) {
      graph.note(node,
                 "the shape of output \"" + name + "\" cannot be told; assumed that of its input");
      return input->dims;
    }
  }
  graph.fail(node, "the shape of its output cannot be told");
}

// One layer for each output that is read: the first does the work, others are parts of its result.
void add_layers(OnnxGraph& graph, const OnnxNode& node, LayerType type, LayerParameters p) {
  const std::vector<OnnxTensor> inferred = infer_outputs(graph, node);
  std::optional<std::uint32_t> first;
  for (int i = 0; i < node.proto().output_size(); ++i) {
    const std::string& name = node.proto().output(i);
    if (name.empty() || graph.used.count(name) == 0) {
      continue;
    }
    const Dims dims = output_dims(graph, node, inferred, static_cast<std::size_t>(i));
    p.output = fold_shape(dims);
    std::uint32_t layer = 0;
    if (!first || type == LayerType::kMove) {
      layer = graph.builder.add(first ? name : node.name(), type, node.layers(), p);
      first = layer;
    } else {
      LayerParameters part;
      part.output = p.output;
      layer = graph.builder.add(name, LayerType::kMove, {*first}, part);
    }
    graph.define(node, i, dims, layer);
    if (static_cast<std::size_t>(i) < inferred.size() &&
        inferred[static_cast<std::size_t>(i)].has_shape) {
      graph.tensors[name].elem_type = inferred[static_cast<std::size_t>(i)].elem_type;
    }
  }
}

void import_unary(OnnxGraph& graph, const OnnxNode& node, const Unary& unary) {
  const OnnxTensor& input = graph.need(node, 0);
  const std::vector<std::uint32_t> layers = node.layers();
  const bool is_plain = unary.type != LayerType::kPointwise && !input.is_constant;
  LayerParameters p;
  if (!is_plain) {
    p.flop_per_element = unary.flop;
    p.output = fold_shape(input.dims);
    p.weights = learned_or_limit(node);
  }
  const std::uint32_t layer =
      is_plain ? graph.builder.add(node.name(), unary.type, {input.layer}, p)
               : graph.builder.add(node.name(), LayerType::kPointwise, layers, p);
  for (int i = 0; i < node.proto().output_size(); ++i) {
    graph.define(node, i, input.dims, layer);  // a dropout's mask is never read at inference
  }
}

void import_elementwise(OnnxGraph& graph, const OnnxNode& node) {
  std::optional<Dims> dims = Dims();
  std::int64_t operands = 0;
  bool has_constant = false;
  for (std::size_t i = 0; i < node.inputs(); ++i) {
    if (node.find_input(i) == nullptr) {
      continue;
    }
    const OnnxTensor& input = graph.need(node, i);
    dims = broadcast(*dims, input.dims);
    if (!dims) {
      graph.fail(node, "the shapes of its inputs do not fit");
    }
    has_constant = has_constant || input.is_constant;
    ++operands;
  }
  const std::vector<std::uint32_t> layers = node.layers();
  const Shape shape = fold_shape(*dims);
  const bool are_equal = std::all_of(layers.begin(), layers.end(), [&](std::uint32_t layer) {
    return graph.builder.shape(layer) == shape;
  });
  LayerParameters p;
  LayerType type = LayerType::kEltwise;
  if (has_constant || !are_equal || static_cast<std::int64_t>(layers.size()) != operands ||
      operands < 2) {
    type = LayerType::kPointwise;
    p.output = shape;
    p.flop_per_element = std::max<std::int64_t>(operands - 1, 1);
    p.weights = learned_or_limit(node);
  }
  graph.define(node, 0, *dims, graph.builder.add(node.name(), type, layers, p));
}

void import_batch_norm(OnnxGraph& graph, const OnnxNode& node) {
  const OnnxTensor& input = graph.need(node, 0);
  if (input.is_constant || input.dims.size() < 2) {
    graph.fail(node, "expected an activation of rank 2 or more");
  }
  LayerParameters p;
  LayerType type = LayerType::kBatchNorm;
  if (input.dims.size() > 4) {  // the channels are no axis of their own
    type = LayerType::kPointwise;
    p.flop_per_element = 2;
    p.weights = 2 * input.dims[1];
  }
  graph.define(node, 0, input.dims, graph.builder.add(node.name(), type, {input.layer}, p));
}

// Scale and shift over the axes from `axis` on; the mean and deviation are outputs for training.
void import_layer_norm(OnnxGraph& graph, const OnnxNode& node) {
  const OnnxTensor& input = graph.need(node, 0);
  const auto axis = onnx_axis(node.integer_or("axis", -1), input.dims.size());
  const std::vector<std::uint32_t> layers = node.layers();
  const std::int64_t place =
      axis ? fold_axis(static_cast<std::int64_t>(*axis), input.dims.size()) : 0;
  LayerParameters p;
  if (place < 1 || layers.size() != 1 || node.op() != "LayerNormalization") {
    p.flop_per_element = kNormFlop;
    p.weights = learned_or_limit(node);
    p.output = fold_shape(input.dims);
    graph.define(node, 0, input.dims,
                 graph.builder.add(node.name(), LayerType::kPointwise, layers, p));
    return;
  }
  p.axis = place;
  p.bias = node.find_input(2) != nullptr;
  graph.define(node, 0, input.dims,
               graph.builder.add(node.name(), LayerType::kLayerNorm, layers, p));
}

void import_concat(OnnxGraph& graph, const OnnxNode& node) {
  Dims dims = graph.need(node, 0).dims;
  const auto axis = onnx_axis(node.integer_or("axis", 1), dims.size());
  if (!axis) {
    graph.fail(node, "its axis is out of range");
  }
  for (std::size_t i = 1; i < node.inputs(); ++i) {
    Dims other = graph.need(node, i).dims;
    if (other.size() != dims.size()) {
      graph.fail(node, "its inputs differ in rank");
    }
    const std::int64_t size = other[*axis];
    other[*axis] = dims[*axis];
    if (other != dims || __builtin_add_overflow(dims[*axis], size, &dims[*axis])) {
      graph.fail(node, "the shapes of its inputs do not fit");
    }
  }
  const std::vector<std::uint32_t> layers = node.layers();
  LayerParameters p;
  if (node.inputs() == 1) {
    graph.define(node, 0, dims, layers.front());
    return;
  }
  if (layers.size() != node.inputs()) {  // a constant among them, or one layer twice
    p.output = fold_shape(dims);
    p.weights = learned_or_limit(node);
    graph.define(node, 0, dims, graph.builder.add(node.name(), LayerType::kMove, layers, p));
    return;
  }
  p.axis = fold_axis(static_cast<std::int64_t>(*axis), dims.size());
  graph.define(node, 0, dims, graph.builder.add(node.name(), LayerType::kConcat, layers, p));
}

void import_view(OnnxGraph& graph, const OnnxNode& node) {
  const OnnxTensor& input = graph.need(node, 0);
  Dims dims = input.dims;
  if (node.op() != "Identity") {
    dims = output_dims(graph, node, infer_outputs(graph, node), 0);
  }
  const Shape& before = graph.builder.shape(input.layer);
  const Shape after = fold_shape(dims);
  std::uint32_t layer = input.layer;
  if (after != before) {
    LayerParameters p;
    const Shape flat{.batch = before.batch,
                     .channels = before.channels * before.height * before.width};
    const bool is_flat = after == flat;
    if (!is_flat) {
      p.output = after;
    }
    layer = graph.builder.add(node.name(), is_flat ? LayerType::kFlatten : LayerType::kReshape,
                              {input.layer}, p);
  }
  graph.define(node, 0, dims, layer);
}

// Nearest neighbours are copies; the others weigh 2 or 4 along each of two axes.
void import_resize(OnnxGraph& graph, const OnnxNode& node) {
  const std::string mode = node.text_or("mode", "nearest");
  LayerParameters p;
  if (mode == "nearest") {
    add_layers(graph, node, LayerType::kMove, p);
    return;
  }
  p.flop_per_element = mode == "cubic" ? 2 * 16 : 2 * 4;
  add_layers(graph, node, LayerType::kPointwise, p);
}

void import_lrn(OnnxGraph& graph, const OnnxNode& node) {
  LayerParameters p;
  p.local_size = node.integer_or("size", 0);
  const OnnxTensor& input = graph.need(node, 0);
  graph.define(node, 0, input.dims,
               graph.builder.add(node.name(), LayerType::kLrn, node.layers(), p));
}

bool import_named(OnnxGraph& graph, const OnnxNode& node) {
  const std::string& op = node.op();
  LayerParameters p;
  if (const auto unary = unary_operators().find(op); unary != unary_operators().end()) {
    import_unary(graph, node, unary->second);
  } else if (is_elementwise(op)) {
    import_elementwise(graph, node);
  } else if (is_view(op)) {
    import_view(graph, node);
  } else if (is_move(op)) {
    p.weights = learned_or_limit(node);
    add_layers(graph, node, LayerType::kMove, p);
  } else if (op == "Concat") {
    import_concat(graph, node);
  } else if (op == "BatchNormalization") {
    import_batch_norm(graph, node);
  } else if (op == "LayerNormalization" || op == "SkipLayerNormalization" ||
             op == "SimplifiedLayerNormalization" || op == "RMSNormalization") {
    import_layer_norm(graph, node);
  } else if (op == "LRN") {
    import_lrn(graph, node);
  } else if (op == "Resize" || op == "Upsample") {
    import_resize(graph, node);
  } else if (op.rfind("Reduce", 0) == 0 || op == "ArgMax" || op == "ArgMin" || op == "TopK") {
    add_layers(graph, node, LayerType::kReduce, p);
  } else {
    return false;
  }
  return true;
}

}  // namespace

void import_node(OnnxGraph& graph, const OnnxNode& node) {
  if (import_window(graph, node) || import_product(graph, node) || import_named(graph, node)) {
    return;
  }
  LayerParameters p;
  p.weights = learned_or_limit(node);
  graph.note(node,
             "no rule for this operator; assumed one flop an output element, and its "
             "constants as parameters");
  add_layers(graph, node, LayerType::kPointwise, p);
}

}  // namespace edgecut::workloads
