#include "policies/min_cut.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/range/iterator_range.hpp>

#include "base/errors.hpp"

namespace edgecut::policies {
namespace {

using predictors::LayerSet;
using workloads::Dnn;
using workloads::kNetworkInput;

using Capacity = std::int64_t;
constexpr int kScaleBits = 61;
// More than every finite capacity together; the residual of such an arc still fits.
constexpr Capacity kUnlimited = Capacity{1} << 62;

using Graph = boost::compressed_sparse_row_graph<>;
using Edge = Graph::edge_descriptor;

/// What an arc's capacity is made of: `layer` counts times the weight of layers, `bits` times the
/// price of a bit.
struct ArcPrice {
  double layer = 0;
  double bits = 0;
  bool unlimited = false;
};

double price_sum(const std::vector<double>& prices) {
  double sum = 0;
  for (const double price : prices) {
    EC_CHECK(std::isfinite(price) && price >= 0, "a layer's price is negative or not finite");
    sum += price;
  }
  return sum;
}

}  // namespace

Split split_of(const Dnn& dnn, const LayerPrices& prices, LayerSet on_device) {
  Split split;
  for (std::size_t i = 0; i < on_device.size(); ++i) {
    split.fixed += on_device[i] ? prices.device[i] : prices.server[i];
  }
  for (const std::uint32_t tensor : predictors::crossing_tensors(dnn, on_device)) {
    split.upload_bits +=
        base::in_bits(tensor == kNetworkInput ? dnn.input_size() : dnn.output_size(tensor));
  }
  split.on_device = std::move(on_device);
  return split;
}

// Vertices: layer i at i, then source (the device's side) and sink, then one for each tensor with
// several consumers. An arc is cut when it starts on the device and ends on the server.
struct MinCut::FlowNetwork {
  struct Arc {
    std::size_t from;
    std::size_t to;
    ArcPrice price;
    std::size_t reverse;  // index of the arc the other way
  };
  std::vector<Arc> arcs;  // once `finish` was called: by `from`, as in the graph
  std::size_t layers = 0;
  std::size_t vertices = 0;
  double layer_sum = 0;  // of all finite layer prices
  double bit_sum = 0;    // of all tensors that can cross
  Graph graph;
  std::vector<Edge> reverse;

  [[nodiscard]] std::size_t source() const { return layers; }
  [[nodiscard]] std::size_t sink() const { return layers + 1; }

  // An arc and its reverse.
  void connect(std::size_t from, std::size_t to, ArcPrice there, ArcPrice back = {}) {
    const std::size_t index = arcs.size();
    arcs.push_back({from, to, there, index + 1});
    arcs.push_back({to, from, back, index});
  }

  // Sorts the arcs as the compressed graph wants them.
  void finish() {
    std::vector<std::size_t> order(arcs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [this](std::size_t a, std::size_t b) { return arcs[a].from < arcs[b].from; });
    std::vector<std::size_t> place(arcs.size());
    std::vector<Arc> sorted;
    std::vector<std::pair<std::size_t, std::size_t>> ends;
    for (const std::size_t index : order) {
      place[index] = sorted.size();
      sorted.push_back(arcs[index]);
      ends.emplace_back(arcs[index].from, arcs[index].to);
    }
    arcs = std::move(sorted);
    for (Arc& arc : arcs) {
      arc.reverse = place[arc.reverse];
      reverse.emplace_back(arc.to, arc.reverse);
    }
    graph = Graph(boost::edges_are_sorted, ends.begin(), ends.end(), vertices);
  }

