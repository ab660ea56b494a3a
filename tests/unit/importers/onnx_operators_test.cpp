// Each family of operators as one small graph: layer type, shape, work and parameters.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut::workloads;
using namespace edgecut::workloads::testing;

namespace {

constexpr std::int64_t kBatch = 2, kChannels = 6, kHeight = 9, kWidth = 7;
constexpr std::int64_t kElements = kBatch * kChannels * kHeight * kWidth;
const Shape kInput{kBatch, kChannels, kHeight, kWidth};

Graph image() { return std::move(Graph().input("x", {kBatch, kChannels, kHeight, kWidth})); }

// The only layer of a graph of one node over the image.
Layer only(Graph graph) {
  const Dnn dnn = graph.output("y").import();
  CHECK(survives_a_file(dnn));
  CHECK(dnn.notes().empty());
  REQUIRE(dnn.layers().size() == 1);
  return dnn.layers()[0];
}

}  // namespace

TEST_CASE("a convolution has the kernel of its weights, own strides, pads and dilations an axis") {
  constexpr std::int64_t kOut = 4, kGroups = 2, kDown = 3, kAcross = 5;
  const Layer layer = only(image()
                               .weights("w", {kOut, kChannels / kGroups, kDown, kAcross})
                               .weights("b", {kOut})
                               .node("Conv", {"x", "w", "b"}, {"y"})
                               .with("group", kGroups)
                               .with("strides", Dims{2, 1})
                               .with("dilations", Dims{2, 1})
                               .with("pads", Dims{1, 2, 0, 3}));
  constexpr std::int64_t kRows = (kHeight + 1 + 0 - (2 * (kDown - 1) + 1)) / 2 + 1;
  constexpr std::int64_t kColumns = kWidth + 2 + 3 - kAcross + 1;
  CHECK(layer.type == LayerType::kConvolution);
  CHECK(layer.output == Shape{kBatch, kOut, kRows, kColumns});
  constexpr std::int64_t kTaps = kDown * kAcross * kChannels / kGroups;
  CHECK(layer.weights == kOut * (kTaps + 1));
  CHECK(work_of(layer) == 2.0 * kTaps * kBatch * kOut * kRows * kColumns);
}

TEST_CASE("a depthwise convolution without bias and with SAME padding keeps the size over stride") {
  for (const char* same : {"SAME_UPPER", "SAME_LOWER"}) {
    const Layer layer = only(image()
                                 .weights("w", {kChannels, 1, 4, 4})
                                 .node("Conv", {"x", "w"}, {"y"})
                                 .with("group", kChannels)
                                 .with("strides", Dims{2, 2})
                                 .with_text("auto_pad", same));
    CHECK(layer.output == Shape{kBatch, kChannels, (kHeight + 1) / 2, (kWidth + 1) / 2});
    CHECK(layer.weights == kChannels * 4 * 4);
    // Rows: (5 - 1) 2 + 4 - 9 = 3 padded; the odd one goes below or above.
    const bool is_upper = std::string(same) == "SAME_UPPER";
    CHECK(layer.parameters.sides().top == (is_upper ? 1 : 2));
    CHECK(layer.parameters.sides().bottom == (is_upper ? 2 : 1));
  }
}

TEST_CASE("convolutions along one axis and over volumes are costed") {
  const Layer line = only(std::move(Graph().input("x", {1, 3, 10}))
                              .weights("w", {4, 3, 5})
                              .node("Conv", {"x", "w"}, {"y"})
                              .with("pads", Dims{2, 2}));
  CHECK(line.type == LayerType::kConvolution);
  CHECK(line.output == Shape{1, 4, 10, 1});
  CHECK(work_of(line) == 2.0 * 5 * 3 * 4 * 10);
  const Layer volume = only(std::move(Graph().input("x", {1, 3, 5, 6, 7}))
                                .weights("w", {4, 3, 2, 2, 2})
                                .weights("b", {4})
                                .node("Conv", {"x", "w", "b"}, {"y"}));
  CHECK(volume.type == LayerType::kOther);
  CHECK(volume.output.elements() == 4 * 4 * 5 * 6);
  CHECK(work_of(volume) == 2.0 * 2 * 2 * 2 * 3 * 4 * 4 * 5 * 6);
  CHECK(volume.weights == 4 * 3 * 8 + 4);
}

