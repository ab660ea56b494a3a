// Forms in which files give weights, open dimensions, and what is noted or refused.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut;
using namespace edgecut::workloads;
using namespace edgecut::workloads::testing;

namespace {

constexpr std::int64_t kIn = 3, kOut = 4, kKernel = 5, kSide = 8;
constexpr std::int64_t kWeights = kOut * (kIn * kKernel * kKernel + 1);

Graph image() { return std::move(Graph().input("x", {1, kIn, kSide, kSide})); }

// A convolution over weights "w" and bias "b", however the graph makes them.
std::int64_t parameters(Graph graph) {
  const Dnn dnn = graph.node("Conv", {"x", "w", "b"}, {"y"}).output("y").import();
  REQUIRE(dnn.layers().size() == 1);
  return dnn.weights();
}

void set_constant(Graph& graph, const std::string& name, const Dims& dims) {
  graph.node("Constant", {}, {name});
  auto* node = graph.model().mutable_graph()->mutable_node(graph.model().graph().node_size() - 1);
  auto* attribute = node->add_attribute();
  attribute->set_name("value");
  attribute->set_type(onnx::AttributeProto_AttributeType_TENSOR);
  attribute->mutable_t()->set_data_type(onnx::TensorProto_DataType_FLOAT);
  for (const std::int64_t dim : dims) {
    attribute->mutable_t()->add_dims(dim);
  }
}

}  // namespace

TEST_CASE("weights count the same as initializers, constants and filled shapes") {
  const Dims kernel = {kOut, kIn, kKernel, kKernel};
  CHECK(parameters(image().weights("w", kernel).weights("b", {kOut})) == kWeights);
  // Old files list weights among the inputs as well.
  CHECK(parameters(image().input("w", kernel).weights("w", kernel).weights("b", {kOut})) ==
        kWeights);
  CHECK(parameters(image()
                       .integers("w_shape", kernel)
                       .integers("b_shape", {kOut})
                       .node("ConstantOfShape", {"w_shape"}, {"w"})
                       .node("ConstantOfShape", {"b_shape"}, {"b"})) == kWeights);
  Graph constants = image();
  set_constant(constants, "w", kernel);
  set_constant(constants, "b", {kOut});
  CHECK(parameters(std::move(constants)) == kWeights);
}

TEST_CASE("weights behind unsqueeze, reshape, cast and identity are constants, not layers") {
  CHECK(parameters(image()
                       .weights("flat", {kOut, kIn * kKernel * kKernel})
                       .integers("w_shape", {kOut, kIn, kKernel, kKernel})
                       .node("Reshape", {"flat", "w_shape"}, {"w"})
                       .weights("b_one", {kOut})
                       .node("Identity", {"b_one"}, {"b_two"})
                       .node("Cast", {"b_two"}, {"b"})
                       .with("to", onnx::TensorProto_DataType_FLOAT)) == kWeights);
  CHECK(parameters(image()
                       .weights("thin", {kIn, kKernel, kKernel})
                       .integers("axis", {0})
                       .integers("repeats", {kOut, 1, 1, 1})
                       .node("Unsqueeze", {"thin", "axis"}, {"one"})
                       .node("Tile", {"one", "repeats"}, {"w"})
                       .weights("b", {kOut})) == kWeights);
}

TEST_CASE("a reshape whose target the graph computes from a shape is followed") {
  const Dnn dnn = image()
                      .node("Relu", {"x"}, {"r"})
                      .node("Shape", {"r"}, {"s"})
                      .integers("zero", {0})
                      .node("Gather", {"s", "zero"}, {"n"})
                      .integers("rest", {-1})
                      .node("Concat", {"n", "rest"}, {"target"})
                      .with("axis", 0)
                      .node("Reshape", {"r", "target"}, {"y"})
                      .output("y")
                      .import();
  CHECK(dnn.notes().empty());
  REQUIRE(dnn.layers().size() == 2);
  CHECK(dnn.layers()[1].output == Shape{1, kIn * kSide * kSide, 1, 1});
}

TEST_CASE("an open batch is one, or what is asked for; a fixed one cannot be changed") {
  Graph open = std::move(Graph().input("x", {0, kIn}).node("Relu", {"x"}, {"y"}).output("y"));
  CHECK(open.import().input_shape() == Shape{1, kIn, 1, 1});
  CHECK(open.import({.batch = 7}).input_shape() == Shape{7, kIn, 1, 1});
  const Graph fixed =
      std::move(Graph().input("x", {2, kIn}).node("Relu", {"x"}, {"y"}).output("y"));
  CHECK(fixed.import({.batch = 2}).input_shape().batch == 2);
  CHECK(fixed.refusal({.batch = 7}).find("fixes the batch at 2") != std::string::npos);
}

