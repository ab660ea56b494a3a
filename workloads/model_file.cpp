#include "workloads/model_file.hpp"

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "workloads/caffe_import.hpp"
#include "workloads/network_inference.hpp"
#include "workloads/onnx_import.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::workloads {
namespace {

using base::JsonObject;
using base::JsonValue;
using base::Range;

constexpr const char* kBenchmarkFolder = "workloads/models";
constexpr const char* kFurtherFolder = "workloads/models/further";
constexpr const char* kExtension = ".json";
constexpr std::int64_t kLocalSizeDefault = 5;  // AlexNet's, and Caffe's default
constexpr double kSizeBytesMax = 0x1p50;

Range dimension() { return Range::between(1, static_cast<double>(kDimensionMax)); }
Range up_to(std::int64_t limit) { return Range::between(0, static_cast<double>(limit)); }
Range padding() { return Range::between(0, static_cast<double>(kDimensionMax)); }

// One whole number, or an array of exactly `size` of them; empty after a problem.
std::vector<std::int64_t> one_or_many(const JsonValue& value, std::size_t size, Range range,
                                      const std::string& order) {
  if (!value.is_array()) {
    return {value.integer(range)};
  }
  std::vector<std::int64_t> numbers;
  for (const JsonValue& element : value.array()) {
    numbers.push_back(element.integer(range));
  }
  if (numbers.size() != size) {
    value.problem("expected " + range.describe("a whole number") + " or " + order + ", got " +
                  std::to_string(numbers.size()) + " elements");
    return {};
  }
  return numbers;
}

void read_kernel(JsonObject& layer, LayerParameters& p, bool required) {
  const auto value = required ? layer.require("kernel") : layer.find("kernel");
  if (!value) {
    return;
  }
  const auto sizes = one_or_many(*value, 2, dimension(), "[height, width]");
  if (!sizes.empty()) {
    p.kernel_height = sizes.front();
    p.kernel_width = sizes.back();
  }
}

// Strides, padding, dilation.
void read_steps(JsonObject& layer, LayerParameters& p) {
  if (const auto value = layer.find("stride")) {
    const auto strides = one_or_many(*value, 2, dimension(), "[down the rows, across the columns]");
    if (!strides.empty()) {
      p.stride = strides.front();
    }
    if (strides.size() == 2) {
      p.stride_width = strides.back();
    }
  }
  if (const auto value = layer.find("pad")) {
    const auto sides = one_or_many(*value, 4, padding(), "[top, left, bottom, right]");
    if (sides.size() == 1) {
      p.pad = sides.front();
    } else if (sides.size() == 4) {
      p.padding = Padding{sides[0], sides[1], sides[2], sides[3]};
    }
  }
  if (const auto value = layer.find("dilation")) {
    const auto steps = one_or_many(*value, 2, dimension(), "[down the rows, across the columns]");
    if (!steps.empty()) {
      p.dilation = steps.front();
    }
    if (steps.size() == 2) {
      p.dilation_width = steps.back();
    }
  }
}

void read_axis(JsonObject& layer, double low, LayerParameters& p) {
  p.axis = layer.integer_or("axis", 1, Range::between(low, 3));
}

// Output's shape, parameters and work where a type has these keys.
void read_given(LayerType type, JsonObject& layer, LayerParameters& p) {
  const bool required = type != LayerType::kPointwise;
  const auto value = required ? layer.require("output") : layer.find("output");
  if (value) {
    std::vector<std::int64_t> sizes;
    for (const JsonValue& element : value->array()) {
      sizes.push_back(element.integer(dimension()));
    }
    if (sizes.size() == 4) {
      p.output = Shape{sizes[0], sizes[1], sizes[2], sizes[3]};
    } else {
      value->problem("expected [batch, channels, height, width], got " +
                     std::to_string(sizes.size()) + " elements");
    }
  }
  if (type == LayerType::kReduce || type == LayerType::kReshape) {
    return;
  }
  p.weights = layer.integer_or("parameters", 0, up_to(kElementsMax));
  if (type == LayerType::kPointwise) {
    p.flop_per_element = layer.integer_or("flop_per_element", 1, padding());
  } else if (type == LayerType::kOther) {
    p.work_flop = layer.integer("work_flop", up_to(kWorkMaxFlop));
  }
}

void read_pooling(JsonObject& layer, LayerParameters& p) {
  p.global_pooling = layer.boolean_or("global_pooling", false);
  if (p.global_pooling) {
    for (const char* key : {"kernel", "stride", "pad", "dilation", "round_up"}) {
      if (layer.has(key)) {
        layer.problem(std::string("global pooling takes no \"") + key +
                      "\": its window is the whole feature map");
      }
    }
    return;
  }
  read_kernel(layer, p, true);
  read_steps(layer, p);
  p.round_up = layer.boolean_or("round_up", true);
}

LayerParameters read_parameters(LayerType type, JsonObject& layer) {
  LayerParameters p;
  switch (type) {
    case LayerType::kConvolution:
      p.outputs = layer.integer("outputs", dimension());
      read_kernel(layer, p, true);
      read_steps(layer, p);
      p.groups = layer.integer_or("groups", 1, dimension());
      p.bias = layer.boolean_or("bias", true);
      break;
    case LayerType::kLocal:
      p.outputs = layer.integer("outputs", dimension());
      read_kernel(layer, p, true);
      read_steps(layer, p);
      p.bias = layer.boolean_or("bias", true);
      break;
    case LayerType::kFullyConnected:
      p.outputs = layer.integer("outputs", dimension());
      read_axis(layer, 1, p);
      p.bias = layer.boolean_or("bias", true);
      break;
    case LayerType::kMatmul:
      p.outputs = layer.integer("outputs", dimension());
      read_axis(layer, 1, p);
      break;
    case LayerType::kLayerNorm:
      read_axis(layer, 1, p);
      p.bias = layer.boolean_or("bias", true);
      break;
    case LayerType::kConcat:
      read_axis(layer, 0, p);
      break;
    case LayerType::kPointwise:
    case LayerType::kReduce:
    case LayerType::kReshape:
    case LayerType::kMove:
    case LayerType::kOther:
      read_given(type, layer, p);
      break;
    case LayerType::kPooling:
      read_pooling(layer, p);
      break;
    case LayerType::kLrn:
      p.local_size = layer.integer_or("local_size", kLocalSizeDefault, dimension());
      break;
    default:
      break;  // the others are told by their type alone
  }
  return p;
}

// Reads one network; what is wrong goes to `problems`.
class ModelReader {
 public:
  ModelReader(const JsonValue& value, base::Problems& problems)
      : root_(JsonValue(value.raw(), value.where(), problems)), problems_(problems) {}

