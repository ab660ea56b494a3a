#include "workloads/import_builder.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/errors.hpp"
#include "workloads/network_inference.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::workloads {
namespace {

constexpr std::size_t kNotesMax = 100;
constexpr std::size_t kNameBytesKept = 150;  // room for a suffix below the limit of 200
constexpr std::size_t kAxes = 4;

}  // namespace

ImportBuilder::ImportBuilder(std::string where) : where_(std::move(where)) {
  names_[std::string(kInputName)] = 1;
}

std::vector<std::uint32_t> ImportBuilder::set_inputs(const std::vector<Input>& inputs) {
  for (const Input& input : inputs) {
    for (const std::string& problem : shape_problems(input.shape, "input \"" + input.name + "\"")) {
      throw base::ConfigError(where_, problem);
    }
  }
  if (inputs.size() == 1) {
    description_.input = inputs.front().shape;
    return {kNetworkInput};
  }
  description_.input = {.batch = 1, .channels = 0};
  for (const Input& input : inputs) {
    description_.input.channels += input.shape.elements();
  }
  std::vector<std::uint32_t> layers;
  std::string names;
  for (const Input& input : inputs) {
    LayerParameters view;
    view.output = input.shape;
    layers.push_back(add(input.name, LayerType::kReshape, {kNetworkInput}, view));
    names += (names.empty() ? "" : ", ") + input.name;
  }
  note("the inputs " + names + " are one tensor here, of which each is a view without cost");
  return layers;
}

std::uint32_t ImportBuilder::add(const std::string& name, LayerType type,
                                 std::vector<std::uint32_t> inputs, LayerParameters parameters) {
  if (description_.layers.size() >= kLayersMax) {
    throw base::ConfigError(where_, "more than " + std::to_string(kLayersMax) + " layers");
  }
  Layer layer;
  layer.name = valid_name(name);
  layer.type = type;
  layer.parameters = parameters;
  layer.inputs = std::move(inputs);
  std::vector<Shape> shapes;
  shapes.reserve(layer.inputs.size());
  for (const std::uint32_t input : layer.inputs) {
    shapes.push_back(shape(input));
  }
  LayerInference inferred = infer_layer(type, parameters, shapes);
  if (!inferred.problems.empty()) {
    throw base::ConfigError(where_, "layer \"" + layer.name + "\" (" +
                                        std::string(layer_type_name(type)) +
                                        "): " + inferred.problems.front());
  }
  layer.output = inferred.output;
  layer.weights = inferred.weights;
  description_.layers.push_back(std::move(layer));
  return static_cast<std::uint32_t>(description_.layers.size() - 1);
}

const Shape& ImportBuilder::shape(std::uint32_t layer) const {
  return layer == kNetworkInput ? description_.input : description_.layers.at(layer).output;
}

void ImportBuilder::note(const std::string& text) {
  if (description_.notes.size() < kNotesMax) {
    std::string plain = text;
    for (char& c : plain) {
      const auto byte = static_cast<unsigned char>(c);
      c = byte < 0x20 || byte >= 0x7f ? '_' : c;
    }
    description_.notes.push_back(plain);
  } else {
    ++notes_beyond_;
  }
}

// Names reach CSV cells and JSON strings, which other programs' names need not fit.
std::string ImportBuilder::valid_name(const std::string& name) {
  std::string plain = name.substr(0, kNameBytesKept);
  for (char& c : plain) {
    const auto byte = static_cast<unsigned char>(c);
    c = byte < 0x20 || byte >= 0x7f || c == ',' || c == '"' || c == '\\' ? '_' : c;
  }
  if (plain.empty()) {
    plain = "layer";
  }
  std::string unique = plain;
  std::size_t& uses = names_[plain];
  while (uses > 0 && names_.count(unique) > 0) {
    unique = plain + "_" + std::to_string(++uses);
  }
  uses = std::max<std::size_t>(uses, 1);
  names_[unique] = std::max<std::size_t>(names_[unique], 1);
  return unique;
}

