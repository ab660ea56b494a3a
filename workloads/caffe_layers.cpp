// The layers of Caffe, one rule a type.
#include <algorithm>
#include <functional>
#include <unordered_map>

#include "workloads/caffe_graph.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::workloads {
namespace {

using Names = std::vector<std::string>;

void write(CaffeGraph& graph, const CaffeLayer& layer, std::uint32_t id) {
  for (const std::string& top : layer.tops) {
    graph.blobs[top] = id;
  }
}

void add(CaffeGraph& graph, const CaffeLayer& layer, LayerType type, const LayerParameters& p) {
  static_cast<void>(graph.shape(layer));  // has a bottom
  write(graph, layer, graph.builder.add(layer.name, type, layer.inputs, p));
}

void add_pointwise(CaffeGraph& graph, const CaffeLayer& layer, std::int64_t flop,
                   std::int64_t weights) {
  LayerParameters p;
  p.flop_per_element = flop;
  p.weights = weights;
  add(graph, layer, LayerType::kPointwise, p);
}

// Height and width of what may be given once ("stride"), twice ("stride: 1 stride: 2"), or by axis
// ("stride_h", "stride_w").
struct Pair {
  std::int64_t height, width;
};

Pair pair_of(const CaffeGraph& graph, const CaffeParameters& parameters, const char* both,
             const char* height, const char* width, std::int64_t otherwise) {
  const std::vector<std::int64_t> values = parameters.integers(both);
  if (values.size() > 2) {
    graph.fail(*parameters.find(both), std::string(both) + " is given " +
                                           std::to_string(values.size()) +
                                           " times: networks over volumes are not supported");
  }
  const Pair shared{values.empty() ? otherwise : values.front(),
                    values.empty() ? otherwise : values.back()};
  return {height == nullptr ? shared.height : parameters.integer_or(height, shared.height),
          width == nullptr ? shared.width : parameters.integer_or(width, shared.width)};
}

void set_window(const CaffeGraph& graph, const CaffeParameters& parameters, LayerParameters& p) {
  const Pair kernel = pair_of(graph, parameters, "kernel_size", "kernel_h", "kernel_w", 0);
  const Pair stride = pair_of(graph, parameters, "stride", "stride_h", "stride_w", 1);
  const Pair pad = pair_of(graph, parameters, "pad", "pad_h", "pad_w", 0);
  const Pair dilation = pair_of(graph, parameters, "dilation", nullptr, nullptr, 1);
  p.kernel_height = kernel.height;
  p.kernel_width = kernel.width;
  p.stride = stride.height;
  if (stride.width != stride.height) {
    p.stride_width = stride.width;
  }
  p.dilation = dilation.height;
  if (dilation.width != dilation.height) {
    p.dilation_width = dilation.width;
  }
  p.pad = pad.height;
  if (pad.width != pad.height) {
    p.pad = 0;
    p.padding = Padding{pad.height, pad.width, pad.height, pad.width};
  }
}

const Names& window_fields() {
  static const Names names = {
      "num_output", "bias_term",     "pad",         "pad_h",    "pad_w",    "kernel_size",
      "kernel_h",   "kernel_w",      "stride",      "stride_h", "stride_w", "dilation",
      "group",      "weight_filler", "bias_filler", "engine",   "axis",     "force_nd_im2col"};
  return names;
}

LayerParameters window_layer(CaffeGraph& graph, const CaffeLayer& layer, const char* message) {
  const CaffeParameters parameters(graph, layer, message, window_fields());
  LayerParameters p;
  p.outputs = parameters.integer("num_output");
  p.groups = parameters.integer_or("group", 1);
  p.bias = parameters.flag_or("bias_term", true);
  set_window(graph, parameters, p);
  return p;
}

void convolution(CaffeGraph& graph, const CaffeLayer& layer) {
  LayerParameters p = window_layer(graph, layer, "convolution_param");
  if (layer.type != "CONVOLUTION") {  // the depthwise types of forks
    p.groups = graph.shape(layer).channels;
  }
  add(graph, layer, LayerType::kConvolution, p);
}

void local(CaffeGraph& graph, const CaffeLayer& layer) {
  add(graph, layer, LayerType::kLocal, window_layer(graph, layer, "local_param"));
}

// Each input element is multiplied with every tap of every output channel of its group.
void deconvolution(CaffeGraph& graph, const CaffeLayer& layer) {
  const LayerParameters w = window_layer(graph, layer, "convolution_param");
  const Shape& input = graph.shape(layer);
  const Padding sides = w.sides();
  const auto size = [](std::int64_t in, std::int64_t stride, std::int64_t dilation,
                       std::int64_t kernel, std::int64_t pads) {
    return stride * (in - 1) + dilation * (kernel - 1) + 1 - pads;
  };
  if (w.groups < 1 || w.outputs % w.groups != 0 || w.kernel_height < 1 || w.kernel_width < 1 ||
      w.kernel_height > 4096 || w.kernel_width > 4096) {
    graph.fail(*layer.field, "layer \"" + layer.name + "\": its kernel or groups do not fit");
  }
  LayerParameters p;
  p.output =
      Shape{input.batch, w.outputs,
            size(input.height, w.stride, w.dilation, w.kernel_height, sides.top + sides.bottom),
            size(input.width, w.stride_columns(), w.dilation_columns(), w.kernel_width,
                 sides.left + sides.right)};
  const std::int64_t taps = w.outputs / w.groups * w.kernel_height * w.kernel_width;
  if (__builtin_mul_overflow(2 * taps, input.elements(), &p.work_flop)) {
    p.work_flop = kWorkMaxFlop + 1;
  }
  p.weights = input.channels * taps + (w.bias ? w.outputs : 0);
  add(graph, layer, LayerType::kOther, p);
}

void pooling(CaffeGraph& graph, const CaffeLayer& layer) {
  const CaffeParameters parameters(
      graph, layer, "pooling_param",
      {"pool", "pad", "pad_h", "pad_w", "kernel_size", "kernel_h", "kernel_w", "stride", "stride_h",
       "stride_w", "engine", "global_pooling", "round_mode", "ceil_mode"});
  LayerParameters p;
  p.global_pooling = parameters.flag_or("global_pooling", false);
  if (!p.global_pooling) {
    set_window(graph, parameters, p);
    p.round_up = parameters.text_or("round_mode", "CEIL") != "FLOOR" &&
                 parameters.flag_or("ceil_mode", true);
  }
  add(graph, layer, LayerType::kPooling, p);
}

std::int64_t axis_of(const CaffeGraph& graph, const CaffeLayer& layer, std::int64_t axis) {
  constexpr std::int64_t kRank = 4;
  if (axis < -kRank || axis >= kRank) {
    graph.fail(*layer.field,
               "layer \"" + layer.name + "\": axis " + std::to_string(axis) + " is out of range");
  }
  return axis < 0 ? axis + kRank : axis;
}

void inner_product(CaffeGraph& graph, const CaffeLayer& layer) {
  const CaffeParameters parameters(
      graph, layer, "inner_product_param",
      {"num_output", "bias_term", "weight_filler", "bias_filler", "axis", "transpose"});
  LayerParameters p;
  p.outputs = parameters.integer("num_output");
  p.bias = parameters.flag_or("bias_term", true);
  p.axis = axis_of(graph, layer, parameters.signed_or("axis", 1));
  add(graph, layer, LayerType::kFullyConnected, p);
}

void lrn(CaffeGraph& graph, const CaffeLayer& layer) {
  const CaffeParameters parameters(graph, layer, "lrn_param",
                                   {"local_size", "alpha", "beta", "norm_region", "k", "engine"});
  LayerParameters p;
  p.local_size = parameters.integer_or("local_size", 5);
  if (parameters.text_or("norm_region", "ACROSS_CHANNELS") == "WITHIN_CHANNEL") {
    p.local_size = std::min(p.local_size * p.local_size, kDimensionMax);  // a square of neighbours
  }
  add(graph, layer, LayerType::kLrn, p);
}

void prelu(CaffeGraph& graph, const CaffeLayer& layer) {
  const CaffeParameters parameters(graph, layer, "prelu_param", {"filler", "channel_shared"});
  add_pointwise(graph, layer, 1,
                parameters.flag_or("channel_shared", false) ? 1 : graph.shape(layer).channels);
}

// Scale and shift for each channel, or by a second bottom.
void scale(CaffeGraph& graph, const CaffeLayer& layer) {
  const CaffeParameters parameters(graph, layer, "scale_param",
                                   {"axis", "num_axes", "filler", "bias_term", "bias_filler"});
  const bool has_bias = parameters.flag_or("bias_term", false);
  const std::int64_t channels = graph.shape(layer).channels;
  const std::int64_t scales = layer.inputs.size() > 1 ? 0 : channels;
  add_pointwise(graph, layer, has_bias ? 2 : 1, scales + (has_bias ? channels : 0));
}

void bias(CaffeGraph& graph, const CaffeLayer& layer) {
  const CaffeParameters parameters(graph, layer, "bias_param", {"axis", "num_axes", "filler"});
  add_pointwise(graph, layer, 1, layer.inputs.size() > 1 ? 0 : graph.shape(layer).channels);
}

void concat(CaffeGraph& graph, const CaffeLayer& layer) {
  const CaffeParameters parameters(graph, layer, "concat_param", {"axis", "concat_dim"});
  LayerParameters p;
  p.axis =
      axis_of(graph, layer, parameters.signed_or("axis", parameters.integer_or("concat_dim", 1)));
  static_cast<void>(graph.shape(layer));
  if (layer.inputs.size() == 1) {
    write(graph, layer, layer.inputs.front());
  } else {
    add(graph, layer, LayerType::kConcat, p);
  }
}

// The tops share the channels equally, or are cut at slice_point.
void slice(CaffeGraph& graph, const CaffeLayer& layer) {
  const CaffeParameters parameters(graph, layer, "slice_param",
                                   {"axis", "slice_dim", "slice_point"});
  const std::int64_t axis =
      axis_of(graph, layer, parameters.signed_or("axis", parameters.integer_or("slice_dim", 1)));
  if (axis != 1) {
    graph.fail(*layer.field, "layer \"" + layer.name + "\": only channels can be sliced");
  }
  const Shape input = graph.shape(layer);
  std::vector<std::int64_t> points = parameters.integers("slice_point");
  const auto tops = static_cast<std::int64_t>(layer.tops.size());
  if (points.empty()) {
    for (std::int64_t i = 1; i < tops; ++i) {
      points.push_back(input.channels * i / tops);
    }
  }
  points.push_back(input.channels);
  if (points.size() != layer.tops.size() || !std::is_sorted(points.begin(), points.end())) {
    graph.fail(*layer.field, "layer \"" + layer.name + "\": slice_point does not fit its tops");
  }
  std::int64_t from = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    LayerParameters p;
    p.output = input;
    p.output->channels = points[i] - from;
    from = points[i];
    graph.blobs[layer.tops[i]] =
        graph.builder.add(layer.name + "_" + layer.tops[i], LayerType::kMove, layer.inputs, p);
  }
}

