// Whole Caffe networks: both syntaxes, phases, in-place layers, mistakes with their lines.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut;
using namespace edgecut::workloads;
using namespace edgecut::workloads::testing;

namespace {

Dnn import(const std::string& text, const ImportOptions& options = {}) {
  const Scratch scratch;
  return import_model(scratch.write("net.prototxt", text), options);
}

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(import(text));
  } catch (const base::ConfigError& error) {
    const std::string message = error.what();
    return message.substr(message.find("net.prototxt"));
  }
  return "";
}

const std::string kOldInput = R"(name: "old"
input: "data"
input_dim: 1
input_dim: 3
input_dim: 12
input_dim: 10
)";
const std::string kNewInput = R"(name: "old"
layer { name: "data" type: "Input" top: "data"
  input_param { shape: { dim: 1 dim: 3 dim: 12 dim: 10 } } }
)";
const std::string kOldLayers = R"(
layers { name: "conv" type: CONVOLUTION bottom: "data" top: "conv" blobs_lr: 1
  convolution_param { num_output: 4 kernel_size: 3 pad: 1 weight_filler { type: "xavier" } } }
layers { name: "relu" type: RELU bottom: "conv" top: "conv" }
layers { name: "fc" type: INNER_PRODUCT bottom: "conv" top: "fc"
  inner_product_param { num_output: 5 bias_term: false } }
layers { name: "prob" type: SOFTMAX bottom: "fc" top: "prob" }
)";
const std::string kNewLayers = R"(
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" param { lr_mult: 1 }
  convolution_param { num_output: 4 kernel_size: 3 pad: 1 weight_filler { type: "xavier" } } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
layer { name: "fc" type: "InnerProduct" bottom: "conv" top: "fc"
  inner_product_param { num_output: 5 bias_term: false } }
layer { name: "prob" type: "Softmax" bottom: "fc" top: "prob" }
)";

}  // namespace

TEST_CASE("the old and the new syntax give the same network") {
  const Dnn before = import(kOldInput + kOldLayers);
  const Dnn after = import(kNewInput + kNewLayers);
  CHECK(write_model(before) == write_model(after));
  CHECK(survives_a_file(before));
  CHECK(before.name() == "old");
  CHECK(before.input_shape() == Shape{1, 3, 12, 10});
  CHECK(base::in_bytes(before.input_size()) == 4.0 * 3 * 12 * 10);
  REQUIRE(before.layers().size() == 4);
  CHECK(before.is_chain());
  CHECK(before.weights() == 4 * (3 * 3 * 3 + 1) + 5 * 4 * 12 * 10);
  CHECK(before.notes().empty());
  CHECK(import(kOldInput + kOldLayers, {.batch = 6}).input_shape().batch == 6);
}

TEST_CASE("an in-place layer stands between the writer and the readers of its blob") {
  const Dnn dnn = import(kOldInput + kOldLayers);
  CHECK(dnn.layers()[1].inputs == std::vector<std::uint32_t>{0});
  CHECK(dnn.layers()[2].inputs == std::vector<std::uint32_t>{1});
}

TEST_CASE("training, data, accuracy and losses are left out with a note") {
  const Dnn dnn = import(kNewInput + R"(
layer { name: "train" type: "Data" top: "data" top: "label" include { phase: TRAIN } }
layer { name: "test" type: "Data" top: "data" top: "label" include { phase: TEST } }
)" + kNewLayers + R"(
layer { name: "noise" type: "Dropout" bottom: "prob" top: "noisy" include { phase: TRAIN } }
layer { name: "rate" type: "Accuracy" bottom: "prob" bottom: "label" top: "rate" }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "loss" }
)");
  CHECK(dnn.layers().size() == 4);
  CHECK(dnn.layers().back().name == "prob");
  CHECK(dnn.notes().size() == 5);
  const std::string notes = joined_notes(dnn);
  for (const char* part : {"\"train\" (line", "it is for training", "data comes with the query",
                           "ACCURACY \"rate\"", "SOFTMAXWITHLOSS \"loss\""}) {
    CAPTURE(part);
    CHECK(notes.find(part) != std::string::npos);
  }
}

TEST_CASE("branches that end apart are joined without cost, with a note") {
  const Dnn dnn = import(kNewInput + R"(
layer { name: "a" type: "Sigmoid" bottom: "data" top: "a" }
layer { name: "b" type: "TanH" bottom: "data" top: "b" }
)");
  CHECK(dnn.layers().size() == 3);
  CHECK(dnn.layers().back().type == LayerType::kReshape);
  CHECK(joined_notes(dnn).find("the outputs a, b") != std::string::npos);
}

TEST_CASE("a layer of unknown type is named with what was assumed") {
  const Dnn dnn = import(kNewInput + R"(
layer { name: "odd" type: "Odd" bottom: "data" top: "odd" odd_param { size: 3 } }
)");
  CHECK(dnn.layers()[0].type == LayerType::kPointwise);
  CHECK(joined_notes(dnn).find("ODD \"odd\" (line 5): no rule for this type") != std::string::npos);
}

TEST_CASE("mistakes are told with their line") {
  CHECK(refusal(kOldInput + "layer { name: \"a\" type: \"ReLU\" bottom: \"none\" top: \"a\" }") ==
        "net.prototxt:7: layer \"a\": its bottom \"none\" is written by no layer before it");
  CHECK(refusal(kOldInput + "layer { name: \"a\" typ: \"ReLU\" }") ==
        "net.prototxt:7: a layer has no field \"typ\", did you mean \"type\"?");
  CHECK(refusal(kOldInput + "layer { name: \"a\" bottom: \"data\" }") ==
        "net.prototxt:7: a layer without a type");
  CHECK(refusal(kOldInput + "layers: 3").find("net.prototxt:7: layers: expected { ... }") == 0);
  CHECK(refusal(kOldInput + "inputs: 3").find("net.prototxt:7: a network has no field") == 0);
  const std::string conv = "layer { type: \"Convolution\" bottom: \"data\" top: \"a\"\n";
  CHECK(refusal(kOldInput + conv + "convolution_param { num_output: 3 kernal_size: 3 } }") ==
        "net.prototxt:8: convolution_param has no field \"kernal_size\", did you mean "
        "\"kernel_size\"?");
  CHECK(refusal(kOldInput + conv + "convolution_param { kernel_size: 3 } }") ==
        "net.prototxt:8: layer \"a\": convolution_param lacks num_output");
  CHECK(refusal(kOldInput + conv + "convolution_param { num_output: 2.5 kernel_size: 3 } }")
            .find("net.prototxt:8: num_output: expected a whole number from 1") == 0);
  CHECK(refusal(kOldInput + conv + "convolution_param { num_output: 2 kernel_size: 30 } }")
            .find("net.prototxt:7: layer \"a\" (convolution): kernel 30x30 is larger") == 0);
  CHECK(refusal("input: \"data\"\ninput_dim: 1\n").find("1 inputs with 0 shapes") !=
        std::string::npos);
  CHECK(refusal(kOldInput).find("no layer computes") != std::string::npos);
}
