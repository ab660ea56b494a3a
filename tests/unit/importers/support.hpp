// What the tests of importers share: scratch files, small ONNX graphs.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>
#include <unistd.h>

#include "base/errors.hpp"
#include "base/json_reader.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::workloads::testing {

/// A directory of this test process, removed at the end.
class Scratch {
 public:
  Scratch()
      : path_(std::filesystem::temp_directory_path() /
              ("edgecut-importers-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] std::filesystem::path write(const std::string& name,
                                            const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

using Dims = std::vector<std::int64_t>;

/// An ONNX model under construction; tensors are named by the caller.
class Graph {
 public:
  explicit Graph(std::int64_t operator_set = 13) {
    model_.set_ir_version(8);
    auto* set = model_.add_opset_import();
    set->set_domain("");
    set->set_version(operator_set);
    model_.mutable_graph()->set_name("test");
  }

  /// A dimension of 0 is left open under the name "open".
  Graph& input(const std::string& name, const Dims& dims,
               int type = onnx::TensorProto_DataType_FLOAT) {
    describe(*model_.mutable_graph()->add_input(), name, dims, type);
    return *this;
  }
  Graph& output(const std::string& name, const Dims& dims = {}) {
    describe(*model_.mutable_graph()->add_output(), name, dims, onnx::TensorProto_DataType_FLOAT);
    return *this;
  }
  /// Weights: dimensions without data, as an importer sees them.
  Graph& weights(const std::string& name, const Dims& dims) {
    auto* tensor = model_.mutable_graph()->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(onnx::TensorProto_DataType_FLOAT);
    for (const std::int64_t dim : dims) {
      tensor->add_dims(dim);
    }
    return *this;
  }
  Graph& integers(const std::string& name, const Dims& values) {
    auto* tensor = model_.mutable_graph()->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(onnx::TensorProto_DataType_INT64);
    tensor->add_dims(static_cast<std::int64_t>(values.size()));
    for (const std::int64_t value : values) {
      tensor->add_int64_data(value);
    }
    return *this;
  }
  Graph& floats(const std::string& name, const std::vector<float>& values) {
    auto* tensor = model_.mutable_graph()->add_initializer();
    tensor->set_name(name);
    tensor->set_data_type(onnx::TensorProto_DataType_FLOAT);
    tensor->add_dims(static_cast<std::int64_t>(values.size()));
    for (const float value : values) {
      tensor->add_float_data(value);
    }
    return *this;
  }

  /// Adds a node that is named as its first output.
  Graph& node(const std::string& op, const std::vector<std::string>& inputs,
              const std::vector<std::string>& outputs) {
    node_ = model_.mutable_graph()->add_node();
    node_->set_op_type(op);
    node_->set_name(outputs.front());
    for (const std::string& input : inputs) {
      node_->add_input(input);
    }
    for (const std::string& output : outputs) {
      node_->add_output(output);
    }
    return *this;
  }
  // Attributes of the node added last.
  Graph& with(const std::string& name, std::int64_t value) {
    auto* attribute = add_attribute(name, onnx::AttributeProto_AttributeType_INT);
    attribute->set_i(value);
    return *this;
  }
  Graph& with(const std::string& name, const Dims& values) {
    auto* attribute = add_attribute(name, onnx::AttributeProto_AttributeType_INTS);
    for (const std::int64_t value : values) {
      attribute->add_ints(value);
    }
    return *this;
  }
  Graph& with_text(const std::string& name, const std::string& value) {
    add_attribute(name, onnx::AttributeProto_AttributeType_STRING)->set_s(value);
    return *this;
  }

  [[nodiscard]] onnx::ModelProto& model() { return model_; }
  [[nodiscard]] std::string bytes() const { return model_.SerializeAsString(); }
  [[nodiscard]] Dnn import(const ImportOptions& options = {}) const {
    const Scratch scratch;
    Dnn dnn = import_model(scratch.write("net.onnx", bytes()), options);
    return dnn;
  }
  /// What the import is refused with; "" when it is not.
  [[nodiscard]] std::string refusal(const ImportOptions& options = {}) const {
    try {
      static_cast<void>(import(options));
    } catch (const base::ConfigError& error) {
      return error.what();
    }
    return "";
  }

 private:
  onnx::AttributeProto* add_attribute(const std::string& name,
                                      onnx::AttributeProto_AttributeType type) {
    auto* attribute = node_->add_attribute();
    attribute->set_name(name);
    attribute->set_type(type);
    return attribute;
  }
  static void describe(onnx::ValueInfoProto& info, const std::string& name, const Dims& dims,
                       int type) {
    info.set_name(name);
    auto* tensor = info.mutable_type()->mutable_tensor_type();
    tensor->set_elem_type(type);
    for (const std::int64_t dim : dims) {
      auto* added = tensor->mutable_shape()->add_dim();
      if (dim > 0) {
        added->set_dim_value(dim);
      } else {
        added->set_dim_param("open");
      }
    }
  }

  onnx::ModelProto model_;
  onnx::NodeProto* node_ = nullptr;
};

inline const Layer& layer_named(const Dnn& dnn, const std::string& name) {
  for (const Layer& layer : dnn.layers()) {
    if (layer.name == name) {
      return layer;
    }
  }
  throw std::runtime_error("no layer " + name);
}

inline double work_of(const Layer& layer) { return base::in_flop(layer.work); }

inline std::string joined_notes(const Dnn& dnn) {
  std::string text;
  for (const std::string& note : dnn.notes()) {
    text += note + "\n";
  }
  return text;
}

/// The model file of an imported network reads back to the same text.
inline bool survives_a_file(const Dnn& dnn) {
  const std::string text = write_model(dnn);
  return write_model(read_model(base::JsonDocument::from_text(text, "model.json"))) == text;
}

}  // namespace edgecut::workloads::testing