void reshape(CaffeGraph& graph, const CaffeLayer& layer) {
  const CaffeParameters parameters(graph, layer, "reshape_param", {"shape", "axis", "num_axes"});
  const Shape& input = graph.shape(layer);
  std::vector<std::int64_t> before = {input.batch, input.channels, input.height, input.width};
  const ProtoField* shape = parameters.find("shape");
  std::vector<std::int64_t> dims;
  std::int64_t known = 1;
  std::optional<std::size_t> open;
  for (const ProtoField& dim : shape == nullptr ? std::vector<ProtoField>() : shape->fields) {
    std::int64_t size = caffe_integer(graph, dim, -1);
    if (size == 0 && dims.size() < before.size()) {
      size = before[dims.size()];
    } else if (size == -1) {
      open = dims.size();
      size = 1;
    }
    dims.push_back(size);
    known = std::min(known * std::max<std::int64_t>(size, 1), kElementsMax);
  }
  if (dims.empty() || dims.size() > 4) {
    graph.fail(*layer.field, "layer \"" + layer.name + "\": expected one to four dimensions");
  }
  if (open) {
    dims[*open] = std::max<std::int64_t>(input.elements() / known, 1);
  }
  LayerParameters p;
  p.output = fold_shape(dims);
  add(graph, layer, LayerType::kReshape, p);
}