TEST_CASE("a transposed convolution multiplies each input element with every tap") {
  const Layer layer = only(image()
                               .weights("w", {kChannels, 4, 2, 2})
                               .node("ConvTranspose", {"x", "w"}, {"y"})
                               .with("strides", Dims{2, 2}));
  CHECK(layer.output == Shape{kBatch, 4, 2 * kHeight, 2 * kWidth});
  CHECK(work_of(layer) == 2.0 * kElements * 4 * 2 * 2);
  CHECK(layer.weights == kChannels * 4 * 2 * 2);
}

TEST_CASE("pools round down unless ceil_mode says up; global ones cover the map") {
  for (const std::int64_t up : {0, 1}) {
    const Layer pool = only(image()
                                .node("MaxPool", {"x"}, {"y"})
                                .with("kernel_shape", Dims{2, 2})
                                .with("strides", Dims{2, 2})
                                .with("ceil_mode", up));
    CHECK(pool.type == LayerType::kPooling);
    CHECK(pool.output == Shape{kBatch, kChannels, kHeight / 2 + up, kWidth / 2 + up});
  }
  const Layer average = only(image()
                                 .node("AveragePool", {"x"}, {"y"})
                                 .with("kernel_shape", Dims{3, 3})
                                 .with("pads", Dims{1, 1, 1, 1}));
  CHECK(average.output == kInput);
  const Layer global = only(image().node("GlobalAveragePool", {"x"}, {"y"}));
  CHECK(global.output == Shape{kBatch, kChannels, 1, 1});
  CHECK(work_of(global) == (kHeight * kWidth + 1.0) * kBatch * kChannels);
}

TEST_CASE("activations keep the shape and cost their flop an element") {
  struct Row {
    const char* op;
    LayerType type;
    std::int64_t flop;
  };
  for (const Row& row :
       {Row{"Relu", LayerType::kRelu, 1}, Row{"LeakyRelu", LayerType::kRelu, 1},
        Row{"Sigmoid", LayerType::kSigmoid, 2}, Row{"Tanh", LayerType::kTanh, 2},
        Row{"Clip", LayerType::kHardTanh, 2}, Row{"Elu", LayerType::kPointwise, 2},
        Row{"HardSigmoid", LayerType::kPointwise, 2}, Row{"Softmax", LayerType::kSoftmax, 1},
        Row{"LogSoftmax", LayerType::kSoftmax, 1}, Row{"Dropout", LayerType::kDropout, 1},
        Row{"Erf", LayerType::kPointwise, 2}, Row{"HardSwish", LayerType::kPointwise, 3},
        Row{"Gelu", LayerType::kPointwise, 5}}) {
    CAPTURE(row.op);
    const Layer layer = only(image().node(row.op, {"x"}, {"y"}));
    CHECK(layer.type == row.type);
    CHECK(layer.output == kInput);
    CHECK(work_of(layer) == static_cast<double>(row.flop * kElements));
    CHECK(layer.weights == 0);
  }
  const Layer prelu =
      only(image().weights("s", {kChannels, 1, 1}).node("PRelu", {"x", "s"}, {"y"}));
  CHECK(prelu.type == LayerType::kPointwise);
  CHECK(prelu.weights == kChannels);
}

TEST_CASE("normalisations count scale and shift, LRN its window") {
  const Layer norm = only(image()
                              .weights("s", {kChannels})
                              .weights("b", {kChannels})
                              .weights("m", {kChannels})
                              .weights("v", {kChannels})
                              .node("BatchNormalization", {"x", "s", "b", "m", "v"}, {"y"}));
  CHECK(norm.type == LayerType::kBatchNorm);
  CHECK(norm.weights == 2 * kChannels);
  const Layer lrn = only(image().node("LRN", {"x"}, {"y"}).with("size", 3));
  CHECK(work_of(lrn) == (3.0 + 1) * kElements);
  const Layer instance = only(image()
                                  .weights("s", {kChannels})
                                  .weights("b", {kChannels})
                                  .node("InstanceNormalization", {"x", "s", "b"}, {"y"}));
  CHECK(instance.weights == 2 * kChannels);
  CHECK(work_of(instance) == 7.0 * kElements);
}

