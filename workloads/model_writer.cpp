// The writing half of workloads/model_file.hpp.
#include <nlohmann/json.hpp>

#include "workloads/model_file.hpp"
#include "workloads/network_inference.hpp"

namespace edgecut::workloads {
namespace {

using Json = nlohmann::ordered_json;

void write_window(const LayerParameters& p, Json& layer) {
  layer["kernel"] = p.kernel_height == p.kernel_width ? Json(p.kernel_height)
                                                      : Json{p.kernel_height, p.kernel_width};
  if (p.stride_columns() != p.stride) {
    layer["stride"] = {p.stride, p.stride_columns()};
  } else if (p.stride != 1) {
    layer["stride"] = p.stride;
  }
  if (p.dilation_columns() != p.dilation) {
    layer["dilation"] = {p.dilation, p.dilation_columns()};
  } else if (p.dilation != 1) {
    layer["dilation"] = p.dilation;
  }
  const Padding sides = p.sides();
  if (sides != Padding{sides.top, sides.top, sides.top, sides.top}) {
    layer["pad"] = {sides.top, sides.left, sides.bottom, sides.right};
  } else if (sides.top != 0) {
    layer["pad"] = sides.top;
  }
}

bool has_axis(LayerType type) {
  return type == LayerType::kFullyConnected || type == LayerType::kMatmul ||
         type == LayerType::kLayerNorm || type == LayerType::kConcat;
}

// What is given and not inferred: output's shape, work, parameters.
void write_given(const Layer& source, Json& layer) {
  const LayerParameters& p = source.parameters;
  const LayerType type = source.type;
  const bool is_pointwise = type == LayerType::kPointwise;
  const bool has_weights = is_pointwise || type == LayerType::kMove || type == LayerType::kOther;
  if (p.output || (!is_pointwise && has_weights) || type == LayerType::kReduce ||
      type == LayerType::kReshape) {
    const Shape& shape = source.output;
    layer["output"] = {shape.batch, shape.channels, shape.height, shape.width};
  }
  if (is_pointwise && p.flop_per_element != 1) {
    layer["flop_per_element"] = p.flop_per_element;
  }
  if (type == LayerType::kOther) {
    layer["work_flop"] = p.work_flop;
  }
  if (has_weights && p.weights != 0) {
    layer["parameters"] = p.weights;
  }
}

// The parameters of a layer's type that differ from their defaults.
void write_parameters(const Layer& source, Json& layer) {
  const LayerParameters& p = source.parameters;
  const LayerType type = source.type;
  const bool is_window = type == LayerType::kConvolution || type == LayerType::kLocal;
  if (is_window || type == LayerType::kFullyConnected || type == LayerType::kMatmul) {
    layer["outputs"] = p.outputs;
  }
  if (p.axis != 1 && has_axis(type)) {
    layer["axis"] = p.axis;
  }
  if (type == LayerType::kPooling && p.global_pooling) {
    layer["global_pooling"] = true;
  } else if (is_window || type == LayerType::kPooling) {
    write_window(p, layer);
  }
  if (type == LayerType::kPooling && !p.global_pooling && !p.round_up) {
    layer["round_up"] = false;
  }
  if (type == LayerType::kConvolution && p.groups != 1) {
    layer["groups"] = p.groups;
  }
  if ((is_window || type == LayerType::kFullyConnected || type == LayerType::kLayerNorm) &&
      !p.bias) {
    layer["bias"] = false;
  }
  if (type == LayerType::kLrn) {
    layer["local_size"] = p.local_size;
  }
  write_given(source, layer);
}

Json layer_json(const Dnn& dnn, std::size_t index) {
  const Layer& source = dnn.layers()[index];
  Json layer;
  layer["name"] = source.name;
  layer["type"] = layer_type_name(source.type);
  const std::uint32_t before = index == 0 ? kNetworkInput : static_cast<std::uint32_t>(index - 1);
  if (source.inputs != std::vector<std::uint32_t>{before}) {
    Json names = Json::array();
    for (const std::uint32_t input : source.inputs) {
      names.push_back(input == kNetworkInput ? std::string(kInputName) : dnn.layers()[input].name);
    }
    layer["inputs"] = std::move(names);
  }
  write_parameters(source, layer);
  return layer;
}

// One line of text, with blanks where a person would set them. Bytes that are no UTF-8 (a name from
// another program) become U+FFFD.
std::string line(const Json& json) {
  if (!json.is_structured()) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  std::string text = json.is_object() ? "{" : "[";
  for (auto item = json.begin(); item != json.end(); ++item) {
    text.append(item == json.begin() ? "" : ", ");
    if (json.is_object()) {
      text.append(line(Json(item.key()))).append(": ");
    }
    text.append(line(*item));
  }
  return text.append(json.is_object() ? "}" : "]");
}

// Whole numbers without a decimal point, as a person would write them.
Json plain_number(double value) {
  const auto whole = static_cast<std::int64_t>(value);
  return static_cast<double>(whole) == value ? Json(whole) : Json(value);
}

}  // namespace

std::string write_model(const Dnn& dnn) {
  const Shape& shape = dnn.input_shape();
  Json input;
  if (shape.batch != 1) {
    input["batch"] = shape.batch;
  }
  input["channels"] = shape.channels;
  if (shape.height != 1 || shape.width != 1) {
    input["height"] = shape.height;
    input["width"] = shape.width;
  }
  input["size_bytes"] = plain_number(base::in_bytes(dnn.input_size()));

  std::string text = "{\n";
  text += "  \"name\": " + line(dnn.name()) + ",\n";
  text += "  \"title\": " + line(dnn.title()) + ",\n";
  text += "  \"source\": " + line(dnn.source()) + ",\n";
  if (!dnn.notes().empty()) {
    text += "  \"notes\": [\n";
    for (std::size_t i = 0; i < dnn.notes().size(); ++i) {
      text += "    " + line(dnn.notes()[i]) + (i + 1 < dnn.notes().size() ? ",\n" : "\n");
    }
    text += "  ],\n";
  }
  text += "  \"input\": " + line(input) + ",\n";
  text += std::string("  \"output_is_uploaded\": ") +
          (dnn.output_is_uploaded() ? "true" : "false") + ",\n";
  if (dnn.tensor_precision() != TensorPrecision::kFp32) {
    text += "  \"tensor_precision\": " +
            line(tensor_precision_names().at(static_cast<std::size_t>(dnn.tensor_precision()))) +
            ",\n";
  }
  text += "  \"layers\": [\n";
  for (std::size_t i = 0; i < dnn.layers().size(); ++i) {
    text += "    " + line(layer_json(dnn, i)) + (i + 1 < dnn.layers().size() ? ",\n" : "\n");
  }
  return text + "  ]\n}\n";
}

}  // namespace edgecut::workloads
