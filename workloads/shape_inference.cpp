#include "workloads/shape_inference.hpp"

#include <array>
#include <limits>

#include "workloads/inference_parts.hpp"

namespace edgecut::workloads {
namespace {

using namespace inference;

std::string at_most(std::int64_t found, std::int64_t limit) {
  return (found == kSaturated ? "more than 2^63" : std::to_string(found)) + ", allowed: at most " +
         std::to_string(limit);
}

// The extent along axis 0 (batch) to 3 (width).
std::int64_t& extent(Shape& shape, std::int64_t axis) {
  switch (axis) {
    case 0:
      return shape.batch;
    case 1:
      return shape.channels;
    case 2:
      return shape.height;
    default:
      return shape.width;
  }
}

// Elements along the axes from `axis` on.
std::int64_t row_elements(Shape shape, std::int64_t axis = 1) {
  std::int64_t elements = 1;
  for (; axis <= kAxisMax; ++axis) {
    elements = product({elements, extent(shape, axis)});
  }
  return elements;
}

// The shape with each row (the axes from `axis` on) replaced by `outputs` elements.
Shape with_rows(Shape shape, std::int64_t axis, std::int64_t outputs) {
  extent(shape, axis) = outputs;
  while (++axis <= kAxisMax) {
    extent(shape, axis) = 1;
  }
  return shape;
}

void check_axis(const LayerParameters& p, std::int64_t low, Checker& check) {
  check.require(p.axis >= low && p.axis <= kAxisMax, "axis is " + std::to_string(p.axis) +
                                                         ", allowed: " + std::to_string(low) +
                                                         " to " + std::to_string(kAxisMax));
}

void infer_fully_connected(const LayerParameters& p, const Shape& input, LayerInference& result) {
  Checker check(result.problems);
  check.range("outputs", p.outputs, 1);
  check_axis(p, 1, check);
  if (!check.ok()) {
    return;
  }
  const std::int64_t row = row_elements(input, p.axis);
  result.output = with_rows(input, p.axis, p.outputs);
  result.work_flop = product({2, row, elements_of(result.output)});
  result.weights = product({p.outputs, row + (p.bias ? 1 : 0)});
}

void infer_matmul(const LayerParameters& p, std::span<const Shape> inputs, LayerInference& result) {
  Checker check(result.problems);
  check.range("outputs", p.outputs, 1);
  check_axis(p, 1, check);
  if (!check.ok()) {
    return;
  }
  const std::int64_t depth = row_elements(inputs[0], p.axis);
  const std::int64_t matrix = product({depth, p.outputs});
  check.require(elements_of(inputs.back()) % matrix == 0,
                shape_text(inputs.back()) + " holds no matrices of " + std::to_string(depth) +
                    " x " + std::to_string(p.outputs));
  result.output = with_rows(inputs[0], p.axis, p.outputs);
  result.work_flop = product({2, depth, elements_of(result.output)});
}

void infer_layer_norm(const LayerParameters& p, const Shape& input, LayerInference& result) {
  Checker check(result.problems);
  check_axis(p, 1, check);
  if (check.ok()) {
    constexpr std::int64_t kFlopPerElement = 7;
    result.output = input;
    result.work_flop = product({kFlopPerElement, elements_of(input)});
    result.weights = product({p.bias ? 2 : 1, row_elements(input, p.axis)});
  }
}

// The types whose output's shape is given: pointwise, reduce, reshape, move, other.
void infer_given(LayerType type, const LayerParameters& p, std::span<const Shape> inputs,
                 LayerInference& result) {
  Checker check(result.problems);
  result.output = p.output.value_or(inputs[0]);
  check.require(p.weights >= 0, "parameters must not be negative");
  check.require(p.work_flop >= 0, "work must not be negative");
  for (std::string& problem : shape_problems(result.output, "output")) {
    check.require(false, problem);
  }
  if (!check.ok()) {
    return;
  }
  std::int64_t input_elements = 0;
  for (const Shape& input : inputs) {
    input_elements += elements_of(input);  // each at most kElementsMax
  }
  const std::int64_t output_elements = elements_of(result.output);
  result.weights = p.weights;
  if (type == LayerType::kPointwise) {
    check.range("flop_per_element", p.flop_per_element, 0);
    result.work_flop = check.ok() ? product({p.flop_per_element, output_elements}) : 0;
  } else if (type == LayerType::kOther) {
    result.work_flop = p.work_flop;
  } else if (type == LayerType::kReduce || type == LayerType::kReshape) {
    check.require(output_elements <= input_elements,
                  std::to_string(output_elements) + " output elements from " +
                      std::to_string(input_elements) + ": it makes no new ones");
    result.work_flop = type == LayerType::kReduce ? input_elements : 0;
  }
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

void infer_concat(const LayerParameters& p, std::span<const Shape> inputs, LayerInference& result) {
  static const std::array<std::string, kAxisMax + 1> axes = {"batch", "channels", "height",
                                                             "width"};
  Checker check(result.problems);
  check_axis(p, 0, check);
  if (!check.ok()) {
    return;
  }
  Shape first = inputs[0];
  result.output = first;
  for (const Shape& input : inputs.subspan(1)) {
    Shape aligned = input;
    extent(result.output, p.axis) += extent(aligned, p.axis);
    extent(aligned, p.axis) = extent(first, p.axis);
    check.require(aligned == first, "cannot concatenate " + shape_text(first) + " and " +
                                        shape_text(input) + ": all but the " +
                                        axes.at(static_cast<std::size_t>(p.axis)) +
                                        " must be equal");
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
      return infer_concat(p, inputs, result);
    case LayerType::kEltwise:
      return infer_eltwise(inputs, result);
    case LayerType::kFlatten:
      result.output = {.batch = input.batch, .channels = row_elements(input)};
      return;
    case LayerType::kMatmul:
      return infer_matmul(p, inputs, result);
    case LayerType::kLayerNorm:
      return infer_layer_norm(p, input, result);
    case LayerType::kPointwise:
    case LayerType::kReduce:
    case LayerType::kReshape:
    case LayerType::kMove:
    case LayerType::kOther:
      return infer_given(type, p, inputs, result);
  }
}

struct InputCount {
  std::size_t low;
  std::size_t high;
  const char* text;
};

InputCount input_count(LayerType type) {
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  switch (type) {
    case LayerType::kConcat:
    case LayerType::kEltwise:
      return {2, kAny, "two inputs or more"};
    case LayerType::kMatmul:
      return {1, 2, "one input or two"};
    case LayerType::kPointwise:
    case LayerType::kReshape:
    case LayerType::kMove:
    case LayerType::kOther:
      return {1, kAny, "one input or more"};
    default:
      return {1, 1, "one input"};
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
  const InputCount allowed = input_count(type);
  if (inputs.size() < allowed.low || inputs.size() > allowed.high) {
    result.problems.push_back(std::string(layer_type_name(type)) + " takes " + allowed.text +
                              ", got " + std::to_string(inputs.size()));
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
