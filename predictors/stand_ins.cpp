#include "predictors/stand_ins.hpp"

namespace edgecut::predictors {

const std::vector<StandIn>& stand_ins() {
  using enum workloads::LayerType;
  static const std::vector<StandIn> all = {
      {kBatchNorm, kRelu, "reads and writes each element once"},
      {kEltwise, kRelu, "reads and writes each element once"},
      {kConcat, kRelu, "reads and writes each element once"},
      {kTanh, kSigmoid, "an exponential for each element"},
      {kFlatten, kDropout, "moves no data"},
      {kMatmul, kConvolution, "a matrix product of two tensors, as after im2col"},
      {kLayerNorm, kSoftmax, "sums over each row, then rescales it"},
      {kPointwise, kSigmoid, "a function of each element"},
      {kReduce, kRelu, "reads each element once"},
      {kReshape, kDropout, "moves no data"},
      {kMove, kRelu, "reads and writes each element once"},
      {kOther, kFullyConnected, "its work and parameters are all that is known"},
  };
  return all;
}

}  // namespace edgecut::predictors