TEST_CASE("a gemm over weights is a fully connected layer, transposed or not") {
  constexpr std::int64_t kIn = 5, kOut = 3;
  for (const std::int64_t transposed : {0, 1}) {
    const Layer layer = only(std::move(Graph().input("x", {kBatch, kIn}))
                                 .weights("w", transposed != 0 ? Dims{kOut, kIn} : Dims{kIn, kOut})
                                 .weights("b", {kOut})
                                 .node("Gemm", {"x", "w", "b"}, {"y"})
                                 .with("transB", transposed));
    CHECK(layer.type == LayerType::kFullyConnected);
    CHECK(layer.output == Shape{kBatch, kOut, 1, 1});
    CHECK(layer.weights == kOut * (kIn + 1));
    CHECK(work_of(layer) == 2.0 * kBatch * kIn * kOut);
  }
}

TEST_CASE("recurrent layers cost both products of every gate and step") {
  constexpr std::int64_t kSteps = 5, kIn = 4, kHidden = 3, kDirections = 2;
  struct Row {
    const char* op;
    std::int64_t gates;
  };
  for (const Row& row : {Row{"LSTM", 4}, Row{"GRU", 3}, Row{"RNN", 1}}) {
    const Layer layer = only(std::move(Graph().input("x", {kSteps, kBatch, kIn}))
                                 .weights("w", {kDirections, row.gates * kHidden, kIn})
                                 .weights("r", {kDirections, row.gates * kHidden, kHidden})
                                 .node(row.op, {"x", "w", "r"}, {"y"})
                                 .with("hidden_size", kHidden)
                                 .with_text("direction", "bidirectional"));
    constexpr std::int64_t kProducts = kHidden * (kIn + kHidden) * kDirections;
    CHECK(work_of(layer) == static_cast<double>(2 * row.gates * kProducts * kSteps * kBatch));
    CHECK(layer.weights == kDirections * row.gates * kHidden * (kIn + kHidden));
  }
}

TEST_CASE("what only moves elements costs no flop and has the inferred shape") {
  const auto check = [](Graph graph, const Shape& expected) {
    const Layer layer = only(std::move(graph));
    CHECK(layer.type == LayerType::kMove);
    CHECK(layer.output == expected);
    CHECK(work_of(layer) == 0);
  };
  check(image().node("Transpose", {"x"}, {"y"}).with("perm", Dims{0, 2, 3, 1}),
        {kBatch, kHeight, kWidth, kChannels});
  check(image().integers("p", {0, 0, 1, 2, 0, 0, 3, 4}).node("Pad", {"x", "p"}, {"y"}),
        {kBatch, kChannels, kHeight + 1 + 3, kWidth + 2 + 4});
  check(image()
            .integers("from", {1})
            .integers("to", {INT64_MAX})
            .integers("axes", {2})
            .node("Slice", {"x", "from", "to", "axes"}, {"y"}),
        {kBatch, kChannels, kHeight - 1, kWidth});
  check(image().floats("scales", {1, 1, 2, 2}).node("Resize", {"x", "", "scales"}, {"y"}),
        {kBatch, kChannels, 2 * kHeight, 2 * kWidth});
  check(std::move(Graph().input("x", {1, 8, 2, 3}))
            .node("DepthToSpace", {"x"}, {"y"})
            .with("blocksize", 2),
        {1, 2, 4, 6});
}

TEST_CASE("a linear resize weighs four neighbours for each element") {
  const Layer layer = only(image()
                               .floats("scales", {1, 1, 2, 2})
                               .node("Resize", {"x", "", "scales"}, {"y"})
                               .with_text("mode", "linear"));
  CHECK(work_of(layer) == 2.0 * 4 * 4 * kElements);
}