  Dnn::Description read() {
    root_.find("$schema");  // editors write it
    description_.name = root_.string("name");
    description_.title = root_.string_or("title", "");
    description_.source = root_.string_or("source", "");
    description_.output_is_uploaded = root_.boolean_or("output_is_uploaded", false);
    description_.tensor_precision = static_cast<TensorPrecision>(
        root_.one_of_or("tensor_precision", tensor_precision_names(), 0));
    for (const JsonValue& note : root_.array_or_empty("notes")) {
      description_.notes.push_back(note.string());
    }
    read_input();
    unreadable_.header = !problems_.empty();
    const std::vector<JsonValue> layers = root_.array("layers", 1);
    root_.finish();
    if (layers.size() > kLayersMax) {
      root_.problem("more than " + std::to_string(kLayersMax) + " layers");
      return {};
    }
    read_names(layers);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const std::size_t problems_before = problems_.list().size();
      description_.layers.push_back(read_layer(layers[i], i));
      unreadable_.layers.push_back(problems_.list().size() > problems_before);
    }
    if (!layers.empty()) {
      infer_network(description_, root_.where(), unreadable_, problems_);
    }
    return std::move(description_);
  }

 private:
  void read_input() {
    const auto value = root_.require("input");
    if (!value) {
      return;
    }
    JsonObject input = value->object();
    Shape& shape = description_.input;
    shape.batch = input.integer_or("batch", 1, dimension());
    shape.channels = input.integer("channels", dimension());
    shape.height = input.integer_or("height", 1, dimension());
    shape.width = input.integer_or("width", 1, dimension());
    const auto size = input.optional_number("size_bytes", Range::above_up_to(0, kSizeBytesMax));
    input.finish();
    constexpr double kBytesPerElement = 4;  // fp32
    const auto elements = static_cast<double>(shape.batch) * static_cast<double>(shape.channels) *
                          static_cast<double>(shape.height) * static_cast<double>(shape.width);
    description_.input_size = base::bytes(size.value_or(kBytesPerElement * elements));
  }

