#include "workloads/onnx_import.hpp"

#include <utility>

#include "base/errors.hpp"
#include "workloads/onnx_graph.hpp"
#include "workloads/onnx_reader.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::workloads {
namespace {

double element_bytes(int elem_type) {
  switch (elem_type) {
    case onnx::TensorProto_DataType_BOOL:
    case onnx::TensorProto_DataType_INT8:
    case onnx::TensorProto_DataType_UINT8:
      return 1;
    case onnx::TensorProto_DataType_FLOAT16:
    case onnx::TensorProto_DataType_BFLOAT16:
    case onnx::TensorProto_DataType_INT16:
    case onnx::TensorProto_DataType_UINT16:
      return 2;
    case onnx::TensorProto_DataType_DOUBLE:
    case onnx::TensorProto_DataType_INT64:
    case onnx::TensorProto_DataType_UINT64:
      return 8;
    default:
      return 4;
  }
}

class OnnxImporter {
 public:
  OnnxImporter(const std::filesystem::path& path, const ImportOptions& options)
      : path_(path), options_(options), model_(read_onnx(path)), graph_(path.string()) {}

  Dnn run() {
    for (const auto& set : model_.opset_import()) {
      graph_.operator_sets[set.domain() == "ai.onnx" ? "" : set.domain()] = set.version();
    }
    read_initializers();
    read_declared();
    read_inputs();
    for (const auto& node : model_.graph().node()) {
      for (const std::string& input : node.input()) {
        graph_.used.insert(input);
      }
    }
    for (const auto& output : model_.graph().output()) {
      graph_.used.insert(output.name());
    }
    for (const auto& node : model_.graph().node()) {
      read_node(node);
    }
    return finish();
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw base::ConfigError(path_.string(), what);
  }

  void read_initializers() {
    for (const auto& initializer : model_.graph().initializer()) {
      graph_.tensors[initializer.name()] = constant_tensor(initializer);
    }
  }

  // Intermediate shapes that the file states, where they leave nothing open.
  void read_declared() {
    const auto read = [this](const onnx::ValueInfoProto& info) {
      OnnxTensor tensor;
      tensor.has_shape = info.type().tensor_type().has_shape();
      for (const auto& dim : info.type().tensor_type().shape().dim()) {
        tensor.has_shape = tensor.has_shape && dim.dim_value() >= 1 &&
                           dim.dim_value() <= kDimensionMax && tensor.dims.size() < kOnnxRankMax;
        tensor.dims.push_back(dim.dim_value());
      }
      graph_.declared[info.name()] = std::move(tensor);
    };
    for (const auto& info : model_.graph().value_info()) {
      read(info);
    }
    for (const auto& info : model_.graph().output()) {
      read(info);
    }
  }

  std::int64_t read_dimension(const std::string& input,
                              const onnx::TensorShapeProto::Dimension& dim, bool is_first) {
    const std::string place = "input \"" + input + "\": ";
    if (dim.has_dim_value() && dim.dim_value() > 0) {
      if (is_first && options_.batch && *options_.batch != dim.dim_value()) {
        fail(place + "the file fixes the batch at " + std::to_string(dim.dim_value()) +
             ", asked for " + std::to_string(*options_.batch));
      }
      return dim.dim_value();
    }
    if (const auto given = options_.dimensions.find(dim.dim_param());
        given != options_.dimensions.end()) {
      return given->second;
    }
    if (is_first) {
      return options_.batch.value_or(1);
    }
    fail(place + "the dimension \"" + dim.dim_param() +
         "\" is left open in the file; give its size (--dimension " +
         (dim.dim_param().empty() ? "NAME" : dim.dim_param()) + "=N)");
  }

  void read_inputs() {
    std::vector<ImportBuilder::Input> inputs;
    std::vector<OnnxTensor> tensors;
    for (const auto& info : model_.graph().input()) {
      if (graph_.tensors.count(info.name()) > 0) {
        continue;  // a weight, which old files list as an input too
      }
      const auto& type = info.type().tensor_type();
      if (!info.type().has_tensor_type() || !type.has_shape() ||
          static_cast<std::size_t>(type.shape().dim_size()) > kOnnxRankMax) {
        fail("input \"" + info.name() + "\" is no tensor of a known rank");
      }
      OnnxTensor tensor;
      tensor.has_shape = true;
      tensor.elem_type = type.elem_type();
      for (int i = 0; i < type.shape().dim_size(); ++i) {
        tensor.dims.push_back(read_dimension(info.name(), type.shape().dim(i), i == 0));
        if (tensor.dims.back() < 1 || tensor.dims.back() > kDimensionMax) {
          fail("input \"" + info.name() + "\" has a dimension of " +
               std::to_string(tensor.dims.back()) + ", allowed: 1 to " +
               std::to_string(kDimensionMax));
        }
      }
      inputs.push_back({.name = info.name(), .shape = fold_shape(tensor.dims)});
      input_bytes_ += element_bytes(tensor.elem_type) * static_cast<double>(tensor.elements());
      tensors.push_back(std::move(tensor));
    }
    if (inputs.empty()) {
      fail("the graph has no input");
    }
    const std::vector<std::uint32_t> layers = graph_.builder.set_inputs(inputs);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      tensors[i].layer = layers[i];
      graph_.tensors[inputs[i].name] = std::move(tensors[i]);
    }
  }

