#include "workloads/shape_inference.hpp"

#include <initializer_list>
#include <limits>
#include <optional>

namespace edgecut::workloads {
namespace {

constexpr std::int64_t kSaturated = std::numeric_limits<std::int64_t>::max();

// The product of factors >= 0, or kSaturated when it does not fit: beyond every limit either way.
std::int64_t product(std::initializer_list<std::int64_t> factors) {
  std::int64_t result = 1;
  bool overflow = false;
  for (const std::int64_t factor : factors) {
    if (factor == 0) {
      return 0;
    }
    overflow = overflow || __builtin_mul_overflow(result, factor, &result);
  }
  return overflow ? kSaturated : result;
}

std::int64_t elements_of(const Shape& shape) {
  return product({shape.batch, shape.channels, shape.height, shape.width});
}

std::int64_t row_elements(const Shape& shape) {
  return product({shape.channels, shape.height, shape.width});
}

std::string at_most(std::int64_t found, std::int64_t limit) {
  return (found == kSaturated ? "more than 2^63" : std::to_string(found)) + ", allowed: at most " +
         std::to_string(limit);
}

// Collects what is wrong with one layer while its inference goes on.
class Checker {
 public:
  explicit Checker(std::vector<std::string>& problems) : problems_(problems) {}

  void require(bool condition, const std::string& problem) {
    if (!condition) {
      problems_.push_back(problem);
    }
  }
  void range(const std::string& what, std::int64_t value, std::int64_t low) {
    require(value >= low && value <= kDimensionMax, what + " is " + std::to_string(value) +
                                                        ", allowed: " + std::to_string(low) +
                                                        " to " + std::to_string(kDimensionMax));
  }
  [[nodiscard]] bool ok() const { return problems_.empty(); }

