// A network's layers as a Boost graph, for the algorithms of that library. In a header of its own,
// since few need it and it takes long to compile.
#pragma once

#include <span>

#include <boost/graph/adjacency_list.hpp>

#include "workloads/dnn.hpp"

namespace edgecut::workloads {

/// Vertices are layers, in the order of Dnn::layers(); edges go from producer to consumer.
using LayerGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

/// Inputs that name no layer are left out.
LayerGraph layer_graph(std::span<const Layer> layers);

}  // namespace edgecut::workloads
