#include "workloads/layer_graph.hpp"

namespace edgecut::workloads {

LayerGraph layer_graph(std::span<const Layer> layers) {
  LayerGraph graph(layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for (const std::uint32_t input : layers[i].inputs) {
      if (input < layers.size()) {
        boost::add_edge(input, i, graph);
      }
    }
  }
  return graph;
}

}  // namespace edgecut::workloads