TEST_CASE("other open dimensions must be given by name") {
  const Graph graph =
      std::move(Graph().input("x", {1, 0, kIn}).node("Relu", {"x"}, {"y"}).output("y"));
  CHECK(graph.refusal().find("--dimension open=N") != std::string::npos);
  CHECK(graph.import({.dimensions = {{"open", 9}}}).input_shape() == Shape{1, 9, kIn, 1});
}

TEST_CASE("the input's size is that of its data type, unless it is given") {
  Graph bytes = std::move(Graph().input("x", {1, kIn, 2, 2}, onnx::TensorProto_DataType_UINT8));
  bytes.node("Cast", {"x"}, {"f"}).with("to", onnx::TensorProto_DataType_FLOAT);
  bytes.node("Relu", {"f"}, {"y"}).output("y");
  CHECK(base::in_bytes(bytes.import().input_size()) == kIn * 2 * 2);
  CHECK(base::in_bytes(bytes.import({.input_size = base::bytes(99)}).input_size()) == 99);
  CHECK(bytes.import().name() == "net");
  CHECK(bytes.import({.name = "mine"}).name() == "mine");
}

TEST_CASE("several inputs are views of one") {
  const Dnn dnn = Graph()
                      .input("a", {1, 4})
                      .input("b", {1, 4})
                      .node("Add", {"a", "b"}, {"y"})
                      .output("y")
                      .import();
  CHECK(dnn.input_shape().elements() == 8);
  CHECK(layer_named(dnn, "y").type == LayerType::kEltwise);
  CHECK(joined_notes(dnn).find("inputs a, b") != std::string::npos);
  CHECK(survives_a_file(dnn));
}

TEST_CASE("an operator without a rule is named with what was assumed") {
  const Dnn dnn =
      image().weights("w", {kIn}).node("FancyThing", {"x", "w"}, {"y"}).output("y").import();
  const Layer& layer = dnn.layers()[0];
  CHECK(layer.type == LayerType::kPointwise);
  CHECK(layer.output == dnn.input_shape());
  CHECK(layer.weights == kIn);
  const std::string notes = joined_notes(dnn);
  CHECK(notes.find("FancyThing \"y\": no rule for this operator") != std::string::npos);
  CHECK(notes.find("assumed that of its input") != std::string::npos);
  CHECK(write_model(dnn).find("FancyThing") != std::string::npos);
}

TEST_CASE("layers that lead to no output are left out with a note") {
  const Dnn dnn =
      image().node("Relu", {"x"}, {"y"}).node("Tanh", {"y"}, {"dead"}).output("y").import();
  CHECK(dnn.layers().size() == 1);
  CHECK(joined_notes(dnn).find("1 layers lead to no output and are left out: dead") !=
        std::string::npos);
}

TEST_CASE("names that a model file could not hold are made valid and unique") {
  Graph graph = image();
  graph.node("Relu", {"x"}, {"a,\"b\\"}).node("Relu", {"a,\"b\\"}, {"input"});
  graph.node("Relu", {"input"}, {"c"}).node("Relu", {"c"}, {"y"}).output("y");
  graph.model().mutable_graph()->mutable_node(2)->set_name("y");
  const Dnn dnn = graph.import();
  CHECK(dnn.layers()[0].name == "a__b_");
  CHECK(dnn.layers()[1].name == "input_2");
  CHECK(dnn.layers()[2].name == "y");
  CHECK(dnn.layers()[3].name == "y_2");
  CHECK(survives_a_file(dnn));
}

TEST_CASE("what does not fit together is refused with the node's name") {
  const auto refused = [](const Graph& graph, const std::string& expected) {
    const std::string message = graph.refusal();
    CAPTURE(message);
    CHECK(message.find(expected) != std::string::npos);
  };
  refused(image().node("Relu", {"nowhere"}, {"y"}).output("y"), "nothing before it puts out");
  refused(image().node("Relu", {"x"}, {"y"}).node("Tanh", {"x"}, {"y"}).output("y"),
          "put out twice");
  refused(image().node("Relu", {"x"}, {"y"}).output("z"), "\"z\" is computed by no node");
  refused(image().weights("w", {1, kIn + 1, 1, 1}).node("Conv", {"x", "w"}, {"y"}).output("y"),
          "node \"y\" (Conv): 3 input channels");
  refused(image()
              .weights("w", {1, kIn, 1, 1})
              .node("Conv", {"x", "w"}, {"y"})
              .with("strides", Dims{0, 1})
              .output("y"),
          "strides holds 0");
  refused(image().weights("w", {1, kIn, 99, 1}).node("Conv", {"x", "w"}, {"y"}).output("y"),
          "larger than its input");
  refused(std::move(Graph().input("x", {1, std::int64_t{1} << 40}))
              .node("Relu", {"x"}, {"y"})
              .output("y"),
          "dimension of 1099511627776");
  refused(Graph().node("Constant", {}, {"y"}).output("y"), "no input");
}
