// Convolutions and pools.
#include <algorithm>

#include "workloads/onnx_graph.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::workloads {
namespace {

using Dims = std::vector<std::int64_t>;

// Kernel, stride, dilation and padding along each spatial axis.
struct Window {
  Dims kernel, strides, dilations, before, after;
};

Dims sized(const OnnxGraph& graph, const OnnxNode& node, const char* attribute, std::size_t size,
           std::int64_t low) {
  Dims values = node.integers(attribute);
  if (values.empty()) {
    return Dims(size, low);
  }
  if (values.size() != size) {
    graph.fail(node, std::string(attribute) + " has " + std::to_string(values.size()) +
                         " numbers, expected " + std::to_string(size));
  }
  for (const std::int64_t value : values) {
    if (value < low || value > kDimensionMax) {
      graph.fail(node, std::string(attribute) + " holds " + std::to_string(value) + ", allowed: " +
                           std::to_string(low) + " to " + std::to_string(kDimensionMax));
    }
  }
  return values;
}

// `kernel` comes from the weights of convolutions, else from the attribute.
Window window_of(const OnnxGraph& graph, const OnnxNode& node, const Dims& input, Dims kernel) {
  const std::size_t axes = input.size() - 2;
  const Dims given = sized(graph, node, "kernel_shape", axes, 1);
  if (kernel.empty()) {
    kernel = given;
  } else if (node.find("kernel_shape") != nullptr && kernel != given) {
    graph.fail(node, "kernel_shape differs from the weights");
  }
  Window window{.kernel = std::move(kernel),
                .strides = sized(graph, node, "strides", axes, 1),
                .dilations = sized(graph, node, "dilations", axes, 1),
                .before = {},
                .after = {}};
  const Dims pads = sized(graph, node, "pads", 2 * axes, 0);
  const std::string automatic = node.text_or("auto_pad", "NOTSET");
  for (std::size_t i = 0; i < axes; ++i) {
    std::int64_t before = pads[i];
    std::int64_t after = pads[axes + i];
    if (automatic == "VALID") {
      before = after = 0;
    } else if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
      const std::int64_t extent = window.dilations[i] * (window.kernel[i] - 1) + 1;
      const std::int64_t size = input[i + 2];
      const std::int64_t windows = (size - 1) / window.strides[i] + 1;
      const std::int64_t total =
          std::max<std::int64_t>((windows - 1) * window.strides[i] + extent - size, 0);
      before = automatic == "SAME_UPPER" ? total / 2 : total - total / 2;
      after = total - before;
    } else if (automatic != "NOTSET") {
      graph.fail(node, "unknown auto_pad \"" + automatic + "\"");
    }
    window.before.push_back(before);
    window.after.push_back(after);
  }
  return window;
}

// One or two spatial axes as rows and columns.
LayerParameters plane(const Window& window) {
  const bool is_line = window.kernel.size() == 1;
  LayerParameters p;
  p.kernel_height = window.kernel[0];
  p.stride = window.strides[0];
  p.dilation = window.dilations[0];
  if (!is_line) {
    p.kernel_width = window.kernel[1];
  }
  const std::int64_t stride_width = is_line ? 1 : window.strides[1];
  if (stride_width != p.stride) {
    p.stride_width = stride_width;
  }
  const std::int64_t dilation_width = is_line ? 1 : window.dilations[1];
  if (dilation_width != p.dilation) {
    p.dilation_width = dilation_width;
  }
  const Padding sides{window.before[0], is_line ? 0 : window.before[1], window.after[0],
                      is_line ? 0 : window.after[1]};
  if (sides == Padding{sides.top, sides.top, sides.top, sides.top}) {
    p.pad = sides.top;
  } else {
    p.padding = sides;
  }
  return p;
}

// Dimensions of a layer's output that has rank 3 or 4.
Dims plane_dims(const Shape& shape, std::size_t rank) {
  Dims dims = {shape.batch, shape.channels, shape.height, shape.width};
  dims.resize(rank);
  return dims;
}