  // Names first, so that an input that comes later is told from one that does not exist.
  void read_names(const std::vector<JsonValue>& layers) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (!layers[i].is_object()) {
        continue;
      }
      const auto name = layers[i].raw().find("name");
      if (name != layers[i].raw().end() && name->is_string()) {
        const bool is_new = index_.emplace(name->get<std::string>(), i).second;
        if (is_new) {
          names_.push_back(name->get<std::string>());
        }
      }
    }
  }

  Layer read_layer(const JsonValue& value, std::size_t index) {
    JsonObject object = value.object();
    Layer layer;
    layer.name = object.string("name");
    read_inputs(object, index, layer);
    const std::size_t problems_before = problems_.list().size();
    layer.type = static_cast<LayerType>(object.one_of("type", layer_type_names()));
    if (problems_.list().size() == problems_before && value.is_object()) {
      // Which keys a layer has hangs on its type.
      layer.parameters = read_parameters(layer.type, object);
      object.finish();
    }
    return layer;
  }

  void read_inputs(JsonObject& object, std::size_t index, Layer& layer) {
    const auto value = object.find("inputs");
    if (!value) {
      layer.inputs = {index == 0 ? kNetworkInput : static_cast<std::uint32_t>(index - 1)};
      return;
    }
    for (const JsonValue& element : value->array(1)) {
      const std::string name = element.string();
      if (!element.is_string()) {
        continue;
      }
      if (name == kInputName) {
        layer.inputs.push_back(kNetworkInput);
      } else if (const auto found = index_.find(name); found != index_.end()) {
        layer.inputs.push_back(static_cast<std::uint32_t>(found->second));
      } else {
        element.problem("no layer is named \"" + name + "\"" + base::suggestion(name, names_));
      }
    }
  }

  JsonObject root_;
  base::Problems& problems_;
  Dnn::Description description_;
  Unreadable unreadable_;
  std::map<std::string, std::size_t> index_;  // of the first layer with each name
  std::vector<std::string> names_;
};

bool is_foreign(const std::filesystem::path& path) {
  return path.extension() == ".onnx" || path.extension() == ".prototxt";
}

}  // namespace

Dnn read_model(const JsonValue& value) {
  base::Problems problems;
  Dnn::Description description = ModelReader(value, problems).read();
  problems.throw_if_any();
  return {std::move(description), value.where()};
}

Dnn read_model(const base::JsonDocument& document) {
  base::Problems unused;
  return read_model(document.root(unused));
}

Dnn load_model(const std::filesystem::path& path) {
  return is_foreign(path) ? import_model(path) : read_model(base::JsonDocument::from_file(path));
}

Dnn import_model(const std::filesystem::path& path, const ImportOptions& options) {
  const std::string extension = path.extension().string();
  if (extension == ".onnx") {
    return import_onnx(path, options);
  }
  if (extension == ".prototxt") {
    return import_caffe(path, options);
  }
  throw base::ConfigError(path.string(), "expected a file that ends in .onnx or .prototxt");
}

Dnn find_model(const std::string& reference, const std::filesystem::path& relative_to,
               const std::string& where) {
  if (is_foreign(reference)) {
    const std::filesystem::path given(reference);
    const std::filesystem::path path = given.is_absolute() ? given : relative_to / given;
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
      throw base::ConfigError(where, "no such model file: " + path.string());
    }
    return import_model(path);
  }
  const std::vector<std::string> further = base::data_names(kFurtherFolder, kExtension);
  const bool is_further = std::find(further.begin(), further.end(), reference) != further.end();
  return load_model(base::resolve_data(reference, is_further ? kFurtherFolder : kBenchmarkFolder,
                                       kExtension, relative_to, where, "model"));
}

std::vector<std::string> benchmark_names() {
  return base::data_names(kBenchmarkFolder, kExtension);
}

std::vector<std::string> model_names() {
  std::vector<std::string> names = benchmark_names();
  const std::vector<std::string> further = base::data_names(kFurtherFolder, kExtension);
  names.insert(names.end(), further.begin(), further.end());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace edgecut::workloads
