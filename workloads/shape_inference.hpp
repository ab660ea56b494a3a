// What one layer makes of its inputs: output shape, work and learned parameters.
//
// With n output elements, m input elements, k_h x k_w kernel, c input channels, g groups (all per
// query, the batch included in n and m):
//
//   type             work in flop                  parameters (b = 1 with bias, else 0)
//   convolution      2 k_h k_w (c/g) n             outputs (k_h k_w c/g + b)
//   local            2 k_h k_w c n                 (n per batch row) (k_h k_w c + b)
//   fully_connected  2 (m per batch row) n         outputs (m per batch row + b)
//   pooling          (k_h k_w + 1) n               -
//   lrn              (local_size + 1) n            -
//   batch_norm       2 n                           2 channels (scale and shift)
//   relu             n                             -
//   sigmoid, tanh    2 n                           -
//   hard_tanh        2 n                           -
//   softmax          n                             -
//   argmax           m                             -
//   dropout          n                             -
//   eltwise          (inputs - 1) n                -
//   concat, flatten  0 (bytes move, nothing is computed)
//   matmul           2 (m per row of the first input) n   -
//   layer_norm       7 n                           2 (m per row) (scale and shift; 1 x without
//   bias) pointwise        flop_per_element n            as given reduce           m - reshape,
//   move    0                             -, as given (a table that rows are taken from) other as
//   given                      as given
//
// A row is one batch element, or what `axis` makes of it: the elements along the axes from there on
// (fully_connected, matmul, layer_norm). Layer norm takes the mean (1), the variance (2), subtracts
// and divides (2), scales and shifts (2).
//
// A multiply-add is two flop. Adding the bias is not counted. The conventions for layers that are
// not matrix products are those of the Neurosurgeon study's counts (Kang et al., ASPLOS 2017;
// repository claritylab/djinn, branch mobile), so that regressions on its timings see the same
// figures; where it contradicts itself (softmax and relu are n in most networks and 2 n in one) the
// common form is taken, and groups are counted truly, which it does not.
//
// Output sizes, along each axis with padding p_0 before and p_1 after, dilation d:
//   extent e = d (k - 1) + 1;  windows = floor((in + p_0 + p_1 - e) / stride) + 1,
// pooling with round_up takes ceil instead, and drops a last window that would start beyond the
// input and its leading padding. Caffe drops it only where there is padding; without any the two
// differ only for strides beyond the kernel, where ONNX Runtime drops it too.
//
// Ignored: max or average pooling (same cost here), fused layers, data types other than fp32.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "workloads/dnn.hpp"

namespace edgecut::workloads {

/// Limits that keep every product exact in 64 bits and refuse what no machine holds.
inline constexpr std::int64_t kDimensionMax = std::int64_t{1} << 24;  // of a shape or a parameter
inline constexpr std::int64_t kElementsMax = std::int64_t{1} << 34;   // of a tensor, or weights
inline constexpr std::int64_t kWorkMaxFlop = std::int64_t{1} << 53;   // of a layer: exact as double

/// What follows from a layer's type, parameters and inputs; meaningless when there are problems.
struct LayerInference {
  Shape output;
  std::int64_t weights = 0;
  std::int64_t work_flop = 0;
  std::vector<std::string> problems;
};

/// Infers one layer. Never throws: whatever is wrong (a parameter out of range, shapes that do not
/// fit, sizes beyond the limits) is told in `problems`.
LayerInference infer_layer(LayerType type, const LayerParameters& parameters,
                           std::span<const Shape> inputs);

/// What is wrong with a shape by itself: a dimension below one or a size beyond the limits.
std::vector<std::string> shape_problems(const Shape& shape, const std::string& noun);

}  // namespace edgecut::workloads