void argmax(CaffeGraph& graph, const CaffeLayer& layer) {
  const CaffeParameters parameters(graph, layer, "argmax_param", {"out_max_val", "top_k", "axis"});
  add(graph, layer, LayerType::kArgmax, {});
}

void split(CaffeGraph& graph, const CaffeLayer& layer) {
  static_cast<void>(graph.shape(layer));
  write(graph, layer, layer.inputs.front());
}

// Layers told by their type alone.
std::optional<LayerType> plain_type(const std::string& type) {
  static const std::unordered_map<std::string, LayerType> types = {
      {"RELU", LayerType::kRelu},       {"SIGMOID", LayerType::kSigmoid},
      {"TANH", LayerType::kTanh},       {"CLIP", LayerType::kHardTanh},
      {"RELU6", LayerType::kHardTanh},  {"HARDTANH", LayerType::kHardTanh},
      {"HTANH", LayerType::kHardTanh},  {"SOFTMAX", LayerType::kSoftmax},
      {"DROPOUT", LayerType::kDropout}, {"ELTWISE", LayerType::kEltwise},
      {"FLATTEN", LayerType::kFlatten}};
  const auto found = types.find(type);
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

// Pointwise functions by their flop an element; batch norm's scale is a layer of its own in Caffe.
std::optional<std::int64_t> function_flop(const std::string& type) {
  static const std::unordered_map<std::string, std::int64_t> functions = {
      {"ELU", 2}, {"BNLL", 2},  {"EXP", 2},       {"LOG", 2},       {"POWER", 3},    {"ABSVAL", 1},
      {"MVN", 5}, {"SWISH", 3}, {"THRESHOLD", 1}, {"BATCHNORM", 2}, {"NORMALIZE", 3}};
  const auto found = functions.find(type);
  return found == functions.end() ? std::nullopt : std::optional(found->second);
}

using Rule = void (*)(CaffeGraph&, const CaffeLayer&);

const std::unordered_map<std::string, Rule>& rules() {
  static const std::unordered_map<std::string, Rule> table = {{"CONVOLUTION", convolution},
                                                              {"CONVOLUTIONDEPTHWISE", convolution},
                                                              {"DEPTHWISECONVOLUTION", convolution},
                                                              {"LOCAL", local},
                                                              {"DECONVOLUTION", deconvolution},
                                                              {"POOLING", pooling},
                                                              {"INNERPRODUCT", inner_product},
                                                              {"LRN", lrn},
                                                              {"PRELU", prelu},
                                                              {"SCALE", scale},
                                                              {"BIAS", bias},
                                                              {"CONCAT", concat},
                                                              {"SLICE", slice},
                                                              {"RESHAPE", reshape},
                                                              {"ARGMAX", argmax},
                                                              {"SPLIT", split}};
  return table;
}

}  // namespace

void import_caffe_layer(CaffeGraph& graph, const CaffeLayer& layer) {
  if (const auto rule = rules().find(layer.type); rule != rules().end()) {
    rule->second(graph, layer);
  } else if (const auto type = plain_type(layer.type)) {
    add(graph, layer, *type, {});
  } else if (const auto flop = function_flop(layer.type)) {
    add_pointwise(graph, layer, *flop, 0);
  } else {
    graph.note(layer,
               "no rule for this type; assumed one flop an element and the shape of its input");
    add_pointwise(graph, layer, 1, 0);
  }
}

}  // namespace edgecut::workloads