// Windows along each axis; nothing where none fits.
std::optional<Dims> output_sizes(const Window& window, const Dims& input, bool round_up) {
  Dims sizes;
  for (std::size_t i = 0; i < window.kernel.size(); ++i) {
    const std::int64_t extent = window.dilations[i] * (window.kernel[i] - 1) + 1;
    const std::int64_t spare = input[i + 2] + window.before[i] + window.after[i] - extent;
    if (spare < 0) {
      return std::nullopt;
    }
    sizes.push_back((spare + (round_up ? window.strides[i] - 1 : 0)) / window.strides[i] + 1);
  }
  return sizes;
}

// Volumes (three spatial axes or more) have no layer type: work and parameters are given.
void import_volume(OnnxGraph& graph, const OnnxNode& node, const Window& window, const Dims& input,
                   std::int64_t outputs, std::int64_t flop_per_output, std::int64_t weights,
                   bool round_up) {
  const auto sizes = output_sizes(window, input, round_up);
  if (!sizes) {
    graph.fail(node, "the kernel is larger than its input");
  }
  Dims dims = {input[0], outputs};
  dims.insert(dims.end(), sizes->begin(), sizes->end());
  LayerParameters p;
  p.output = fold_shape(dims);
  Dims factors = dims;
  factors.push_back(flop_per_output);
  p.work_flop = saturated_product(factors);
  p.weights = weights;
  graph.define(node, 0, dims, graph.builder.add(node.name(), LayerType::kOther, node.layers(), p));
}

// Where weights and bias stand among the inputs.
struct Places {
  std::size_t weights;
  std::size_t bias;
};

void import_convolution(OnnxGraph& graph, const OnnxNode& node, Places places) {
  const OnnxTensor& input = graph.need(node, 0);
  const OnnxTensor& weights = graph.need(node, places.weights);
  const std::size_t rank = input.dims.size();
  if (rank < 3 || weights.dims.size() != rank) {
    graph.fail(node, "an input of rank " + std::to_string(rank) + " with weights of rank " +
                         std::to_string(weights.dims.size()));
  }
  if (input.is_constant) {
    graph.fail(node, "its input is a constant");
  }
  const std::int64_t groups = node.integer_or("group", 1);
  for (std::size_t i = 0; i < rank; ++i) {
    if (weights.dims[i] < 1 || weights.dims[i] > kDimensionMax) {
      graph.fail(node, "weights with a dimension of " + std::to_string(weights.dims[i]));
    }
  }
  if (groups < 1 || groups > kDimensionMax || weights.dims[1] * groups != input.dims[1]) {
    graph.fail(node, std::to_string(input.dims[1]) + " input channels, weights for " +
                         std::to_string(weights.dims[1]) + " in each of " + std::to_string(groups) +
                         " groups");
  }
  const Window window =
      window_of(graph, node, input.dims, Dims(weights.dims.begin() + 2, weights.dims.end()));
  const OnnxTensor* bias = node.find_input(places.bias);
  if (rank > 4) {
    Dims taps = window.kernel;
    taps.insert(taps.end(), {2, weights.dims[1]});
    import_volume(graph, node, window, input.dims, weights.dims[0], saturated_product(taps),
                  node.learned_elements(), false);
    return;
  }
  LayerParameters p = plane(window);
  p.outputs = weights.dims[0];
  p.groups = groups;
  p.bias = bias != nullptr;
  if (!weights.is_constant) {
    graph.note(node, "its weights are computed by another layer; counted as its parameters");
  }
  std::vector<std::uint32_t> layers = {input.layer};
  const std::uint32_t layer = graph.builder.add(node.name(), LayerType::kConvolution, layers, p);
  graph.define(node, 0, plane_dims(graph.builder.shape(layer), rank), layer);
}