  void read_node(const onnx::NodeProto& proto) {
    std::vector<const OnnxTensor*> inputs;
    bool is_constant = true;
    for (const std::string& name : proto.input()) {
      if (name.empty()) {
        inputs.push_back(nullptr);
        continue;
      }
      const auto found = graph_.tensors.find(name);
      if (found == graph_.tensors.end()) {
        fail("node \"" + (proto.name().empty() ? proto.op_type() : proto.name()) + "\" reads \"" +
             name + "\", which nothing before it puts out");
      }
      inputs.push_back(&found->second);
      is_constant = is_constant && found->second.is_constant;
    }
    if (proto.output_size() == 0) {
      fail("node \"" + proto.name() + "\" (" + proto.op_type() + ") puts out nothing");
    }
    for (const std::string& name : proto.output()) {
      if (!name.empty() && graph_.tensors.count(name) > 0) {
        fail("the tensor \"" + name + "\" is put out twice");
      }
    }
    const OnnxNode node(proto, std::move(inputs));
    const bool reads_shape = proto.op_type() == "Shape" || proto.op_type() == "Size";
    if (is_constant || reads_shape) {
      define_constants(node);
    } else {
      import_node(graph_, node);
    }
  }

  // What follows from weights and shapes alone is there before any query.
  void define_constants(const OnnxNode& node) {
    std::vector<OnnxTensor> outputs = infer_outputs(graph_, node);
    for (int i = 0; i < node.proto().output_size(); ++i) {
      OnnxTensor output = outputs[static_cast<std::size_t>(i)];
      output.is_constant = true;
      if (i == 0) {
        refine_constant(node, output);
      }
      graph_.tensors[node.proto().output(i)] = std::move(output);
    }
  }

  void refine_constant(const OnnxNode& node, OnnxTensor& output) {
    if (node.op() == "Constant") {
      if (const auto* value = node.find("value"); value != nullptr && value->has_t()) {
        output = constant_tensor(value->t());
        return;
      }
    }
    if (node.op() == "ConstantOfShape" && !output.has_shape) {
      // The library knows no sizes of zero, nor shapes that the graph computed.
      const OnnxTensor* sizes = node.find_input(0);
      if (sizes != nullptr && sizes->values && sizes->values->size() <= kOnnxRankMax) {
        output.has_shape = true;
        for (const double size : *sizes->values) {
          output.has_shape = output.has_shape && size >= 1 && size <= 0x1p40;
          output.dims.push_back(output.has_shape ? static_cast<std::int64_t>(size) : 1);
        }
      }
    }
    output.values = evaluate(node);
    if (output.values && !output.has_shape) {
      output.has_shape = true;
      output.dims = {static_cast<std::int64_t>(output.values->size())};
    }
    if (output.values && static_cast<std::int64_t>(output.values->size()) != output.elements()) {
      output.values.reset();
    }
  }

  Dnn finish() {
    std::vector<std::uint32_t> outputs;
    for (const auto& info : model_.graph().output()) {
      const auto found = graph_.tensors.find(info.name());
      if (found == graph_.tensors.end()) {
        fail("the output \"" + info.name() + "\" is computed by no node");
      }
      if (!found->second.is_constant) {
        outputs.push_back(found->second.layer);
      }
    }
    const std::string name = options_.name.empty() ? path_.stem().string() : options_.name;
    return graph_.builder.finish(outputs, name, "imported from " + path_.filename().string(),
                                 options_.input_size.value_or(base::bytes(input_bytes_)));
  }

  const std::filesystem::path& path_;
  const ImportOptions& options_;
  onnx::ModelProto model_;
  OnnxGraph graph_;
  double input_bytes_ = 0;
};

}  // namespace

Dnn import_onnx(const std::filesystem::path& path, const ImportOptions& options) {
  return OnnxImporter(path, options).run();
}

}  // namespace edgecut::workloads
