#include "workloads/network_inference.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <boost/graph/strong_components.hpp>

#include "base/text.hpp"
#include "workloads/layer_graph.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::workloads {
namespace {

constexpr std::size_t kNameBytesMax = 200;

// Names end up in CSV cells and JSON strings: what would need quoting there is refused here.
std::string name_problem(const std::string& name) {
  if (name.empty()) {
    return "a name must not be empty";
  }
  if (name.size() > kNameBytesMax) {
    return "a name has at most " + std::to_string(kNameBytesMax) + " bytes, got " +
           std::to_string(name.size());
  }
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7f && c != ',' && c != '"' && c != '\\';
  });
  return plain ? "" : "a name holds no comma, quote, backslash or control character";
}

// One run of the checks over one description.
class NetworkInference {
 public:
  NetworkInference(Dnn::Description& description, const std::string& where,
                   const Unreadable& unreadable, base::Problems& problems)
      : description_(description),
        layers_(description.layers),
        where_(where),
        broken_(unreadable.layers),
        problems_(problems),
        input_is_broken_(unreadable.header) {
    broken_.resize(layers_.size(), false);
    any_unreadable_ = std::find(broken_.begin(), broken_.end(), true) != broken_.end();
  }

  void run() {
    if (!input_is_broken_) {
      check_header();
    }
    if (layers_.empty() || layers_.size() > kLayersMax) {
      problems_.add(where_, "a network has 1 to " + std::to_string(kLayersMax) + " layers, got " +
                                std::to_string(layers_.size()));
      return;
    }
    check_names();
    check_inputs();
    check_outputs();
    infer_layers();
  }

 private:
  void report(std::size_t layer, const std::string& what) {
    broken_[layer] = true;
    problems_.add(layer_where(where_, layer), "layer \"" + layers_[layer].name + "\": " + what);
  }

  void check_header() {
    if (const std::string problem = name_problem(description_.name); !problem.empty()) {
      problems_.add(where_, "the network's name \"" + description_.name + "\": " + problem);
    }
    for (const std::string& problem : shape_problems(description_.input, "the network's input")) {
      problems_.add(where_, problem);
      input_is_broken_ = true;
    }
    const double size_bytes = base::in_bytes(description_.input_size);
    if (!base::is_finite(description_.input_size) || size_bytes <= 0) {
      problems_.add(where_, "the input's size in bytes must be finite and > 0, got " +
                                base::format_number(size_bytes));
    }
  }

  void check_names() {
    std::map<std::string, std::size_t> first;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const std::string& name = layers_[i].name;
      if (const std::string problem = name_problem(name); !problem.empty()) {
        if (!broken_[i]) {
          report(i, problem);
        }
        continue;
      }
      if (name == kInputName) {
        report(i, "this name stands for the network's input");
      }
      if (const auto [place, is_new] = first.emplace(name, i); !is_new) {
        report(i, "duplicate name, layer " + std::to_string(place->second) +
                      " (counted from 0) has it already");
      }
    }
  }

  void check_inputs() {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const std::vector<std::uint32_t>& inputs = layers_[i].inputs;
      if (!broken_[i] && inputs.empty()) {
        report(i, "has no input");
      }
      std::set<std::uint32_t> seen;
      for (const std::uint32_t input : inputs) {
        if (input != kNetworkInput && input >= layers_.size()) {
          report(i, "its input number " + std::to_string(input) + " does not exist");
        } else if (!seen.insert(input).second) {
          report(i, "names the same input twice");
        }
      }
    }
    check_order();
  }

  // Every layer stands after its inputs; where one does not, either the order is wrong or no order
  // would do.
  void check_order() {
    const LayerGraph graph = layer_graph(layers_);
    std::vector<std::size_t> component(layers_.size());
    boost::strong_components(graph, boost::make_iterator_property_map(
                                        component.begin(), boost::get(boost::vertex_index, graph)));
    std::set<std::size_t> told;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      for (const std::uint32_t input : layers_[i].inputs) {
        if (input >= layers_.size() || input < i) {
          continue;
        }
        if (component[input] != component[i]) {
          report(i, "its input \"" + layers_[input].name +
                        "\" comes later: a layer stands after those that feed it");
        } else if (told.insert(component[i]).second) {
          report(i, "cycle: " + cycle_text(graph, component, i));
        }
        broken_[i] = true;
      }
    }
  }

  // A cycle through the component of `start`: walk inside it until a layer comes again.
  std::string cycle_text(const LayerGraph& graph, const std::vector<std::size_t>& component,
                         std::size_t start) const {
    std::vector<std::size_t> path;
    std::map<std::size_t, std::size_t> place;
    std::size_t at = start;
    while (place.emplace(at, path.size()).second) {
      path.push_back(at);
      std::size_t next = layers_.size();
      for (const auto edge : boost::make_iterator_range(boost::out_edges(at, graph))) {
        const std::size_t to = boost::target(edge, graph);
        next = component[to] == component[start] ? std::min(next, to) : next;
      }
      at = next;
    }
    constexpr std::size_t kShown = 8;
    std::string text;
    for (std::size_t i = place.at(at); i < path.size(); ++i) {
      if (i - place.at(at) == kShown) {
        text += "... -> ";
        break;
      }
      text += layers_[path[i]].name + " -> ";
    }
    return text + layers_[at].name;
  }

  void check_outputs() {
    // An input that could not be read may be the consumer that seems to be missing.
    if (any_unreadable_) {
      return;
    }
    std::vector<bool> used(layers_.size(), false);
    for (const Layer& layer : layers_) {
      for (const std::uint32_t input : layer.inputs) {
        if (input < layers_.size()) {
          used[input] = true;
        }
      }
    }
    for (std::size_t i = 0; i + 1 < layers_.size(); ++i) {
      if (!used[i]) {
        report(i, "no layer takes its output: a network has one output, that of the last layer");
      }
    }
  }

  void infer_layers() {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (broken_[i]) {
        continue;
      }
      Layer& layer = layers_[i];
      std::vector<Shape> shapes;
      for (const std::uint32_t input : layer.inputs) {
        const bool broken = input == kNetworkInput ? input_is_broken_ : broken_[input];
        if (broken) {
          broken_[i] = true;
          break;
        }
        shapes.push_back(input == kNetworkInput ? description_.input : layers_[input].output);
      }
      if (!broken_[i]) {
        infer_one(i, shapes);
      }
    }
  }

  void infer_one(std::size_t index, const std::vector<Shape>& inputs) {
    Layer& layer = layers_[index];
    const LayerInference inferred = infer_layer(layer.type, layer.parameters, inputs);
    for (const std::string& problem : inferred.problems) {
      report(index, problem);
    }
    if (inferred.problems.empty()) {
      layer.input = inputs.front();
      layer.output = inferred.output;
      layer.input_elements = 0;
      for (const Shape& input : inputs) {
        layer.input_elements += input.elements();
      }
      layer.weights = inferred.weights;
      layer.work = base::flop(static_cast<double>(inferred.work_flop));
    }
  }

  Dnn::Description& description_;
  std::vector<Layer>& layers_;
  const std::string& where_;
  std::vector<bool> broken_;
  base::Problems& problems_;
  bool input_is_broken_;
  bool any_unreadable_ = false;
};

}  // namespace

std::string layer_where(const std::string& where, std::size_t layer) {
  return where.find('#') == std::string::npos ? where : where + "/layers/" + std::to_string(layer);
}

void infer_network(Dnn::Description& description, const std::string& where,
                   const Unreadable& unreadable, base::Problems& problems) {
  NetworkInference(description, where, unreadable, problems).run();
}

}  // namespace edgecut::workloads
