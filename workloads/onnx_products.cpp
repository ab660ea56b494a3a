// Matrix products and recurrent layers.
#include <algorithm>
#include <utility>

#include "workloads/onnx_graph.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::workloads {
namespace {

using Dims = std::vector<std::int64_t>;

// A product that no layer type describes: 2 x depth flop for each output element.
void add_general(OnnxGraph& graph, const OnnxNode& node, const Dims& dims, std::int64_t depth) {
  LayerParameters p;
  p.output = fold_shape(dims);
  Dims factors = dims;
  factors.insert(factors.end(), {2, depth});
  p.work_flop = saturated_product(factors);
  p.weights = node.learned_elements();
  graph.define(node, 0, dims, graph.builder.add(node.name(), LayerType::kOther, node.layers(), p));
}

// The last axis of a tensor of `rank` on our four axes.
std::int64_t row_axis(std::size_t rank) {
  return fold_axis(static_cast<std::int64_t>(rank) - 1, rank);
}

void import_gemm(OnnxGraph& graph, const OnnxNode& node) {
  const OnnxTensor& a = graph.need(node, 0);
  const OnnxTensor& b = graph.need(node, 1);
  const OnnxTensor* c = node.find_input(2);
  if (a.dims.size() != 2 || b.dims.size() != 2) {
    graph.fail(node, "matrices of rank " + std::to_string(a.dims.size()) + " and " +
                         std::to_string(b.dims.size()) + ", expected 2");
  }
  const bool transposes_a = node.integer_or("transA", 0) != 0;
  const bool transposes_b = node.integer_or("transB", 0) != 0;
  const std::int64_t rows = a.dims[transposes_a ? 1 : 0];
  const std::int64_t depth = a.dims[transposes_a ? 0 : 1];
  const std::int64_t columns = b.dims[transposes_b ? 0 : 1];
  if (depth != b.dims[transposes_b ? 1 : 0]) {
    graph.fail(node, "rows of " + std::to_string(depth) + " elements meet a matrix for " +
                         std::to_string(b.dims[transposes_b ? 1 : 0]));
  }
  const bool is_layer =
      !a.is_constant && b.is_constant && !transposes_a && (c == nullptr || c->is_constant);
  if (!is_layer) {
    add_general(graph, node, {rows, columns}, depth);
    return;
  }
  LayerParameters p;
  p.outputs = columns;
  p.bias = c != nullptr && c->has_shape && c->elements() == columns;
  if (c != nullptr && !p.bias && c->is_learned()) {
    graph.note(node, "its third matrix is no bias and not counted among the parameters");
  }
  graph.define(node, 0, {rows, columns},
               graph.builder.add(node.name(), LayerType::kFullyConnected, {a.layer}, p));
}

// numpy's matmul: the last two axes are matrices, the others are broadcast.
void import_matmul(OnnxGraph& graph, const OnnxNode& node, std::size_t second) {
  const OnnxTensor& a = graph.need(node, 0);
  const OnnxTensor& b = graph.need(node, second);
  if (a.dims.empty() || b.dims.empty()) {
    graph.fail(node, "a factor is a single number");
  }
  const std::int64_t depth = a.dims.back();
  const std::int64_t b_depth = b.dims.size() == 1 ? b.dims[0] : b.dims[b.dims.size() - 2];
  if (depth != b_depth) {
    graph.fail(node, "rows of " + std::to_string(depth) + " elements meet a matrix for " +
                         std::to_string(b_depth));
  }
  const auto leading = [](const Dims& dims) {
    return dims.size() <= 2 ? Dims() : Dims(dims.begin(), dims.end() - 2);
  };
  std::optional<Dims> dims = broadcast(leading(a.dims), leading(b.dims));
  if (!dims) {
    graph.fail(node, "the matrices' shapes do not fit");
  }
  const bool keeps_batch = *dims == leading(a.dims);
  if (a.dims.size() > 1) {
    dims->push_back(a.dims[a.dims.size() - 2]);
  }
  if (b.dims.size() > 1) {
    dims->push_back(b.dims.back());
  }
  if (dims->empty()) {
    dims->push_back(1);
  }
  const bool is_plain = !a.is_constant && keeps_batch && a.dims.size() > 1 && b.dims.size() > 1;
  if (!is_plain || (b.is_constant && b.dims.size() > 2)) {
    add_general(graph, node, *dims, depth);
    return;
  }
  LayerParameters p;
  p.outputs = b.dims.back();
  p.bias = false;
  p.axis = row_axis(a.dims.size());
  const LayerType type = b.is_constant ? LayerType::kFullyConnected : LayerType::kMatmul;
  graph.define(node, 0, *dims, graph.builder.add(node.name(), type, node.layers(), p));
}

// Both products of every gate, for each step, direction and row of the batch.
void import_recurrent(OnnxGraph& graph, const OnnxNode& node, std::int64_t gates) {
  const OnnxTensor& input = graph.need(node, 0);
  const OnnxTensor& recurrence = graph.need(node, 2);
  if (input.dims.size() != 3 || recurrence.dims.size() != 3 || input.is_constant) {
    graph.fail(node, "expected an input and weights of rank 3");
  }
  const bool is_batch_first = node.integer_or("layout", 0) != 0;
  const std::int64_t directions = recurrence.dims[0];
  const std::int64_t hidden = recurrence.dims[2];
  const std::int64_t steps = input.dims[is_batch_first ? 1 : 0];
  const std::int64_t batch = input.dims[is_batch_first ? 0 : 1];
  if (directions < 1 || hidden < 1 || hidden > kDimensionMax || directions > 2) {
    graph.fail(node, "weights for " + std::to_string(directions) + " directions of " +
                         std::to_string(hidden) + " units");
  }
  const Dims states =
      is_batch_first ? Dims{batch, directions, hidden} : Dims{directions, batch, hidden};
  const std::vector<Dims> outputs = {is_batch_first ? Dims{batch, steps, directions, hidden}
                                                    : Dims{steps, directions, batch, hidden},
                                     states, states};
  LayerParameters p;
  p.output = fold_shape(outputs[0]);
  p.work_flop =
      saturated_product(Dims{2, gates, hidden, input.dims[2] + hidden, steps, batch, directions});
  p.weights = node.learned_elements();
  const std::uint32_t layer = graph.builder.add(node.name(), LayerType::kOther, node.layers(), p);
  graph.define(node, 0, outputs[0], layer);
  for (int i = 1; i < node.proto().output_size() && i < 3; ++i) {
    if (graph.used.count(node.proto().output(i)) > 0) {
      LayerParameters state;
      state.output = fold_shape(states);
      graph.define(node, i, states,
                   graph.builder.add(node.proto().output(i), LayerType::kMove, {layer}, state));
    }
  }
}

}  // namespace

bool import_product(OnnxGraph& graph, const OnnxNode& node) {
  const std::string& op = node.op();
  constexpr std::int64_t kLstmGates = 4, kGruGates = 3;
  if (op == "Gemm" || op == "FusedGemm") {
    import_gemm(graph, node);
  } else if (op == "MatMul" || op == "MatMulInteger") {
    import_matmul(graph, node, 1);
  } else if (op == "QLinearMatMul") {
    import_matmul(graph, node, 3);
  } else if (op == "LSTM") {
    import_recurrent(graph, node, kLstmGates);
  } else if (op == "GRU") {
    import_recurrent(graph, node, kGruGates);
  } else if (op == "RNN") {
    import_recurrent(graph, node, 1);
  } else {
    return false;
  }
  return true;
}

}  // namespace edgecut::workloads
