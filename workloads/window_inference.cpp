// Output sizes, work and parameters of convolutions, local layers and pooling.
#include <optional>

#include "workloads/inference_parts.hpp"

namespace edgecut::workloads::inference {
namespace {

// Elements of one batch row.
std::int64_t row_elements(const Shape& shape) {
  return product({shape.channels, shape.height, shape.width});
}

void check_window(const LayerParameters& p, Checker& check) {
  check.range("kernel height", p.kernel_height, 1);
  check.range("kernel width", p.kernel_width, 1);
  check.range("stride", p.stride, 1);
  check.range("stride across columns", p.stride_columns(), 1);
  check.range("dilation", p.dilation, 1);
  check.range("dilation across columns", p.dilation_columns(), 1);
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
  const auto columns = windows({input.width, p.kernel_width, p.stride_columns(), sides.left,
                                sides.right, p.dilation_columns()},
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

}  // namespace

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

}  // namespace edgecut::workloads::inference