 private:
  std::vector<std::string>& problems_;
};

void check_window(const LayerParameters& p, Checker& check) {
  check.range("kernel height", p.kernel_height, 1);
  check.range("kernel width", p.kernel_width, 1);
  check.range("stride", p.stride, 1);
  check.range("stride across columns", p.stride_columns(), 1);
  check.range("dilation", p.dilation, 1);
  const Padding sides = p.sides();
  for (const std::int64_t side : {sides.top, sides.left, sides.bottom, sides.right}) {
    check.range("pad", side, 0);
  }
}

struct Axis {
  std::int64_t input, kernel, stride, pad_before, pad_after, dilation;
};

// How many windows fit along an axis; nothing when not even one does.
std::optional<std::int64_t> windows(const Axis& axis, bool round_up) {
  const std::int64_t extent = axis.dilation * (axis.kernel - 1) + 1;
  const std::int64_t spare = axis.input + axis.pad_before + axis.pad_after - extent;
  if (spare < 0) {
    return std::nullopt;
  }
  if (!round_up) {
    return spare / axis.stride + 1;
  }
  const std::int64_t count = (spare + axis.stride - 1) / axis.stride + 1;
  const bool starts_outside = (count - 1) * axis.stride >= axis.input + axis.pad_before;
  return starts_outside ? count - 1 : count;
}

// Sets the output's height and width from the sliding window.
void slide(const LayerParameters& p, const Shape& input, bool round_up, Shape& output,
           Checker& check) {
  const Padding sides = p.sides();
  const auto rows = windows(
      {input.height, p.kernel_height, p.stride, sides.top, sides.bottom, p.dilation}, round_up);
  const auto columns = windows(
      {input.width, p.kernel_width, p.stride_columns(), sides.left, sides.right, p.dilation},
      round_up);
  if (rows && columns) {
    output.height = *rows;
    output.width = *columns;
    return;
  }
  const auto size = [](std::int64_t height, std::int64_t width) {
    return std::to_string(height) + "x" + std::to_string(width);
  };
  check.require(
      false,
      "kernel " + size(p.kernel_height, p.kernel_width) +
          (p.dilation > 1 ? " at dilation " + std::to_string(p.dilation) : "") +
          " is larger than its input, " + size(input.height, input.width) + " (with padding " +
          size(input.height + sides.top + sides.bottom, input.width + sides.left + sides.right) +
          ")");
}

void infer_convolution(const LayerParameters& p, const Shape& input, LayerInference& result) {
  Checker check(result.problems);
  check_window(p, check);
  check.range("outputs", p.outputs, 1);
  check.range("groups", p.groups, 1);
  if (!check.ok()) {
    return;
  }
  check.require(input.channels % p.groups == 0,
                std::to_string(p.groups) + " groups do not divide the " +
                    std::to_string(input.channels) + " input channels");
  check.require(p.outputs % p.groups == 0, std::to_string(p.groups) + " groups do not divide the " +
                                               std::to_string(p.outputs) + " outputs");
  result.output = {.batch = input.batch, .channels = p.outputs};
  slide(p, input, false, result.output, check);
  if (check.ok()) {
    const std::int64_t channels = input.channels / p.groups;
    const std::int64_t window = product({p.kernel_height, p.kernel_width, channels});
    result.work_flop = product({2, window, elements_of(result.output)});
    result.weights =
        product({p.outputs, window == kSaturated ? window : window + (p.bias ? 1 : 0)});
  }
}

void infer_local(const LayerParameters& p, const Shape& input, LayerInference& result) {
  Checker check(result.problems);
  check_window(p, check);
  check.range("outputs", p.outputs, 1);
  check.require(p.groups == 1, "a local layer has no groups");
  if (!check.ok()) {
    return;
  }
  result.output = {.batch = input.batch, .channels = p.outputs};
  slide(p, input, false, result.output, check);
  if (check.ok()) {
    const std::int64_t window = product({p.kernel_height, p.kernel_width, input.channels});
    result.work_flop = product({2, window, elements_of(result.output)});
    result.weights = product(
        {row_elements(result.output), window == kSaturated ? window : window + (p.bias ? 1 : 0)});
  }
}

void infer_fully_connected(const LayerParameters& p, const Shape& input, LayerInference& result) {
  Checker check(result.problems);
  check.range("outputs", p.outputs, 1);
  if (!check.ok()) {
    return;
  }
  const std::int64_t row = row_elements(input);
  result.output = {.batch = input.batch, .channels = p.outputs};
  result.work_flop = product({2, row, elements_of(result.output)});
  result.weights = product({p.outputs, row + (p.bias ? 1 : 0)});
}

void infer_pooling(const LayerParameters& parameters, const Shape& input, LayerInference& result) {
  LayerParameters p = parameters;
  if (p.global_pooling) {
    p = {.kernel_height = input.height, .kernel_width = input.width};
  }
  Checker check(result.problems);
  check_window(p, check);
  if (!check.ok()) {
    return;
  }
  const Padding sides = p.sides();
  check.require(sides.top < p.kernel_height && sides.bottom < p.kernel_height &&
                    sides.left < p.kernel_width && sides.right < p.kernel_width,
                "pad must be smaller than the kernel: a window would hold nothing but padding");
  result.output = {.batch = input.batch, .channels = input.channels};
  slide(p, input, p.round_up, result.output, check);
  const std::int64_t window = product({p.kernel_height, p.kernel_width});
  result.work_flop =
      window == kSaturated ? window : product({window + 1, elements_of(result.output)});
}

void infer_lrn(const LayerParameters& p, const Shape& input, LayerInference& result) {
  Checker(result.problems).range("local_size", p.local_size, 1);
  result.output = input;
  result.work_flop = result.problems.empty() ? product({p.local_size + 1, elements_of(input)}) : 0;
}

// As many flop an output element as asked, the shape of the input.
void infer_element_wise(std::int64_t flop_per_element, const Shape& input, LayerInference& result) {
  result.output = input;
  result.work_flop = product({flop_per_element, elements_of(input)});
}

void infer_concat(std::span<const Shape> inputs, LayerInference& result) {
  Checker check(result.problems);
  result.output = inputs[0];
  for (const Shape& input : inputs.subspan(1)) {
    Shape aligned = input;
    aligned.channels = inputs[0].channels;
    check.require(aligned == inputs[0], "cannot concatenate " + shape_text(inputs[0]) + " and " +
                                            shape_text(input) +
                                            ": all but the channels must be equal");
    result.output.channels += input.channels;
  }
}

void infer_eltwise(std::span<const Shape> inputs, LayerInference& result) {
  Checker check(result.problems);
  for (const Shape& input : inputs.subspan(1)) {
    check.require(input == inputs[0], "cannot combine " + shape_text(inputs[0]) + " and " +
                                          shape_text(input) +
                                          " element by element: shapes must be equal");
  }
  const auto operations = static_cast<std::int64_t>(inputs.size()) - 1;
  infer_element_wise(operations, inputs[0], result);
}

void infer_type(LayerType type, const LayerParameters& p, std::span<const Shape> inputs,
                LayerInference& result) {
  const Shape& input = inputs[0];
  switch (type) {
    case LayerType::kConvolution:
      return infer_convolution(p, input, result);
    case LayerType::kFullyConnected:
      return infer_fully_connected(p, input, result);
    case LayerType::kLocal:
      return infer_local(p, input, result);
    case LayerType::kPooling:
      return infer_pooling(p, input, result);
    case LayerType::kLrn:
      return infer_lrn(p, input, result);
    case LayerType::kBatchNorm:
      result.weights = 2 * input.channels;
      return infer_element_wise(2, input, result);
    case LayerType::kSigmoid:
    case LayerType::kTanh:
    case LayerType::kHardTanh:
      return infer_element_wise(2, input, result);
    case LayerType::kRelu:
    case LayerType::kSoftmax:
    case LayerType::kDropout:
      return infer_element_wise(1, input, result);
    case LayerType::kArgmax:
      result.output = {.batch = input.batch};
      result.work_flop = elements_of(input);
      return;
    case LayerType::kConcat:
      return infer_concat(inputs, result);
    case LayerType::kEltwise:
      return infer_eltwise(inputs, result);
    case LayerType::kFlatten:
      result.output = {.batch = input.batch, .channels = row_elements(input)};
      return;
  }
}

}  // namespace

std::vector<std::string> shape_problems(const Shape& shape, const std::string& noun) {
  std::vector<std::string> problems;
  Checker check(problems);
  check.range(noun + " batch", shape.batch, 1);
  check.range(noun + " channels", shape.channels, 1);
  check.range(noun + " height", shape.height, 1);
  check.range(noun + " width", shape.width, 1);
  if (check.ok()) {
    const std::int64_t elements = elements_of(shape);
    check.require(elements <= kElementsMax,
                  noun + " elements are " + at_most(elements, kElementsMax));
  }
  return problems;
}

LayerInference infer_layer(LayerType type, const LayerParameters& parameters,
                           std::span<const Shape> inputs) {
  LayerInference result;
  const bool joins = type == LayerType::kConcat || type == LayerType::kEltwise;
  if (joins ? inputs.size() < 2 : inputs.size() != 1) {
    result.problems.push_back(std::string(layer_type_name(type)) + " takes " +
                              (joins ? "two inputs or more" : "one input") + ", got " +
                              std::to_string(inputs.size()));
    return result;
  }
  for (const Shape& input : inputs) {
    result.problems = shape_problems(input, "input");
    if (!result.problems.empty()) {
      return result;
    }
  }
  infer_type(type, parameters, inputs, result);
  if (result.problems.empty()) {
    result.problems = shape_problems(result.output, "output");
    Checker check(result.problems);
    check.require(result.weights <= kElementsMax,
                  "parameters are " + at_most(result.weights, kElementsMax));
    check.require(result.work_flop <= kWorkMaxFlop,
                  "work in flop is " + at_most(result.work_flop, kWorkMaxFlop));
  }
  return result;
}

}  // namespace edgecut::workloads
