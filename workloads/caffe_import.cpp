#include "workloads/caffe_import.hpp"

#include <algorithm>
#include <set>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "workloads/caffe_graph.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::workloads {
namespace {

using Dims = std::vector<std::int64_t>;

// "InnerProduct" and "INNER_PRODUCT" are one type.
std::string canonical(const std::string& type) {
  std::string result;
  for (const char c : type) {
    if (c != '_') {
      result.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    }
  }
  return result;
}

class CaffeImporter {
 public:
  CaffeImporter(const std::filesystem::path& path, const ImportOptions& options)
      : path_(path),
        options_(options),
        root_(read_prototxt(base::read_file(path, kPrototxtBytesMax), path.string())),
        graph_(path.string()) {}

  Dnn run() {
    check_fields();
    read_inputs();
    for (const ProtoField& field : root_.fields) {
      if (field.name == "layer" || field.name == "layers") {
        read_layer(field);
      }
    }
    return finish();
  }

 private:
  void check_fields() const {
    static const std::vector<std::string> known = {"name",        "input",      "input_dim",
                                                   "input_shape", "layer",      "layers",
                                                   "state",       "debug_info", "force_backward"};
    for (const ProtoField& field : root_.fields) {
      if (std::find(known.begin(), known.end(), field.name) == known.end()) {
        graph_.fail(field, "a network has no field \"" + field.name + "\"" +
                               base::suggestion(field.name, known));
      }
      if ((field.name == "layer" || field.name == "layers") && !field.is_message) {
        graph_.fail(field, field.name + ": expected { ... }");
      }
    }
    if (!options_.dimensions.empty()) {
      throw base::ConfigError(path_.string(), "prototxt files leave no dimensions open");
    }
  }

  Dims read_dims(const ProtoField& shape) const {
    Dims dims;
    for (const ProtoField& field : shape.fields) {
      if (field.name != "dim") {
        graph_.fail(field, "a shape has no field \"" + field.name + "\"");
      }
      dims.push_back(caffe_integer(graph_, field, 1));
    }
    if (dims.empty() || dims.size() > 4) {
      graph_.fail(shape, "a shape has one to four dimensions, got " + std::to_string(dims.size()));
    }
    return dims;
  }

  // The inputs that the network names, and those of its Input layers.
  void read_inputs() {
    std::vector<std::string> names;
    std::vector<Dims> shapes;
    Dims loose;
    for (const ProtoField& field : root_.fields) {
      if (field.name == "input") {
        names.push_back(field.value);
      } else if (field.name == "input_dim") {
        loose.push_back(caffe_integer(graph_, field, 1));
      } else if (field.name == "input_shape") {
        shapes.push_back(read_dims(field));
      } else if (field.name == "layer" || field.name == "layers") {
        read_input_layer(field, names, shapes);
      }
    }
    for (std::size_t i = 0; i + 4 <= loose.size(); i += 4) {
      const auto start = loose.begin() + static_cast<std::ptrdiff_t>(i);
      shapes.emplace_back(start, start + 4);
    }
    if (names.empty() || names.size() != shapes.size() || loose.size() % 4 != 0) {
      throw base::ConfigError(path_.string(),
                              std::to_string(names.size()) + " inputs with " +
                                  std::to_string(shapes.size()) +
                                  " shapes: expected an Input layer with its shape, or input with "
                                  "four input_dim each");
    }
    std::vector<ImportBuilder::Input> inputs;
    double elements = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      shapes[i].front() = options_.batch.value_or(shapes[i].front());
      inputs.push_back({.name = names[i], .shape = fold_shape(shapes[i])});
      elements += static_cast<double>(inputs.back().shape.elements());
    }
    input_size_ = base::bytes(4 * elements);  // fp32
    const std::vector<std::uint32_t> layers = graph_.builder.set_inputs(inputs);
    for (std::size_t i = 0; i < names.size(); ++i) {
      graph_.blobs[names[i]] = layers[i];
    }
  }

  void read_input_layer(const ProtoField& field, std::vector<std::string>& names,
                        std::vector<Dims>& shapes) const {
    const ProtoField* type = field.find("type");
    if (type == nullptr || canonical(type->value) != "INPUT") {
      return;
    }
    const ProtoField* parameters = field.find("input_param");
    std::vector<Dims> found;
    for (const ProtoField& shape :
         parameters == nullptr ? std::vector<ProtoField>() : parameters->fields) {
      if (shape.name != "shape") {
        graph_.fail(shape, "input_param has no field \"" + shape.name + "\"");
      }
      found.push_back(read_dims(shape));
    }
    if (found.empty()) {
      graph_.fail(field, "an Input layer needs input_param { shape { dim: ... } }");
    }
    std::size_t tops = 0;
    for (const ProtoField& top : field.fields) {
      if (top.name == "top") {
        names.push_back(top.value);
        shapes.push_back(found[std::min(tops, found.size() - 1)]);  // one may serve all tops
        ++tops;
      }
    }
  }

