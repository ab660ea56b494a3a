// What the parts of the Caffe importer share: layers of the file, and strict access to their
// parameters. Internal to workloads/caffe_*.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "workloads/import_builder.hpp"
#include "workloads/prototxt.hpp"

namespace edgecut::workloads {

struct CaffeLayer {
  std::string name;
  std::string type;  // upper case without underscores: "INNERPRODUCT" in both syntaxes
  std::vector<std::string> bottoms;
  std::vector<std::string> tops;
  std::vector<std::uint32_t> inputs;  // the layers behind the bottoms
  const ProtoField* field = nullptr;
};

/// The import under way.
struct CaffeGraph {
  explicit CaffeGraph(std::string path) : file(path), builder(std::move(path)) {}

  std::string file;
  ImportBuilder builder;
  std::map<std::string, std::uint32_t> blobs;  // the layer that wrote each last

  /// Throws base::ConfigError at the field's line.
  [[noreturn]] void fail(const ProtoField& field, const std::string& what) const;
  void note(const CaffeLayer& layer, const std::string& what);
  [[nodiscard]] const Shape& shape(const CaffeLayer& layer) const;  // of the first bottom
};

/// The parameters of one layer ("convolution_param"); when the message is absent all have defaults.
/// Numbers are checked against the range 0 to kDimensionMax.
class CaffeParameters {
 public:
  /// `known`: the fields that the message may have, costed or not; others are errors.
  CaffeParameters(const CaffeGraph& graph, const CaffeLayer& layer, const std::string& message,
                  const std::vector<std::string>& known);

  [[nodiscard]] std::int64_t integer(const char* field) const;  // required
  [[nodiscard]] std::int64_t integer_or(const char* field, std::int64_t otherwise) const;
  [[nodiscard]] std::int64_t signed_or(const char* field, std::int64_t otherwise) const;
  [[nodiscard]] std::vector<std::int64_t> integers(const char* field) const;
  [[nodiscard]] bool flag_or(const char* field, bool otherwise) const;
  [[nodiscard]] std::string text_or(const char* field, const std::string& otherwise) const;
  [[nodiscard]] const ProtoField* find(const char* field) const {
    return message_ == nullptr ? nullptr : message_->find(field);
  }

 private:
  const CaffeGraph& graph_;
  const CaffeLayer& layer_;
  std::string name_;
  const ProtoField* message_;
};

/// A whole number of a field; throws base::ConfigError at its line when it is none or out of range.
std::int64_t caffe_integer(const CaffeGraph& graph, const ProtoField& field, std::int64_t low);

/// caffe_layers.cpp: adds a layer and writes its tops.
void import_caffe_layer(CaffeGraph& graph, const CaffeLayer& layer);

}  // namespace edgecut::workloads