void ImportBuilder::join_outputs(std::vector<std::uint32_t>& outputs) {
  std::sort(outputs.begin(), outputs.end());
  outputs.erase(std::unique(outputs.begin(), outputs.end()), outputs.end());
  if (outputs.size() > 1 && outputs.back() == kNetworkInput) {
    outputs.pop_back();
  }
  if (outputs.size() <= 1) {
    return;
  }
  LayerParameters view;
  std::int64_t elements = 0;
  std::string names;
  for (const std::uint32_t output : outputs) {
    elements += shape(output).elements();
    names += (names.empty() ? "" : ", ") + description_.layers[output].name;
  }
  if (elements > kDimensionMax) {
    throw base::ConfigError(where_, "the outputs hold " + std::to_string(elements) +
                                        " elements together, allowed: at most " +
                                        std::to_string(kDimensionMax));
  }
  view.output = Shape{.batch = 1, .channels = elements};
  note("the outputs " + names + " are one tensor here, joined without cost");
  outputs = {add("outputs", LayerType::kReshape, outputs, view)};
}

void ImportBuilder::drop_unused(std::uint32_t output) {
  std::vector<Layer>& layers = description_.layers;
  std::vector<bool> used(layers.size(), false);
  used[output] = true;
  for (std::size_t i = output + 1; i-- > 0;) {
    for (const std::uint32_t input : layers[i].inputs) {
      if (used[i] && input != kNetworkInput) {
        used[input] = true;
      }
    }
  }
  std::vector<std::uint32_t> place(layers.size(), 0);
  std::vector<Layer> kept;
  std::string dropped;
  std::size_t count = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!used[i]) {
      constexpr std::size_t kNamed = 5;
      if (++count <= kNamed) {
        dropped += (dropped.empty() ? "" : ", ") + layers[i].name;
      }
      continue;
    }
    place[i] = static_cast<std::uint32_t>(kept.size());
    for (std::uint32_t& input : layers[i].inputs) {
      input = input == kNetworkInput ? input : place[input];
    }
    kept.push_back(std::move(layers[i]));
  }
  layers = std::move(kept);
  if (count > 0) {
    note(std::to_string(count) + " layers lead to no output and are left out: " + dropped +
         (count > 5 ? ", ..." : ""));
  }
}

Dnn ImportBuilder::finish(std::vector<std::uint32_t> outputs, const std::string& name,
                          const std::string& source, base::DataSize input_size) {
  join_outputs(outputs);
  if (outputs.empty() || outputs.front() == kNetworkInput) {
    throw base::ConfigError(where_, "no layer computes the network's output from its input");
  }
  drop_unused(outputs.front());
  if (notes_beyond_ > 0) {
    description_.notes.push_back("and " + std::to_string(notes_beyond_) + " notes more");
  }
  names_.clear();
  description_.name = valid_name(name);
  description_.source = source;
  description_.input_size = input_size;
  return {std::move(description_), where_};
}

Shape fold_shape(std::span<const std::int64_t> dimensions) {
  Shape shape;
  if (dimensions.size() == 1) {
    shape.channels = dimensions[0];
    return shape;
  }
  const std::size_t folded = dimensions.size() > kAxes ? dimensions.size() - kAxes : 0;
  std::array<std::int64_t, kAxes> axes = {1, 1, 1, 1};
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    std::int64_t& axis = axes.at(i < folded ? 0 : i - folded);
    if (__builtin_mul_overflow(axis, dimensions[i], &axis)) {
      axis = kDimensionMax + 1;
    }
  }
  return {axes[0], axes[1], axes[2], axes[3]};
}

std::int64_t fold_axis(std::int64_t axis, std::size_t rank) {
  if (rank == 1) {
    return 1;
  }
  const auto folded = static_cast<std::int64_t>(rank > kAxes ? rank - kAxes : 0);
  return std::max<std::int64_t>(axis - folded, 0);
}

}  // namespace edgecut::workloads
