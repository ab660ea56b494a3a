#include "workloads/shape_inference.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace edgecut::workloads;

namespace {

LayerInference infer(LayerType type, const LayerParameters& parameters, const Shape& input) {
  return infer_layer(type, parameters, std::vector<Shape>{input});
}

bool says(const LayerInference& result, const std::string& part) {
  return result.problems.size() == 1 && result.problems[0].find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a convolution counts two flop for each weight of its group at each output element") {
  const Shape input{.batch = 3, .channels = 8, .height = 11, .width = 9};
  const std::int64_t kernel = 3, groups = 2, outputs = 6;
  LayerParameters p;
  p.outputs = outputs;
  p.kernel_height = p.kernel_width = kernel;
  p.stride = 2;
  p.pad = 1;
  p.groups = groups;
  const LayerInference result = infer(LayerType::kConvolution, p, input);
  REQUIRE(result.problems.empty());
  const std::int64_t rows = (11 + 2 * 1 - kernel) / 2 + 1;
  const std::int64_t columns = (9 + 2 * 1 - kernel) / 2 + 1;
  CHECK(result.output == Shape{3, outputs, rows, columns});
  const std::int64_t window = kernel * kernel * 8 / groups;
  CHECK(result.work_flop == 2 * window * 3 * outputs * rows * columns);
  CHECK(result.weights == outputs * (window + 1));
  p.bias = false;
  CHECK(infer(LayerType::kConvolution, p, input).weights == outputs * window);
}

TEST_CASE("kernels, strides and padding may differ between rows and columns") {
  LayerParameters p;
  p.outputs = 1;
  p.kernel_height = 1;
  p.kernel_width = 7;
  p.stride = 2;
  p.stride_width = 3;
  p.padding = Padding{.top = 0, .left = 3, .bottom = 1, .right = 2};
  const auto result = infer(LayerType::kConvolution, p, {.channels = 1, .height = 10, .width = 20});
  REQUIRE(result.problems.empty());
  CHECK(result.output.height == (10 + 0 + 1 - 1) / 2 + 1);
  CHECK(result.output.width == (20 + 3 + 2 - 7) / 3 + 1);
}

TEST_CASE("a dilated kernel spans dilation x (kernel - 1) + 1") {
  LayerParameters p;
  p.outputs = 1;
  p.kernel_height = p.kernel_width = 3;
  p.dilation = 4;
  const auto fits = infer(LayerType::kConvolution, p, {.channels = 1, .height = 9, .width = 10});
  CHECK(fits.output == Shape{1, 1, 1, 2});
  CHECK(fits.work_flop == 2 * 3 * 3 * 2);
  CHECK(says(infer(LayerType::kConvolution, p, {.channels = 1, .height = 8, .width = 10}),
             "kernel 3x3 at dilation 4 is larger than its input, 8x10"));
}

TEST_CASE("a local layer has weights and a bias of its own at every output position") {
  LayerParameters p;
  p.outputs = 5;
  p.kernel_height = p.kernel_width = 3;
  const Shape input{.batch = 2, .channels = 4, .height = 6, .width = 6};
  const auto result = infer(LayerType::kLocal, p, input);
  const std::int64_t positions = (6 - 3 + 1) * (6 - 3 + 1);
  CHECK(result.output == Shape{2, 5, 4, 4});
  CHECK(result.work_flop == 2 * (3 * 3 * 4) * 2 * 5 * positions);
  CHECK(result.weights == 5 * positions * (3 * 3 * 4 + 1));
}

TEST_CASE("a fully connected layer flattens each row of the batch and keeps the batch") {
  LayerParameters p;
  p.outputs = 10;
  const auto result =
      infer(LayerType::kFullyConnected, p, {.batch = 28, .channels = 3, .height = 4, .width = 5});
  CHECK(result.output == Shape{28, 10, 1, 1});
  CHECK(result.work_flop == 28 * (2 * (3 * 4 * 5) * 10));
  CHECK(result.weights == (3 * 4 * 5 + 1) * 10);
}

TEST_CASE("pooling rounds up or down, and drops a window that would start beyond the input") {
  LayerParameters p;
  p.kernel_height = p.kernel_width = 3;
  p.stride = 2;
  const Shape even{.channels = 7, .height = 142, .width = 55};
  const auto up = infer(LayerType::kPooling, p, even);
  CHECK(up.output == Shape{1, 7, 71, 27});
  CHECK(up.work_flop == (3 * 3 + 1) * up.output.elements());
  CHECK(up.weights == 0);
  p.round_up = false;
  CHECK(infer(LayerType::kPooling, p, even).output == Shape{1, 7, 70, 27});

  // Caffe: input 4, kernel 2, stride 2, pad 1. Rounding up (4 + 2 - 2) / 2 + 1 = 3 windows start at
  // -1, 1, 3: all inside. With input 3 the third would start at 3, beyond the input, and goes.
  p.round_up = true;
  p.kernel_height = p.kernel_width = 2;
  p.pad = 1;
  CHECK(infer(LayerType::kPooling, p, {.height = 4, .width = 3}).output == Shape{1, 1, 3, 2});
  // A stride beyond the kernel can do the same without padding.
  p.kernel_height = p.kernel_width = 1;
  p.stride = 3;
  p.pad = 0;
  CHECK(infer(LayerType::kPooling, p, {.height = 5, .width = 4}).output == Shape{1, 1, 2, 2});
}

TEST_CASE("global pooling leaves one element a channel") {
  LayerParameters p;
  p.global_pooling = true;
  const auto result =
      infer(LayerType::kPooling, p, {.batch = 2, .channels = 9, .height = 7, .width = 5});
  CHECK(result.output == Shape{2, 9, 1, 1});
  CHECK(result.work_flop == (7 * 5 + 1) * 2 * 9);
}

TEST_CASE("element-wise layers keep the shape and count a fixed number of flop an element") {
  const Shape shape{.batch = 2, .channels = 6, .height = 5, .width = 4};
  const std::int64_t n = 2 * 6 * 5 * 4;
  LayerParameters p;
  p.local_size = 5;
  struct Case {
    LayerType type;
    std::int64_t flop_per_element;
    std::int64_t weights;
  };
  const std::vector<Case> cases = {
      {LayerType::kRelu, 1, 0},    {LayerType::kDropout, 1, 0},       {LayerType::kSoftmax, 1, 0},
      {LayerType::kSigmoid, 2, 0}, {LayerType::kTanh, 2, 0},          {LayerType::kHardTanh, 2, 0},
      {LayerType::kLrn, 5 + 1, 0}, {LayerType::kBatchNorm, 2, 2 * 6},
  };
  for (const Case& c : cases) {
    CAPTURE(layer_type_name(c.type));
    const auto result = infer(c.type, p, shape);
    CHECK(result.problems.empty());
    CHECK(result.output == shape);
    CHECK(result.work_flop == c.flop_per_element * n);
    CHECK(result.weights == c.weights);
  }
}

TEST_CASE("argmax leaves one element a row, and flatten keeps them all without work") {
  const Shape shape{.batch = 100, .channels = 10, .height = 2, .width = 3};
  const auto argmax = infer(LayerType::kArgmax, {}, shape);
  CHECK(argmax.output == Shape{100, 1, 1, 1});
  CHECK(argmax.work_flop == shape.elements());
  const auto flatten = infer(LayerType::kFlatten, {}, shape);
  CHECK(flatten.output == Shape{100, 10 * 2 * 3, 1, 1});
  CHECK(flatten.work_flop == 0);
}

TEST_CASE("concat adds channels, eltwise takes one flop an element for each further input") {
  const Shape a{.channels = 3, .height = 4, .width = 5};
  Shape b = a;
  b.channels = 8;
  const auto concat = infer_layer(LayerType::kConcat, {}, std::vector<Shape>{a, b, a});
  CHECK(concat.output == Shape{1, 3 + 8 + 3, 4, 5});
  CHECK(concat.work_flop == 0);
  const auto sum = infer_layer(LayerType::kEltwise, {}, std::vector<Shape>{a, a, a});
  CHECK(sum.output == a);
  CHECK(sum.work_flop == 2 * 3 * 4 * 5);
  CHECK(says(infer_layer(LayerType::kEltwise, {}, std::vector<Shape>{a, b}),
             "cannot combine 3x4x5 and 8x4x5"));
  b.height = 1;
  CHECK(says(infer_layer(LayerType::kConcat, {}, std::vector<Shape>{a, b}),
             "all but the channels must be equal"));
}

TEST_CASE("the number of inputs must fit the type") {
  const Shape shape{.channels = 3};
  CHECK(says(infer_layer(LayerType::kRelu, {}, std::vector<Shape>{shape, shape}),
             "relu takes one input, got 2"));
  CHECK(says(infer_layer(LayerType::kConcat, {}, std::vector<Shape>{shape}),
             "concat takes two inputs or more, got 1"));
  CHECK(says(infer_layer(LayerType::kRelu, {}, std::vector<Shape>{}), "got 0"));
}

TEST_CASE("every parameter out of range is told, not only the first") {
  LayerParameters p;
  p.outputs = 0;
  p.kernel_height = -1;
  p.stride = 0;
  p.pad = kDimensionMax + 1;
  p.groups = 0;
  const auto result = infer(LayerType::kConvolution, p, {.channels = 3, .height = 8, .width = 8});
  std::string all;
  for (const std::string& problem : result.problems) {
    all += problem + "\n";
  }
  for (const char* part : {"kernel height is -1, allowed: 1 to", "stride is 0", "groups is 0",
                           "pad is 16777217", "outputs is 0"}) {
    CAPTURE(part);
    CHECK(all.find(part) != std::string::npos);
  }
}

TEST_CASE("groups must divide the channels on both sides") {
  LayerParameters p;
  p.outputs = 4;
  p.groups = 4;
  CHECK(says(infer(LayerType::kConvolution, p, {.channels = 6}), "4 groups do not divide the 6"));
  p.outputs = 6;
  CHECK(says(infer(LayerType::kConvolution, p, {.channels = 8}), "do not divide the 6 outputs"));
}

TEST_CASE("pooling refuses padding as wide as its kernel") {
  LayerParameters p;
  p.kernel_height = p.kernel_width = 2;
  p.pad = 2;
  CHECK(says(infer(LayerType::kPooling, p, {.height = 8, .width = 8}), "smaller than the kernel"));
}

TEST_CASE("absurd sizes are refused before they overflow") {
  const Shape wide{.channels = kDimensionMax, .height = 1, .width = 1};
  LayerParameters p;
  p.outputs = kDimensionMax;
  const auto weights = infer(LayerType::kFullyConnected, p, wide);
  REQUIRE(!weights.problems.empty());
  CHECK(weights.problems[0].find("parameters are") != std::string::npos);

  p.padding = Padding{kDimensionMax, kDimensionMax, kDimensionMax, kDimensionMax};
  const auto output = infer(LayerType::kConvolution, p, {.channels = 1, .height = 1, .width = 1});
  REQUIRE(!output.problems.empty());
  CHECK(output.problems[0].find("output height is") != std::string::npos);

  const Shape square{.channels = 1 << 20, .height = 1 << 10, .width = 1 << 10};
  CHECK(says(infer(LayerType::kRelu, {}, square), "input elements are"));
  const Shape huge{kDimensionMax, kDimensionMax, kDimensionMax, kDimensionMax};
  CHECK(says(infer(LayerType::kRelu, {}, huge), "more than 2^63, allowed: at most"));

  // A tensor at the limit is fine; work beyond 2^53 flop on it is not.
  const Shape limit{.batch = 1 << 14, .channels = 1 << 20};
  CHECK(infer(LayerType::kRelu, {}, limit).problems.empty());
  LayerParameters heavy;
  heavy.outputs = 1 << 10;
  heavy.kernel_height = heavy.kernel_width = 63;
  heavy.pad = 31;
  CHECK(says(infer(LayerType::kConvolution, heavy,
                   {.channels = 1 << 10, .height = 1 << 12, .width = 1 << 12}),
             "work in flop is"));
}

TEST_CASE("rows from a later axis on: fully connected, matmul, layer norm") {
  constexpr std::int64_t kTokens = 28, kWidth = 30, kOut = 7;
  const Shape tokens{.batch = 2, .channels = kTokens, .height = kWidth};
  LayerParameters p;
  p.outputs = kOut;
  p.axis = 2;
  const auto full = infer(LayerType::kFullyConnected, p, tokens);
  CHECK(full.output == Shape{2, kTokens, kOut, 1});
  CHECK(full.weights == kOut * (kWidth + 1));
  CHECK(full.work_flop == 2 * 2 * kTokens * kWidth * kOut);
  const Shape matrix{.batch = 2, .channels = kWidth, .height = kOut};
  const auto product = infer_layer(LayerType::kMatmul, p, std::vector<Shape>{tokens, matrix});
  CHECK(product.output == full.output);
  CHECK(product.work_flop == full.work_flop);
  CHECK(product.weights == 0);
  CHECK(says(infer_layer(LayerType::kMatmul, p, std::vector<Shape>{tokens, Shape{.channels = 9}}),
             "holds no matrices of 30 x 7"));
  CHECK(infer(LayerType::kLayerNorm, p, tokens).weights == 2 * kWidth);
  p.axis = 4;
  CHECK(says(infer(LayerType::kFullyConnected, p, tokens), "axis is 4, allowed: 1 to 3"));
}

TEST_CASE("layers whose output is given: pointwise, reduce, reshape, move, other") {
  const Shape input{.channels = 6, .height = 4};
  LayerParameters p;
  p.output = Shape{.channels = 24};
  p.flop_per_element = 5;
  p.weights = 3;
  p.work_flop = 11;
  const auto pointwise = infer(LayerType::kPointwise, p, input);
  CHECK(pointwise.output == *p.output);
  CHECK(pointwise.work_flop == 5 * 24);
  CHECK(pointwise.weights == 3);
  CHECK(infer(LayerType::kMove, p, input).work_flop == 0);
  CHECK(infer(LayerType::kReshape, p, input).work_flop == 0);
  CHECK(infer(LayerType::kOther, p, input).work_flop == 11);
  p.output = Shape{.channels = 2};
  CHECK(infer(LayerType::kReduce, p, input).work_flop == 6 * 4);
  p.output = Shape{.channels = 25};
  CHECK(says(infer(LayerType::kReshape, p, input), "25 output elements from 24"));
}