  // What consumers on the server pay for a tensor that is made at `producer`.
  void add_tensor(std::size_t producer, const std::vector<std::uint32_t>& consumers, double bits) {
    if (consumers.empty()) {
      return;
    }
    bit_sum += bits;
    const ArcPrice free;
    const ArcPrice never = {.unlimited = true};
    // The device's side needs no arc back: nothing of it can be on the server.
    const ArcPrice back = producer == source() ? free : never;
    if (consumers.size() == 1) {
      connect(producer, consumers.front(), {.bits = bits}, back);
      return;
    }
    const std::size_t tensor = vertices++;
    connect(producer, tensor, {.bits = bits});
    for (const std::uint32_t consumer : consumers) {
      connect(tensor, consumer, never);
      if (producer != source()) {
        connect(consumer, producer, never);
      }
    }
  }
};

MinCut::MinCut(const Dnn& dnn, LayerPrices prices, const LayerSet& pinned)
    : dnn_(dnn), prices_(std::move(prices)), network_(std::make_unique<FlowNetwork>()) {
  const std::size_t count = dnn.layers().size();
  EC_CHECK(prices_.device.size() == count && prices_.server.size() == count,
           "not one price a layer");
  FlowNetwork& network = *network_;
  network.layers = count;
  network.vertices = count + 2;
  network.layer_sum = price_sum(prices_.device) + price_sum(prices_.server);
  std::vector<std::vector<std::uint32_t>> consumers(count);
  std::vector<std::uint32_t> input_consumers;
  for (std::uint32_t i = 0; i < count; ++i) {
    for (const std::uint32_t input : dnn.layers()[i].inputs) {
      (input == kNetworkInput ? input_consumers : consumers[input]).push_back(i);
    }
  }
  network.add_tensor(network.source(), input_consumers, base::in_bits(dnn.input_size()));
  for (std::size_t i = 0; i < count; ++i) {
    network.add_tensor(i, consumers[i], base::in_bits(dnn.output_size(i)));
    const bool is_pinned = !pinned.empty() && pinned[i];
    network.connect(network.source(), i, {.layer = prices_.server[i], .unlimited = is_pinned});
    ArcPrice on_device = {.layer = prices_.device[i]};
    if (i + 1 == count && dnn.output_is_uploaded()) {
      on_device.bits = base::in_bits(dnn.output_size(i));
      network.bit_sum += on_device.bits;
    }
    network.connect(i, network.sink(), on_device);
  }
  network.finish();
}

MinCut::~MinCut() = default;

Split MinCut::cheapest(double bit_price) const {
  EC_CHECK(std::isfinite(bit_price) && bit_price >= 0, "a bit's price is negative or not finite");
  return solve(1, bit_price);
}

Split MinCut::fewest_bits() const { return solve(0, 1); }

Split MinCut::solve(double layer_weight, double bit_price) const {
  const FlowNetwork& network = *network_;
  const Graph& graph = network.graph;
  const double total = layer_weight * network.layer_sum + bit_price * network.bit_sum;
  const std::size_t arcs = network.arcs.size();
  std::vector<Capacity> capacity(arcs, 0);
  for (std::size_t i = 0; i < arcs; ++i) {
    const ArcPrice& price = network.arcs[i].price;
    const double cost = layer_weight * price.layer + bit_price * price.bits;
    if (price.unlimited) {
      capacity[i] = kUnlimited;
    } else if (cost > 0) {
      capacity[i] = std::llround(std::ldexp(cost / total, kScaleBits));
    }
  }
  const auto edge_index = boost::get(boost::edge_index, graph);
  const auto vertex_index = boost::get(boost::vertex_index, graph);
  const std::size_t vertices = network.vertices;
  std::vector<Capacity> residual(arcs, 0);
  std::vector<Edge> parents(vertices);
  std::vector<boost::default_color_type> colors(vertices);
  std::vector<std::size_t> distances(vertices, 0);
  boost::boykov_kolmogorov_max_flow(
      graph, boost::make_iterator_property_map(capacity.begin(), edge_index),
      boost::make_iterator_property_map(residual.begin(), edge_index),
      boost::make_iterator_property_map(network.reverse.begin(), edge_index),
      boost::make_iterator_property_map(parents.begin(), vertex_index),
      boost::make_iterator_property_map(colors.begin(), vertex_index),
      boost::make_iterator_property_map(distances.begin(), vertex_index), vertex_index,
      network.source(), network.sink());
  // The device's side: what the source still reaches.
  std::vector<bool> reached(vertices, false);
  std::vector<std::size_t> open = {network.source()};
  reached[network.source()] = true;
  while (!open.empty()) {
    const std::size_t vertex = open.back();
    open.pop_back();
    for (const Edge& edge : boost::make_iterator_range(boost::out_edges(vertex, graph))) {
      const std::size_t next = boost::target(edge, graph);
      if (!reached[next] && residual[edge.idx] > 0) {
        reached[next] = true;
        open.push_back(next);
      }
    }
  }
  reached.resize(network.layers);
  return split_of(dnn_, prices_, std::move(reached));
}

}  // namespace edgecut::policies