TEST_CASE("reductions cost one flop an input element") {
  const Layer mean =
      only(image().node("ReduceMean", {"x"}, {"y"}).with("axes", Dims{2, 3}).with("keepdims", 0));
  CHECK(mean.type == LayerType::kReduce);
  CHECK(mean.output == Shape{kBatch, kChannels, 1, 1});
  CHECK(work_of(mean) == static_cast<double>(kElements));
  const Layer best = only(image().node("ArgMax", {"x"}, {"y"}).with("axis", 1));
  CHECK(best.output == Shape{kBatch, 1, kHeight, kWidth});
}

TEST_CASE("reshapes that keep the four axes vanish, others are views without cost") {
  const Dnn dnn = image()
                      .node("Identity", {"x"}, {"same"})
                      .node("Relu", {"same"}, {"r"})
                      .node("Flatten", {"r"}, {"flat"})
                      .integers("shape", {0, -1, kChannels})
                      .node("Reshape", {"r", "shape"}, {"rows"})
                      .node("Relu", {"flat"}, {"a"})
                      .node("Relu", {"rows"}, {"b"})
                      .output("a")
                      .output("b")
                      .import();
  CHECK(dnn.layers()[0].name == "r");
  const Layer& flat = layer_named(dnn, "flat");
  CHECK(flat.type == LayerType::kFlatten);
  CHECK(flat.output == Shape{kBatch, kElements / kBatch, 1, 1});
  const Layer& rows = layer_named(dnn, "rows");
  CHECK(rows.type == LayerType::kReshape);
  CHECK(rows.output == Shape{kBatch, kHeight * kWidth, kChannels, 1});
  CHECK(work_of(rows) == 0);
  CHECK(joined_notes(dnn).find("the outputs a, b are one tensor") != std::string::npos);
  CHECK(dnn.layers().back().name == "outputs");
  CHECK(survives_a_file(dnn));
}

TEST_CASE("concat joins any axis, sums take equal shapes or repeat the smaller") {
  const Dnn dnn = image()
                      .node("Relu", {"x"}, {"r"})
                      .node("Concat", {"x", "r"}, {"rows"})
                      .with("axis", -2)
                      .node("Add", {"rows", "rows"}, {"twice"})
                      .node("GlobalAveragePool", {"twice"}, {"means"})
                      .node("Mul", {"twice", "means"}, {"scaled"})
                      .node("Sum", {"scaled", "twice", "rows"}, {"y"})
                      .output("y")
                      .import();
  const Layer& concat = layer_named(dnn, "rows");
  CHECK(concat.type == LayerType::kConcat);
  CHECK(concat.parameters.axis == 2);
  const Shape joined{kBatch, kChannels, 2 * kHeight, kWidth};
  CHECK(concat.output == joined);
  CHECK(layer_named(dnn, "twice").inputs.size() == 1);
  const Layer& scaled = layer_named(dnn, "scaled");
  CHECK(scaled.type == LayerType::kPointwise);
  CHECK(scaled.output == joined);
  CHECK(work_of(scaled) == static_cast<double>(joined.elements()));
  const Layer& sum = layer_named(dnn, "y");
  CHECK(sum.type == LayerType::kEltwise);
  CHECK(work_of(sum) == 2.0 * static_cast<double>(joined.elements()));
  CHECK(survives_a_file(dnn));
}

TEST_CASE("each part of a split that is read is a layer") {
  const Dnn dnn = image()
                      .node("Split", {"x"}, {"a", "b", "unread"})
                      .with("axis", 1)
                      .node("Concat", {"b", "a"}, {"y"})
                      .with("axis", 1)
                      .output("y")
                      .import();
  REQUIRE(dnn.layers().size() == 3);
  CHECK(dnn.layers()[0].output == Shape{kBatch, kChannels / 3, kHeight, kWidth});
  CHECK(dnn.layers()[2].output.channels == 2 * kChannels / 3);
}
