// A transformer's layer, written as exporters write it.
#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut::workloads;
using namespace edgecut::workloads::testing;

namespace {

constexpr std::int64_t kTokens = 6, kHeads = 2, kHeadWidth = 4, kModel = kHeads * kHeadWidth;
constexpr std::int64_t kWords = 50, kHidden = 4 * kModel;

// x -> W x + b, split into heads: [1, heads, tokens, width].
void project(Graph& graph, const std::string& name, const Dims& permutation) {
  graph.weights("w_" + name, {kModel, kModel}).weights("b_" + name, {kModel});
  graph.node("MatMul", {"e", "w_" + name}, {name + "_product"});
  graph.node("Add", {name + "_product", "b_" + name}, {name + "_sum"});
  graph.node("Reshape", {name + "_sum", "split"}, {name + "_heads"});
  graph.node("Transpose", {name + "_heads"}, {name}).with("perm", permutation);
}

Dnn attention() {
  Graph graph(17);
  graph.input("ids", {1, 0}, onnx::TensorProto_DataType_INT64);
  graph.weights("table", {kWords, kModel}).node("Gather", {"table", "ids"}, {"e"});
  graph.integers("split", {1, -1, kHeads, kHeadWidth}).integers("merge", {1, -1, kModel});
  project(graph, "q", {0, 2, 1, 3});
  project(graph, "k", {0, 2, 3, 1});
  project(graph, "v", {0, 2, 1, 3});
  graph.node("MatMul", {"q", "k"}, {"scores"});
  graph.floats("scale", {2}).node("Div", {"scores", "scale"}, {"scaled"});
  graph.node("Softmax", {"scaled"}, {"weights"}).with("axis", -1);
  graph.node("MatMul", {"weights", "v"}, {"context"});
  graph.node("Transpose", {"context"}, {"turned"}).with("perm", Dims{0, 2, 1, 3});
  graph.node("Reshape", {"turned", "merge"}, {"merged"});
  graph.node("Add", {"merged", "e"}, {"residual"});
  graph.weights("gain", {kModel}).weights("offset", {kModel});
  graph.node("LayerNormalization", {"residual", "gain", "offset"}, {"normed"}).with("axis", -1);
  graph.weights("up", {kModel, kHidden}).node("MatMul", {"normed", "up"}, {"y"}).output("y");
  return graph.import({.dimensions = {{"open", kTokens}}});
}

}  // namespace

TEST_CASE("a transformer's layer is costed in full") {
  const Dnn dnn = attention();
  CHECK(dnn.notes().empty());
  CHECK(survives_a_file(dnn));
  CHECK(dnn.input_shape() == Shape{1, kTokens, 1, 1});

  const Layer& table = layer_named(dnn, "e");
  CHECK(table.type == LayerType::kMove);
  CHECK(table.weights == kWords * kModel);
  CHECK(table.output == Shape{1, kTokens, kModel, 1});

  const Layer& query = layer_named(dnn, "q_product");
  CHECK(query.type == LayerType::kFullyConnected);
  CHECK(query.parameters.axis == 2);
  CHECK(work_of(query) == 2.0 * kTokens * kModel * kModel);
  CHECK(query.weights == kModel * kModel);
  CHECK(layer_named(dnn, "q_sum").weights == kModel);

  const Layer& scores = layer_named(dnn, "scores");
  CHECK(scores.type == LayerType::kMatmul);
  CHECK(scores.output == Shape{1, kHeads, kTokens, kTokens});
  CHECK(work_of(scores) == 2.0 * kHeads * kTokens * kTokens * kHeadWidth);
  CHECK(scores.weights == 0);
  CHECK(layer_named(dnn, "scaled").weights == 0);  // a single number is not learned

  const Layer& context = layer_named(dnn, "context");
  CHECK(context.output == Shape{1, kHeads, kTokens, kHeadWidth});
  CHECK(work_of(context) == 2.0 * kHeads * kTokens * kTokens * kHeadWidth);

  const Layer& norm = layer_named(dnn, "normed");
  CHECK(norm.type == LayerType::kLayerNorm);
  CHECK(norm.weights == 2 * kModel);
  CHECK(work_of(norm) == 7.0 * kTokens * kModel);

  CHECK(dnn.weights() ==
        kWords * kModel + 3 * (kModel * kModel + kModel) + 2 * kModel + kModel * kHidden);
  CHECK(dnn.multiply_adds() == 3.0 * kTokens * kModel * kModel +
                                   2.0 * kHeads * kTokens * kTokens * kHeadWidth +
                                   kTokens * kModel * static_cast<double>(kHidden));
}

TEST_CASE("a product with stacked weights, or of other order, keeps its work") {
  const Dnn stacked = std::move(Graph().input("x", {3, 4, 5}))
                          .weights("w", {3, 5, 6})
                          .node("MatMul", {"x", "w"}, {"y"})
                          .output("y")
                          .import();
  CHECK(stacked.layers()[0].type == LayerType::kOther);
  CHECK(work_of(stacked.layers()[0]) == 2.0 * 3 * 4 * 5 * 6);
  CHECK(stacked.weights() == 3 * 5 * 6);
  const Dnn left = std::move(Graph().input("x", {5, 6}))
                       .weights("w", {4, 5})
                       .node("MatMul", {"w", "x"}, {"y"})
                       .output("y")
                       .import();
  CHECK(left.layers()[0].output == Shape{4, 6, 1, 1});
  CHECK(work_of(left.layers()[0]) == 2.0 * 4 * 5 * 6);
  const Dnn square =
      std::move(Graph().input("x", {5, 5})).node("MatMul", {"x", "x"}, {"y"}).output("y").import();
  CHECK(square.layers()[0].type == LayerType::kMatmul);
  CHECK(work_of(square.layers()[0]) == 2.0 * 5 * 5 * 5);
}
