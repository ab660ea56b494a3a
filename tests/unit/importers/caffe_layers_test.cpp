// Each Caffe layer type over one feature map: our type, shape, work and parameters.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut;
using namespace edgecut::workloads;
using namespace edgecut::workloads::testing;

namespace {

constexpr std::int64_t kChannels = 6, kHeight = 9, kWidth = 7;
constexpr std::int64_t kElements = kChannels * kHeight * kWidth;
const Shape kInput{1, kChannels, kHeight, kWidth};

// The network of one layer with the type and parameters given.
Dnn one(const std::string& body) {
  const Scratch scratch;
  Dnn dnn = import_model(scratch.write("net.prototxt",
                                       "input: \"x\" input_shape { dim: 1 dim: 6 dim: 9 dim: 7 }\n"
                                       "layer { name: \"y\" bottom: \"x\" top: \"y\" type: " +
                                           body + " }"));
  CHECK(survives_a_file(dnn));
  return dnn;
}

Layer only(const std::string& body) {
  const Dnn dnn = one(body);
  CHECK(dnn.notes().empty());
  REQUIRE(dnn.layers().size() == 1);
  return dnn.layers()[0];
}

}  // namespace

TEST_CASE("windows may differ by axis and are given once, twice or by axis") {
  const Layer by_axis = only(
      "\"Convolution\" convolution_param { num_output: 4 kernel_h: 3 kernel_w: 5 stride_h: 2 "
      "stride_w: 1 pad_h: 0 pad_w: 2 group: 2 bias_term: false }");
  CHECK(by_axis.output == Shape{1, 4, (kHeight - 3) / 2 + 1, kWidth});
  CHECK(by_axis.weights == 4 * 3 * 5 * kChannels / 2);
  const Layer twice = only(
      "\"Convolution\" convolution_param { num_output: 4 kernel_size: 3 kernel_size: 5 "
      "stride: [2, 1] pad: 0 pad: 2 dilation: 1 }");
  CHECK(twice.output == by_axis.output);
  const Layer local = only("LOCAL local_param { num_output: 4 kernel_size: 3 }");
  CHECK(local.type == LayerType::kLocal);
  CHECK(local.weights == 4 * (kHeight - 2) * (kWidth - 2) * (3 * 3 * kChannels + 1));
  const Layer up =
      only("\"Deconvolution\" convolution_param { num_output: 2 kernel_size: 4 stride: 2 pad: 1 }");
  CHECK(up.output == Shape{1, 2, 2 * kHeight, 2 * kWidth});
  CHECK(work_of(up) == 2.0 * kElements * 2 * 4 * 4);
  CHECK(up.weights == kChannels * 2 * 4 * 4 + 2);
}

TEST_CASE("pools round up unless round_mode says otherwise") {
  const std::string window = "pooling_param { pool: AVE kernel_size: 2 stride: 2 ";
  CHECK(only("\"Pooling\" " + window + "}").output == Shape{1, kChannels, 5, 4});
  CHECK(only("\"Pooling\" " + window + "round_mode: FLOOR }").output == Shape{1, kChannels, 4, 3});
  CHECK(only("POOLING pooling_param { global_pooling: true }").output == Shape{1, kChannels, 1, 1});
}

TEST_CASE("activations and normalisations cost their flop and parameters") {
  struct Row {
    const char* body;
    LayerType type;
    std::int64_t flop;
    std::int64_t weights;
  };
  for (const Row& row :
       {Row{"RELU", LayerType::kRelu, 1, 0}, Row{"TANH", LayerType::kTanh, 2, 0},
        Row{"\"Sigmoid\"", LayerType::kSigmoid, 2, 0}, Row{"\"ELU\"", LayerType::kPointwise, 2, 0},
        Row{"\"PReLU\"", LayerType::kPointwise, 1, kChannels},
        Row{"\"PReLU\" prelu_param { channel_shared: true }", LayerType::kPointwise, 1, 1},
        Row{"\"BatchNorm\" batch_norm_param { use_global_stats: true }", LayerType::kPointwise, 2,
            0},
        Row{"\"Scale\" scale_param { bias_term: true }", LayerType::kPointwise, 2, 2 * kChannels},
        Row{"\"Bias\"", LayerType::kPointwise, 1, kChannels},
        Row{"\"Dropout\" dropout_param { dropout_ratio: 0.5 }", LayerType::kDropout, 1, 0},
        Row{"\"Power\" power_param { scale: 2 }", LayerType::kPointwise, 3, 0},
        Row{"LRN lrn_param { local_size: 3 }", LayerType::kLrn, 4, 0},
        Row{"LRN lrn_param { local_size: 3 norm_region: WITHIN_CHANNEL }", LayerType::kLrn, 10, 0},
        Row{"\"Softmax\"", LayerType::kSoftmax, 1, 0}}) {
    CAPTURE(row.body);
    const Layer layer = only(row.body);
    CHECK(layer.type == row.type);
    CHECK(layer.output == kInput);
    CHECK(work_of(layer) == static_cast<double>(row.flop * kElements));
    CHECK(layer.weights == row.weights);
  }
}

TEST_CASE("layers that change the shape") {
  CHECK(only("\"Flatten\"").output == Shape{1, kElements, 1, 1});
  CHECK(only("ARGMAX argmax_param { top_k: 1 }").output == Shape{1, 1, 1, 1});
  CHECK(only("\"Reshape\" reshape_param { shape { dim: 0 dim: -1 dim: 7 } }").output ==
        Shape{1, kChannels * kHeight, kWidth, 1});
  const Layer rows = only("\"InnerProduct\" inner_product_param { num_output: 2 axis: -1 }");
  CHECK(rows.output == Shape{1, kChannels, kHeight, 2});
  CHECK(rows.weights == 2 * (kWidth + 1));
}

TEST_CASE("slices, concatenations and sums make a graph") {
  const Scratch scratch;
  const Dnn dnn = import_model(scratch.write("net.prototxt", R"(
input: "x" input_shape { dim: 1 dim: 6 dim: 9 dim: 7 }
layer { name: "cut" type: "Slice" bottom: "x" top: "a" top: "b" slice_param { slice_point: 2 } }
layer { name: "copy" type: "Split" bottom: "b" top: "b1" top: "b2" }
layer { name: "relu" type: "ReLU" bottom: "b1" top: "r" }
layer { name: "sum" type: "Eltwise" bottom: "r" bottom: "b2" top: "s" }
layer { name: "all" type: "Concat" bottom: "a" bottom: "s" top: "y" concat_param { axis: 1 } }
)"));
  REQUIRE(dnn.layers().size() == 5);
  CHECK(dnn.layers()[0].output.channels == 2);
  CHECK(dnn.layers()[1].output.channels == 4);
  CHECK(layer_named(dnn, "sum").type == LayerType::kEltwise);
  CHECK(layer_named(dnn, "all").output == kInput);
}
