#include "workloads/caffe_graph.hpp"

#include <algorithm>
#include <charconv>

#include "base/errors.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::workloads {

void CaffeGraph::fail(const ProtoField& field, const std::string& what) const {
  throw base::ConfigError(file + ":" + std::to_string(field.line), what);
}

void CaffeGraph::note(const CaffeLayer& layer, const std::string& what) {
  builder.note(layer.type + " \"" + layer.name + "\" (line " + std::to_string(layer.field->line) +
               "): " + what);
}

const Shape& CaffeGraph::shape(const CaffeLayer& layer) const {
  if (layer.inputs.empty()) {
    fail(*layer.field, "layer \"" + layer.name + "\" has no bottom");
  }
  return builder.shape(layer.inputs.front());
}

std::int64_t caffe_integer(const CaffeGraph& graph, const ProtoField& field, std::int64_t low) {
  std::int64_t value = 0;
  const char* end = field.value.data() + field.value.size();
  const auto result = std::from_chars(field.value.data(), end, value);
  if (field.is_message || field.is_quoted || result.ec != std::errc() || result.ptr != end ||
      value < low || value > kDimensionMax) {
    graph.fail(field, field.name + ": expected a whole number from " + std::to_string(low) +
                          " to " + std::to_string(kDimensionMax) + ", got " +
                          (field.is_message ? "a message" : "\"" + field.value + "\""));
  }
  return value;
}

CaffeParameters::CaffeParameters(const CaffeGraph& graph, const CaffeLayer& layer,
                                 const std::string& message, const std::vector<std::string>& known)
    : graph_(graph), layer_(layer), name_(message), message_(layer.field->find(message)) {
  if (message_ == nullptr) {
    return;
  }
  if (!message_->is_message) {
    graph.fail(*message_, message + ": expected { ... }");
  }
  for (const ProtoField& field : message_->fields) {
    if (std::find(known.begin(), known.end(), field.name) == known.end()) {
      graph.fail(field, message + " has no field \"" + field.name + "\"" +
                            base::suggestion(field.name, known));
    }
  }
}

std::int64_t CaffeParameters::integer(const char* field) const {
  const ProtoField* found = find(field);
  if (found == nullptr) {
    graph_.fail(message_ == nullptr ? *layer_.field : *message_,
                "layer \"" + layer_.name + "\": " + name_ + " lacks " + field);
  }
  return caffe_integer(graph_, *found, 1);
}

std::int64_t CaffeParameters::integer_or(const char* field, std::int64_t otherwise) const {
  const ProtoField* found = find(field);
  return found == nullptr ? otherwise : caffe_integer(graph_, *found, 0);
}

std::int64_t CaffeParameters::signed_or(const char* field, std::int64_t otherwise) const {
  const ProtoField* found = find(field);
  return found == nullptr ? otherwise : caffe_integer(graph_, *found, -kDimensionMax);
}

std::vector<std::int64_t> CaffeParameters::integers(const char* field) const {
  std::vector<std::int64_t> values;
  if (message_ != nullptr) {
    for (const ProtoField& candidate : message_->fields) {
      if (candidate.name == field) {
        values.push_back(caffe_integer(graph_, candidate, 0));
      }
    }
  }
  return values;
}

bool CaffeParameters::flag_or(const char* field, bool otherwise) const {
  const ProtoField* found = find(field);
  if (found == nullptr) {
    return otherwise;
  }
  if (found->value != "true" && found->value != "false") {
    graph_.fail(*found,
                std::string(field) + ": expected true or false, got \"" + found->value + "\"");
  }
  return found->value == "true";
}

std::string CaffeParameters::text_or(const char* field, const std::string& otherwise) const {
  const ProtoField* found = find(field);
  return found == nullptr ? otherwise : found->value;
}

}  // namespace edgecut::workloads
