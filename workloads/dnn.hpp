// A deep neural network as a graph of typed layers with shapes, work and parameters.
//
// Models what splitting needs: which layer feeds which, how much work each does, how large each
// tensor is. Ignores weights' values and numerics. Shapes and work are inferred from the input
// (workloads/shape_inference.hpp), never read from a file.
//
// Conventions: tensors are batch x channels x height x width of fp32 (4 bytes); a multiply-add is
// two flop; the batch is that of one query (100 digits, 548 feature vectors, 28 words). A tensor of
// another rank fills these four axes from the left (28 tokens of 300 numbers in a batch of 1 are
// 1 x 28 x 300); of more than four axes, all but the last three are folded into the batch. Layers
// that work along one axis say which (`axis`), so that no rank needs a type of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/quantity.hpp"

namespace edgecut::workloads {

enum class LayerType : std::uint8_t {
  kConvolution,
  kFullyConnected,
  kLocal,  // convolution with weights of its own at every output position
  kPooling,
  kLrn,  // local response normalisation across channels
  kBatchNorm,
  kRelu,
  kSigmoid,
  kTanh,
  kHardTanh,
  kSoftmax,
  kArgmax,
  kDropout,
  kConcat,
  kEltwise,
  kFlatten,
  // What imported networks need besides (workloads/onnx_import.hpp, workloads/caffe_import.hpp).
  kMatmul,     // product with a matrix that another layer computes (attention)
  kLayerNorm,  // each row normalised by its own mean and variance
  kPointwise,  // each output element from one element of each input, inputs repeated to its shape
  kReduce,     // sums, means, maxima over some axes
  kReshape,    // the same elements, or some of them, seen in another shape
  kMove,       // elements copied to other places (transpose, slice, pad, gather, repeat)
  kOther,      // anything else, with its work and parameters given
};

/// "convolution", "fully_connected", ... as in model files.
std::string_view layer_type_name(LayerType type);
/// The names of all layer types, in the order of the enumerators.
const std::vector<std::string>& layer_type_names();

struct Shape {
  std::int64_t batch = 1;
  std::int64_t channels = 1;
  std::int64_t height = 1;
  std::int64_t width = 1;
  [[nodiscard]] std::int64_t elements() const { return batch * channels * height * width; }
  bool operator==(const Shape&) const = default;
};

/// Rows and columns added around a feature map.
struct Padding {
  std::int64_t top = 0;
  std::int64_t left = 0;
  std::int64_t bottom = 0;
  std::int64_t right = 0;
  bool operator==(const Padding&) const = default;
};

/// What a layer type may need; a field that does not apply keeps its default.
struct LayerParameters {
  std::int64_t outputs = 0;  // filters of a convolution or local layer, neurons of a fully
                             // connected one
  std::int64_t kernel_height = 1, kernel_width = 1;
  std::int64_t stride = 1;
  std::int64_t pad = 0;
  std::int64_t dilation = 1;
  std::int64_t groups = 1;
  std::int64_t local_size = 0;  // LRN window
  bool round_up = true;         // output size of pooling: ceil (Caffe) or floor
  bool global_pooling = false;
  bool bias = true;
  std::optional<std::int64_t> stride_width = {};  // across columns, where it differs from `stride`
  std::optional<Padding> padding = {};            // where the four sides differ; replaces `pad`
  std::optional<std::int64_t> dilation_width = {};  // where it differs from `dilation`
  // Fully connected, matmul, layer norm: the axes from here on are one row; concat: the axis that
  // is joined. 0 is the batch, 1 the channels, 2 the height, 3 the width.
  std::int64_t axis = 1;
  std::optional<Shape> output = {};   // where it does not follow from the inputs
  std::int64_t flop_per_element = 1;  // of a pointwise layer's output
  std::int64_t weights = 0;           // learned parameters that do not follow from shapes
  std::int64_t work_flop = 0;         // of a layer of type other

  [[nodiscard]] std::int64_t dilation_columns() const { return dilation_width.value_or(dilation); }
  [[nodiscard]] std::int64_t stride_columns() const { return stride_width.value_or(stride); }
  [[nodiscard]] Padding sides() const { return padding.value_or(Padding{pad, pad, pad, pad}); }
};

/// What the tensors between layers are sent as. Layers compute in fp32 whatever it is; converting
/// takes no time.
enum class TensorPrecision : std::uint8_t { kFp32, kFp16, kInt8 };
/// By value: "fp32", "fp16", "int8".
const std::vector<std::string>& tensor_precision_names();

/// The producer of a tensor that no layer produces: the network's input.
inline constexpr std::uint32_t kNetworkInput = 0xffffffff;

struct Layer {
  std::string name;
  LayerType type = LayerType::kRelu;
  LayerParameters parameters;
  std::vector<std::uint32_t> inputs;  // producing layers, or kNetworkInput

  // Inferred.
  Shape input;  // of the first input
  Shape output;
  std::int64_t input_elements = 0;  // of all inputs together
  std::int64_t weights = 0;         // learned parameters, biases included
  base::Work work;
};

/// "3x227x227"; the batch stands in front when it is not one, trailing ones are left out
/// ("28x300").
std::string shape_text(const Shape& shape);

/// An immutable, checked network: layers stand in a topological order, exactly one layer (the last)
/// has no consumer.
class Dnn {
 public:
  struct Description {
    std::string name;    // "imc"
    std::string title;   // "image classification, AlexNet"
    std::string source;  // where the architecture is published, with year
    Shape input;
    base::DataSize input_size;  // of one query's input when it is sent unprocessed
    bool output_is_uploaded =
        false;  // the server needs the last tensor even when no layer runs there
    TensorPrecision tensor_precision = TensorPrecision::kFp32;
    std::vector<Layer> layers;       // name, type, parameters and inputs filled in
    std::vector<std::string> notes;  // what an importer assumed or left out, a sentence each
  };

  /// Infers shapes, work and weights. Throws base::ConfigError with everything that is wrong: a
  /// cycle, an input that comes later, a shape that does not fit, more than one output, a duplicate
  /// name, absurd sizes. When `where` holds a '#' (a JSON pointer), "/layers/3" is appended to it.
  Dnn(Description description, const std::string& where);

  [[nodiscard]] const std::string& name() const { return description_.name; }
  [[nodiscard]] const std::string& title() const { return description_.title; }
  [[nodiscard]] const std::string& source() const { return description_.source; }
  [[nodiscard]] const std::vector<std::string>& notes() const { return description_.notes; }
  [[nodiscard]] const Shape& input_shape() const { return description_.input; }
  [[nodiscard]] base::DataSize input_size() const { return description_.input_size; }
  [[nodiscard]] bool output_is_uploaded() const { return description_.output_is_uploaded; }
  [[nodiscard]] std::span<const Layer> layers() const { return description_.layers; }
  /// Every layer has one input and one consumer at most.
  [[nodiscard]] bool is_chain() const { return is_chain_; }
  [[nodiscard]] TensorPrecision tensor_precision() const { return description_.tensor_precision; }
  /// The same network with tensors sent in this precision; its input is what it was.
  [[nodiscard]] Dnn sent_as(TensorPrecision precision) const;
  /// Size of a layer's output tensor as it is sent.
  [[nodiscard]] base::DataSize output_size(std::size_t layer) const;
  [[nodiscard]] base::Work work() const;
  /// Of matrix products (convolution, local, fully connected, matmul) only: half their work.
  [[nodiscard]] double multiply_adds() const;
  [[nodiscard]] std::int64_t weights() const;

 private:
  Description description_;
  bool is_chain_ = true;
};

}  // namespace edgecut::workloads
