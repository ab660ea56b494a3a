// The parametric cost of a layer: a sum of an overhead and of amounts of work, each over a speed.
//
//   time = c0 + c1 work + c2 tensors + c3 weights + c4 windows + c5 depth,   every c >= 0
//
// Amounts are what a processor must do at least: flop, bytes of input and output tensors, bytes of
// weights, bytes of the unrolled input windows (what im2col writes, what pooling and LRN read), and
// the length of one output's reduction (a GPU with few outputs waits for that serial loop).
// Ignored: caches, concurrency of layers, choice of algorithm by size.
//
// Units: seconds, bytes (fp32: 4 an element), flop (a multiply-add is two), steps.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::predictors {

inline constexpr double kBytesPerElement = 4;  // fp32

/// The amounts of a form, in the order of its coefficients.
enum class Amount : std::size_t { kOverhead, kWork, kTensors, kWeights, kWindows, kDepth };
inline constexpr std::size_t kAmounts = 6;
using Amounts = std::array<double, kAmounts>;

/// Keys of the coefficients in model files: "overhead_s", "s_per_flop", ...
const std::array<std::string, kAmounts>& coefficient_keys();

/// The amounts of a layer; overhead is 1.
Amounts layer_amounts(const workloads::Layer& layer);

/// Bytes of a layer's input tensors.
double input_bytes(const workloads::Layer& layer);

/// How well a form met what it was fitted to: |predicted / measured - 1|.
struct FitErrors {
  std::size_t samples = 0;
  double median = 0;
  double p90 = 0;
  double max = 0;
};

struct LayerForm {
  Amounts coefficients{};
  /// Multiplies the sum inside a network; differs from 1 where the form was fitted to layers alone.
  double network_factor = 1;
  base::Power power;
  std::string basis;  // what it was fitted to, for people
  /// Not in the file: another type's (CalibratedModelData::imply_forms).
  bool is_implied = false;
  FitErrors errors;
};

/// The equation above, times the network factor.
base::Duration form_time(const LayerForm& form, const workloads::Layer& layer);

/// How many times as long as one query a batch of `queries` takes by the form: overhead, weights
/// and depth are spent once a batch, work, tensors and windows once a query. Between 1 and
/// `queries`; `queries` where the form takes no time at all. Ignores that a processor may not hold
/// the batch, and that large batches may use it better than the fitted speed says.
double batch_factor(const LayerForm& form, const workloads::Layer& layer, std::uint32_t queries);

}  // namespace edgecut::predictors
