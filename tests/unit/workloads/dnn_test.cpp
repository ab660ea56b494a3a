#include "workloads/dnn.hpp"

#include <limits>

#include <doctest/doctest.h>

#include "build.hpp"
#include "workloads/layer_graph.hpp"

using namespace edgecut::workloads;
using namespace edgecut::workloads::testing;
using edgecut::base::in_bytes;
using edgecut::base::in_flop;

namespace {

LayerParameters convolution_1x1(std::int64_t outputs) {
  LayerParameters p;
  p.outputs = outputs;
  return p;
}

// input -> a -> {b, c}; concat of b and c; sum of that with d (from a).
Dnn::Description diamond() {
  return description(
      {.channels = 2, .height = 4, .width = 4},
      {layer("a", LayerType::kConvolution, {kNetworkInput}, convolution_1x1(3)),
       layer("b", LayerType::kConvolution, {0}, convolution_1x1(5)),
       layer("c", LayerType::kRelu, {0}), layer("joined", LayerType::kConcat, {1, 2}),
       layer("d", LayerType::kConvolution, {0}, convolution_1x1(5 + 3)),
       layer("sum", LayerType::kEltwise, {3, 4})});
}

Dnn::Description chain() {
  return description({.channels = 4},
                     {fully_connected("one", 3, {kNetworkInput}),
                      layer("two", LayerType::kRelu, {0}), fully_connected("three", 2, {1})});
}

}  // namespace

TEST_CASE("a diamond with concat and eltwise infers every tensor and is no chain") {
  const Dnn dnn(diamond(), "test");
  const std::int64_t pixels = 4 * 4;
  CHECK(!dnn.is_chain());
  CHECK(dnn.layers()[3].output == Shape{1, 5 + 3, 4, 4});
  CHECK(dnn.layers()[3].input_elements == (5 + 3) * pixels);
  CHECK(dnn.layers()[3].input == dnn.layers()[1].output);
  CHECK(dnn.layers()[5].output == Shape{1, 8, 4, 4});
  CHECK(dnn.layers()[5].input_elements == 2 * 8 * pixels);
  CHECK(in_flop(dnn.layers()[5].work) == 8 * pixels);
  CHECK(in_bytes(dnn.output_size(5)) == 4 * 8 * pixels);

  const LayerGraph graph = layer_graph(dnn.layers());
  CHECK(boost::num_vertices(graph) == 6);
  CHECK(boost::num_edges(graph) == 7);
  CHECK(boost::out_degree(0, graph) == 3);
  CHECK(boost::edge(1, 3, graph).second);
  CHECK(!boost::edge(3, 1, graph).second);
}

TEST_CASE("work and weights of a network are the sums over its layers") {
  const Dnn dnn(diamond(), "test");
  const std::int64_t pixels = 16;
  CHECK(in_flop(dnn.work()) ==
        2 * pixels * (2 * 3 + 3 * 5 + 3 * 8) + pixels * 3 /* relu */ + pixels * 8 /* sum */);
  CHECK(dnn.weights() == 3 * (2 + 1) + 5 * (3 + 1) + 8 * (3 + 1));
}

TEST_CASE("layers in a row are a chain") {
  const Dnn dnn(chain(), "test");
  CHECK(dnn.is_chain());
  CHECK(dnn.layers().size() == 3);
  CHECK(dnn.input_shape() == Shape{1, 4, 1, 1});
}

TEST_CASE("two layers that read the network's input make no chain") {
  const Dnn dnn(description({.channels = 4}, {layer("one", LayerType::kRelu, {kNetworkInput}),
                                              layer("two", LayerType::kTanh, {kNetworkInput}),
                                              layer("sum", LayerType::kEltwise, {0, 1})}),
                "test");
  CHECK(!dnn.is_chain());
}

TEST_CASE("a cycle is told with the layers on it") {
  auto network = chain();
  network.layers[0].inputs = {1};
  const auto problems = problems_of(network);
  REQUIRE(problems.size() == 1);
  CHECK(told(problems, "m.json#/layers/0", "layer \"one\": cycle: one -> two -> one"));

  network = chain();
  network.layers[1].inputs = {1};
  CHECK(told(problems_of(network), "m.json#/layers/1", "cycle: two -> two"));
}

