// Values of small constants: the shapes, axes and scales that exporters compute in the graph.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "workloads/onnx_graph.hpp"

namespace edgecut::workloads {
namespace {

using Values = std::vector<double>;

template <typename Number>
std::optional<Values> raw_values(const std::string& raw, std::size_t count) {
  if (raw.size() != count * sizeof(Number)) {
    return std::nullopt;
  }
  Values values;
  for (std::size_t i = 0; i < count; ++i) {
    Number number{};
    std::memcpy(&number, raw.data() + i * sizeof(Number), sizeof(Number));
    values.push_back(static_cast<double>(number));
  }
  return values;
}

template <typename Repeated>
std::optional<Values> typed_values(const Repeated& data, std::size_t count) {
  if (static_cast<std::size_t>(data.size()) != count) {
    return std::nullopt;
  }
  return Values(data.begin(), data.end());
}

std::optional<Values> stored_values(const onnx::TensorProto& proto, std::size_t count) {
  const bool is_raw = proto.has_raw_data();
  switch (proto.data_type()) {
    case onnx::TensorProto_DataType_INT64:
      return is_raw ? raw_values<std::int64_t>(proto.raw_data(), count)
                    : typed_values(proto.int64_data(), count);
    case onnx::TensorProto_DataType_INT32:
      return is_raw ? raw_values<std::int32_t>(proto.raw_data(), count)
                    : typed_values(proto.int32_data(), count);
    case onnx::TensorProto_DataType_BOOL:
      return is_raw ? raw_values<std::uint8_t>(proto.raw_data(), count)
                    : typed_values(proto.int32_data(), count);
    case onnx::TensorProto_DataType_FLOAT:
      return is_raw ? raw_values<float>(proto.raw_data(), count)
                    : typed_values(proto.float_data(), count);
    case onnx::TensorProto_DataType_DOUBLE:
      return is_raw ? raw_values<double>(proto.raw_data(), count)
                    : typed_values(proto.double_data(), count);
    default:
      return std::nullopt;
  }
}

const Values* values_of(const OnnxNode& node, std::size_t input) {
  const OnnxTensor* tensor = node.find_input(input);
  return tensor != nullptr && tensor->is_constant && tensor->values ? &*tensor->values : nullptr;
}

bool is_vector(const OnnxNode& node, std::size_t input) {
  const OnnxTensor* tensor = node.find_input(input);
  return tensor != nullptr && tensor->has_shape && tensor->dims.size() <= 1;
}

std::optional<Values> constant_node(const OnnxNode& node) {
  if (const auto* value = node.find("value"); value != nullptr && value->has_t()) {
    return constant_tensor(value->t()).values;
  }
  if (const auto* value = node.find("value_int"); value != nullptr) {
    return Values{static_cast<double>(value->i())};
  }
  if (const auto* value = node.find("value_float"); value != nullptr) {
    return Values{static_cast<double>(value->f())};
  }
  const std::vector<std::int64_t> numbers = node.integers("value_ints");
  if (node.find("value_ints") != nullptr && numbers.size() <= kOnnxValuesMax) {
    return Values(numbers.begin(), numbers.end());
  }
  return std::nullopt;
}

std::optional<Values> filled(const OnnxNode& node) {
  const Values* sizes = values_of(node, 0);
  double count = 1;
  for (const double size : sizes == nullptr ? Values{} : *sizes) {
    count *= size;
  }
  if (sizes == nullptr || !(count >= 1 && count <= static_cast<double>(kOnnxValuesMax))) {
    return std::nullopt;
  }
  const onnx::AttributeProto* value = node.find("value");
  const std::optional<Values> fill =
      value != nullptr && value->has_t() ? constant_tensor(value->t()).values : Values{0};
  if (!fill || fill->empty()) {
    return std::nullopt;
  }
  return Values(static_cast<std::size_t>(count), fill->front());
}

std::optional<Values> shape_of(const OnnxNode& node) {
  const OnnxTensor* tensor = node.find_input(0);
  if (tensor == nullptr || !tensor->has_shape) {
    return std::nullopt;
  }
  if (node.op() == "Size") {
    return Values{static_cast<double>(tensor->elements())};
  }
  const auto rank = static_cast<std::int64_t>(tensor->dims.size());
  const auto place = [&](std::int64_t index) {
    return std::clamp<std::int64_t>(index < 0 ? index + rank : index, 0, rank);
  };
  const std::int64_t start = place(std::clamp<std::int64_t>(node.integer_or("start", 0), -99, 99));
  const std::int64_t end = place(std::clamp<std::int64_t>(node.integer_or("end", rank), -99, 99));
  return start >= end ? Values{} : Values(tensor->dims.begin() + start, tensor->dims.begin() + end);
}

std::optional<Values> gathered(const OnnxNode& node) {
  const Values* data = values_of(node, 0);
  const Values* indices = values_of(node, 1);
  if (data == nullptr || indices == nullptr || !is_vector(node, 0)) {
    return std::nullopt;
  }
  Values result;
  const auto size = static_cast<double>(data->size());
  for (const double index : *indices) {
    const double at = index < 0 ? index + size : index;
    if (!(at >= 0 && at < size)) {
      return std::nullopt;
    }
    result.push_back((*data)[static_cast<std::size_t>(at)]);
  }
  return result;
}

std::optional<Values> joined(const OnnxNode& node) {
  Values result;
  for (std::size_t i = 0; i < node.inputs(); ++i) {
    const Values* part = values_of(node, i);
    if (part == nullptr || !is_vector(node, i) || result.size() + part->size() > kOnnxValuesMax) {
      return std::nullopt;
    }
    result.insert(result.end(), part->begin(), part->end());
  }
  return result;
}

// Slices of vectors: bounds from inputs, or from attributes before operator set 10.
std::optional<Values> sliced(const OnnxNode& node) {
  const Values* data = values_of(node, 0);
  if (data == nullptr || !is_vector(node, 0)) {
    return std::nullopt;
  }
  const auto bound = [&](std::size_t input, const char* attribute, double otherwise) {
    if (const Values* values = values_of(node, input); values != nullptr && !values->empty()) {
      return values->front();
    }
    const std::vector<std::int64_t> numbers = node.integers(attribute);
    return numbers.empty() ? otherwise : static_cast<double>(numbers.front());
  };
  const auto size = static_cast<double>(data->size());
  const auto place = [&](double index) {
    return std::clamp(index < 0 ? index + size : index, 0.0, size);
  };
  const double start = place(bound(1, "starts", 0));
  const double end = place(bound(2, "ends", size));
  const double step = bound(4, "steps", 1);
  if (!(step >= 1)) {
    return std::nullopt;
  }
  Values result;
  for (double i = start; i < end; i += step) {
    result.push_back((*data)[static_cast<std::size_t>(i)]);
  }
  return result;
}

std::optional<Values> combined(const OnnxNode& node,
                               const std::function<double(double, double)>& function) {
  const Values* a = values_of(node, 0);
  const Values* b = values_of(node, 1);
  if (a == nullptr || b == nullptr || a->empty() || b->empty() ||
      (a->size() != b->size() && a->size() != 1 && b->size() != 1)) {
    return std::nullopt;
  }
  Values result;
  for (std::size_t i = 0; i < std::max(a->size(), b->size()); ++i) {
    result.push_back(function((*a)[a->size() == 1 ? 0 : i], (*b)[b->size() == 1 ? 0 : i]));
  }
  return result;
}

std::optional<Values> range_of(const OnnxNode& node) {
  const Values* start = values_of(node, 0);
  const Values* limit = values_of(node, 1);
  const Values* step = values_of(node, 2);
  if (start == nullptr || limit == nullptr || step == nullptr || start->empty() || limit->empty() ||
      step->empty()) {
    return std::nullopt;
  }
  const double count = std::ceil((limit->front() - start->front()) / step->front());
  if (!(count >= 1 && count <= static_cast<double>(kOnnxValuesMax))) {
    return std::nullopt;
  }
  Values result;
  for (double i = 0; i < count; ++i) {
    result.push_back(start->front() + i * step->front());
  }
  return result;
}

std::optional<Values> chosen(const OnnxNode& node) {
  const Values* condition = values_of(node, 0);
  const Values* yes = values_of(node, 1);
  const Values* no = values_of(node, 2);
  if (condition == nullptr || yes == nullptr || no == nullptr || condition->size() != yes->size() ||
      condition->size() != no->size()) {
    return std::nullopt;
  }
  Values result;
  for (std::size_t i = 0; i < condition->size(); ++i) {
    result.push_back((*condition)[i] != 0 ? (*yes)[i] : (*no)[i]);
  }
  return result;
}

// A quotient of whole numbers drops its fraction, as in the graph.
double divide(bool is_whole, double a, double b) { return is_whole ? std::trunc(a / b) : a / b; }

std::optional<Values> same(const OnnxNode& node) {
  const Values* values = values_of(node, 0);
  if (values == nullptr) {
    return std::nullopt;
  }
  Values result = *values;
  const std::int64_t to = node.integer_or("to", 0);
  const bool truncates = node.op() == "Cast" && (to == onnx::TensorProto_DataType_INT64 ||
                                                 to == onnx::TensorProto_DataType_INT32);
  for (double& value : result) {
    value = truncates              ? std::trunc(value)
            : node.op() == "Floor" ? std::floor(value)
            : node.op() == "Ceil"  ? std::ceil(value)
            : node.op() == "Neg"   ? -value
            : node.op() == "Sqrt"  ? std::sqrt(value)
                                   : value;
  }
  return result;
}

std::optional<Values> arithmetic(const OnnxNode& node) {
  const std::string& op = node.op();
  const OnnxTensor* first = node.find_input(0);
  const bool is_whole = first != nullptr && (first->elem_type == onnx::TensorProto_DataType_INT64 ||
                                             first->elem_type == onnx::TensorProto_DataType_INT32);
  if (op == "Add") {
    return combined(node, std::plus<>());
  }
  if (op == "Sub") {
    return combined(node, std::minus<>());
  }
  if (op == "Mul") {
    return combined(node, std::multiplies<>());
  }
  if (op == "Div") {
    return combined(node, [is_whole](double a, double b) { return divide(is_whole, a, b); });
  }
  if (op == "Equal") {
    return combined(node, [](double a, double b) { return a == b ? 1.0 : 0.0; });
  }
  if (op == "Max" && node.inputs() == 2) {
    return combined(node, [](double a, double b) { return std::max(a, b); });
  }
  if (op == "Min" && node.inputs() == 2) {
    return combined(node, [](double a, double b) { return std::min(a, b); });
  }
  return std::nullopt;
}

}  // namespace

OnnxTensor constant_tensor(const onnx::TensorProto& proto) {
  OnnxTensor tensor;
  tensor.is_constant = true;
  tensor.elem_type = proto.data_type();
  if (static_cast<std::size_t>(proto.dims_size()) > kOnnxRankMax) {
    return tensor;
  }
  tensor.dims.assign(proto.dims().begin(), proto.dims().end());
  tensor.has_shape = std::all_of(tensor.dims.begin(), tensor.dims.end(),
                                 [](std::int64_t dim) { return dim >= 0; });
  const std::int64_t elements = tensor.elements();
  if (tensor.has_shape && elements <= static_cast<std::int64_t>(kOnnxValuesMax)) {
    tensor.values = stored_values(proto, static_cast<std::size_t>(elements));
  }
  return tensor;
}

std::optional<Values> evaluate(const OnnxNode& node) {
  using Function = std::optional<Values> (*)(const OnnxNode&);
  static const std::unordered_map<std::string, Function> functions = {{"Constant", constant_node},
                                                                      {"ConstantOfShape", filled},
                                                                      {"Shape", shape_of},
                                                                      {"Size", shape_of},
                                                                      {"Gather", gathered},
                                                                      {"Concat", joined},
                                                                      {"Slice", sliced},
                                                                      {"Range", range_of},
                                                                      {"Where", chosen},
                                                                      {"Identity", same},
                                                                      {"Cast", same},
                                                                      {"Reshape", same},
                                                                      {"Squeeze", same},
                                                                      {"Unsqueeze", same},
                                                                      {"Flatten", same},
                                                                      {"Floor", same},
                                                                      {"Ceil", same},
                                                                      {"Neg", same},
                                                                      {"Sqrt", same},
                                                                      {"Add", arithmetic},
                                                                      {"Sub", arithmetic},
                                                                      {"Mul", arithmetic},
                                                                      {"Div", arithmetic},
                                                                      {"Equal", arithmetic},
                                                                      {"Max", arithmetic},
                                                                      {"Min", arithmetic}};
  const auto found = functions.find(node.op());
  return found == functions.end() ? std::nullopt : found->second(node);
}

}  // namespace edgecut::workloads