// The windows' extents laid side by side, without the padding; or what output_shape says.
Dims transposed_dims(const OnnxGraph& graph, const OnnxNode& node, const Dims& input,
                     const Dims& weights) {
  const std::int64_t groups = node.integer_or("group", 1);
  for (const std::int64_t dim : weights) {
    if (dim < 1 || dim > kDimensionMax || groups < 1 || groups > kDimensionMax) {
      graph.fail(node, "weights or groups out of range");
    }
  }
  const std::size_t axes = input.size() - 2;
  const Window window = window_of(graph, node, input, Dims(weights.begin() + 2, weights.end()));
  const Dims extra = sized(graph, node, "output_padding", axes, 0);
  const Dims given = sized(graph, node, "output_shape", axes, 1);
  const bool is_given = node.find("output_shape") != nullptr;
  const bool is_same = node.text_or("auto_pad", "NOTSET").rfind("SAME", 0) == 0;
  Dims dims = {input[0], weights[1] * groups};
  for (std::size_t i = 0; i < axes; ++i) {
    const std::int64_t extent = window.dilations[i] * (window.kernel[i] - 1) + 1;
    const std::int64_t full = window.strides[i] * (input[i + 2] - 1) + extent + extra[i] -
                              (is_same ? 0 : window.before[i] + window.after[i]);
    dims.push_back(is_given ? given[i] : is_same ? window.strides[i] * input[i + 2] : full);
  }
  return dims;
}

// Each input element is multiplied with every tap of every output channel of its group.
void import_transposed(OnnxGraph& graph, const OnnxNode& node) {
  const OnnxTensor& input = graph.need(node, 0);
  const OnnxTensor& weights = graph.need(node, 1);
  const std::size_t rank = input.dims.size();
  if (input.is_constant || rank < 3 || weights.dims.size() != rank ||
      weights.dims[0] != input.dims[1]) {
    graph.fail(node, "its input does not fit its weights");
  }
  const Dims dims = transposed_dims(graph, node, input.dims, weights.dims);
  Dims factors(weights.dims.begin() + 1, weights.dims.end());  // channels of a group, kernel
  factors.insert(factors.end(), {2, input.elements()});
  LayerParameters p;
  p.output = fold_shape(dims);
  p.work_flop = saturated_product(factors);
  p.weights = node.learned_elements();
  graph.define(node, 0, dims, graph.builder.add(node.name(), LayerType::kOther, node.layers(), p));
}

void import_pool(OnnxGraph& graph, const OnnxNode& node, bool is_global) {
  const OnnxTensor& input = graph.need(node, 0);
  const std::size_t rank = input.dims.size();
  if (rank < 3 || input.is_constant) {
    graph.fail(node, "an input of rank " + std::to_string(rank) + ", expected a feature map");
  }
  if (is_global) {
    Dims dims(input.dims.begin(), input.dims.begin() + 2);
    dims.resize(rank, 1);
    LayerParameters p;
    p.global_pooling = rank <= 4;
    p.output = rank <= 4 ? std::nullopt : std::optional(fold_shape(dims));
    graph.define(
        node, 0, dims,
        graph.builder.add(node.name(), rank <= 4 ? LayerType::kPooling : LayerType::kReduce,
                          {input.layer}, p));
    return;
  }
  if (node.find("kernel_shape") == nullptr) {
    graph.fail(node, "kernel_shape is missing");
  }
  const Window window = window_of(graph, node, input.dims, {});
  const bool round_up = node.integer_or("ceil_mode", 0) != 0;
  if (rank > 4) {
    import_volume(graph, node, window, input.dims, input.dims[1], saturated_product(window.kernel),
                  0, round_up);
    return;
  }
  LayerParameters p = plane(window);
  p.round_up = round_up;
  const std::uint32_t layer = graph.builder.add(node.name(), LayerType::kPooling, {input.layer}, p);
  graph.define(node, 0, plane_dims(graph.builder.shape(layer), rank), layer);
}

}  // namespace

bool import_window(OnnxGraph& graph, const OnnxNode& node) {
  const std::string& op = node.op();
  if (op == "Conv" || op == "FusedConv") {
    import_convolution(graph, node, {.weights = 1, .bias = 2});
  } else if (op == "ConvInteger") {
    import_convolution(graph, node, {.weights = 1, .bias = 99});
  } else if (op == "QLinearConv") {
    import_convolution(graph, node, {.weights = 3, .bias = 8});
  } else if (op == "ConvTranspose") {
    import_transposed(graph, node);
  } else if (op == "MaxPool" || op == "AveragePool" || op == "LpPool") {
    import_pool(graph, node, false);
  } else if (op == "GlobalMaxPool" || op == "GlobalAveragePool" || op == "GlobalLpPool") {
    import_pool(graph, node, true);
  } else {
    return false;
  }
  return true;
}

}  // namespace edgecut::workloads