TEST_CASE("an input that stands later, but on no cycle, is told as such") {
  auto network =
      description({.channels = 4}, {layer("sum", LayerType::kEltwise, {1, kNetworkInput}),
                                    layer("late", LayerType::kRelu, {kNetworkInput}),
                                    layer("last", LayerType::kRelu, {0})});
  const auto problems = problems_of(network);
  REQUIRE(problems.size() == 1);
  CHECK(told(problems, "m.json#/layers/0", "its input \"late\" comes later"));
}

TEST_CASE("an input that does not exist, none at all, or the same twice is refused") {
  auto network = chain();
  network.layers[1].inputs = {7};
  CHECK(told(problems_of(network), "m.json#/layers/1", "input number 7 does not exist"));
  network.layers[1].inputs = {};
  CHECK(told(problems_of(network), "m.json#/layers/1", "has no input"));
  network.layers[1] = layer("two", LayerType::kEltwise, {0, 0});
  CHECK(told(problems_of(network), "m.json#/layers/1", "the same input twice"));
}

TEST_CASE("a network has one output, that of its last layer") {
  auto network = chain();
  network.layers[2].inputs = {0};
  const auto problems = problems_of(network);
  REQUIRE(problems.size() == 1);
  CHECK(told(problems, "m.json#/layers/1", "no layer takes its output"));
}

TEST_CASE("names are unique, not empty, not reserved and fit into a table's cell") {
  auto network = chain();
  network.layers[1].name = "one";
  CHECK(told(problems_of(network), "m.json#/layers/1", "duplicate name, layer 0"));
  network.layers[1].name = "";
  CHECK(told(problems_of(network), "m.json#/layers/1", "must not be empty"));
  network.layers[1].name = "input";
  CHECK(told(problems_of(network), "m.json#/layers/1", "stands for the network's input"));
  network.layers[1].name = "a,b";
  CHECK(told(problems_of(network), "m.json#/layers/1", "no comma"));
  network.layers[1].name = std::string(300, 'x');
  CHECK(told(problems_of(network), "m.json#/layers/1", "at most 200 bytes, got 300"));
  network = chain();
  network.name = "line\nbreak";
  CHECK(told(problems_of(network), "m.json#", "control character"));
}

TEST_CASE("a mistake is told once: layers that follow from it are not blamed") {
  auto network = chain();
  network.layers[0].parameters.outputs = -3;
  const auto problems = problems_of(network);
  REQUIRE(problems.size() == 1);
  CHECK(told(problems, "m.json#/layers/0", "outputs is -3, allowed: 1 to 16777216"));
}

TEST_CASE("a bad input shape or size is told at the network") {
  auto network = chain();
  network.input.channels = 0;
  network.input_size = edgecut::base::bytes(std::numeric_limits<double>::infinity());
  const auto problems = problems_of(network, "net.onnx");
  REQUIRE(problems.size() == 2);
  CHECK(told(problems, "net.onnx", "the network's input channels is 0"));
  CHECK(told(problems, "net.onnx", "size in bytes must be finite and > 0, got inf"));
}

TEST_CASE("a network without layers is refused") {
  CHECK(
      told(problems_of(description({.channels = 1}, {})), "m.json#", "1 to 100000 layers, got 0"));
}

TEST_CASE(
    "without a JSON pointer the place of a problem is the file, its layer named in the text") {
  auto network = chain();
  network.layers[0].parameters.outputs = 0;
  CHECK(told(problems_of(network, "net.onnx"), "net.onnx", "layer \"one\": outputs is 0"));
}

TEST_CASE("a deep chain and a long cycle are handled without recursion") {
  std::vector<Layer> layers;
  const std::uint32_t depth = 50'000;
  for (std::uint32_t i = 0; i < depth; ++i) {
    layers.push_back(layer(std::string("l").append(std::to_string(i)), LayerType::kRelu,
                           {i == 0 ? kNetworkInput : i - 1}));
  }
  CHECK(Dnn(description({.channels = 1}, layers), "test").is_chain());
  layers[0].inputs = {depth - 1};
  const auto problems = problems_of(description({.channels = 1}, layers));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].what.find("-> l7 -> ... -> l0") != std::string::npos);
}

TEST_CASE("every layer type has a name of its own") {
  CHECK(layer_type_names().size() == static_cast<std::size_t>(LayerType::kOther) + 1);
  CHECK(layer_type_name(LayerType::kFlatten) == "flatten");
  CHECK(layer_type_name(LayerType::kOther) == "other");
  CHECK(layer_type_name(LayerType::kHardTanh) == "hard_tanh");
}