  CaffeLayer read_header(const ProtoField& field) const {
    static const std::vector<std::string> known = {"name",         "type",
                                                   "bottom",       "top",
                                                   "include",      "exclude",
                                                   "param",        "blobs_lr",
                                                   "weight_decay", "loss_weight",
                                                   "phase",        "propagate_down",
                                                   "blobs",        "blob_share_mode",
                                                   "share_mode"};
    CaffeLayer layer;
    layer.field = &field;
    for (const ProtoField& part : field.fields) {
      const bool is_known = std::find(known.begin(), known.end(), part.name) != known.end() ||
                            part.name.ends_with("_param");
      if (!is_known) {
        graph_.fail(part, "a layer has no field \"" + part.name + "\"" +
                              base::suggestion(part.name, known));
      }
      if (part.name == "name") {
        layer.name = part.value;
      } else if (part.name == "type") {
        layer.type = canonical(part.value);
      } else if (part.name == "bottom") {
        layer.bottoms.push_back(part.value);
      } else if (part.name == "top") {
        layer.tops.push_back(part.value);
      }
    }
    if (layer.type.empty()) {
      graph_.fail(field, "a layer without a type");
    }
    if (layer.name.empty()) {
      layer.name = layer.tops.empty() ? layer.type : layer.tops.front();
    }
    return layer;
  }

  // The phase is told by include and exclude, both of which may be there several times.
  static bool is_for_training(const ProtoField& field) {
    bool includes_test = false;
    bool includes_train = false;
    bool excludes_test = false;
    for (const ProtoField& rule : field.fields) {
      const ProtoField* phase =
          rule.is_message && (rule.name == "include" || rule.name == "exclude") ? rule.find("phase")
                                                                                : nullptr;
      if (phase != nullptr && rule.name == "include") {
        includes_test = includes_test || phase->value == "TEST";
        includes_train = includes_train || phase->value == "TRAIN";
      } else if (phase != nullptr) {
        excludes_test = excludes_test || phase->value == "TEST";
      }
    }
    const ProtoField* phase = field.find("phase");
    return (includes_train && !includes_test) || excludes_test ||
           (phase != nullptr && phase->value == "TRAIN");
  }

  void read_layer(const ProtoField& field) {
    CaffeLayer layer = read_header(field);
    if (layer.type == "INPUT") {
      return;
    }
    if (is_for_training(field)) {
      graph_.note(layer, "left out: it is for training");
      return;
    }
    const bool is_judge =
        layer.type.ends_with("LOSS") || layer.type == "ACCURACY" || layer.type == "SILENCE";
    const bool is_data = layer.type.ends_with("DATA");
    if (is_judge || is_data) {
      graph_.note(layer, is_data ? "left out: data comes with the query"
                                 : "left out: it judges the output and computes none");
      // Labels have no place; the network's input keeps its own.
      for (const std::string& top : layer.tops) {
        if (graph_.blobs.count(top) == 0) {
          absent_.insert(top);
        }
      }
      return;
    }
    for (const std::string& bottom : layer.bottoms) {
      const auto blob = graph_.blobs.find(bottom);
      if (blob == graph_.blobs.end()) {
        graph_.fail(field, "layer \"" + layer.name + "\": its bottom \"" + bottom + "\" is " +
                               (absent_.count(bottom) > 0 ? "of a layer that is left out"
                                                          : "written by no layer before it"));
      }
      layer.inputs.push_back(blob->second);
    }
    const std::size_t before = graph_.builder.size();
    try {
      import_caffe_layer(graph_, layer);
    } catch (const base::ConfigError& error) {
      const base::Problem& problem = error.problems().front();
      if (problem.where == path_.string()) {
        graph_.fail(field, problem.what);  // shapes that do not fit know no line
      }
      throw;
    }
    for (const std::uint32_t input : layer.inputs) {
      if (graph_.builder.size() > before) {
        consumed_.insert(input);
      }
    }
  }

  Dnn finish() {
    std::vector<std::uint32_t> outputs;
    for (const auto& [name, layer] : graph_.blobs) {
      if (layer != kNetworkInput && consumed_.count(layer) == 0) {
        outputs.push_back(layer);
      }
    }
    const ProtoField* name = root_.find("name");
    const std::string title = name == nullptr ? path_.stem().string() : name->value;
    return graph_.builder.finish(outputs, options_.name.empty() ? title : options_.name,
                                 "imported from " + path_.filename().string(),
                                 options_.input_size.value_or(input_size_));
  }

  const std::filesystem::path& path_;
  const ImportOptions& options_;
  ProtoField root_;
  CaffeGraph graph_;
  base::DataSize input_size_;
  std::set<std::string> absent_;
  std::set<std::uint32_t> consumed_;  // layers that feed another one
};

}  // namespace

Dnn import_caffe(const std::filesystem::path& path, const ImportOptions& options) {
  return CaffeImporter(path, options).run();
}

}  // namespace edgecut::workloads
