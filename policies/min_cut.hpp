// The cheapest way to split a layer graph in two, by minimum cut.
//
// A split puts a predecessor-closed set of layers on the device and the others on the server. With
// a price for each layer on either side and a price for each bit that crosses, its cost is
//
//   sum of device prices on the device + sum of server prices on the server + bit price x bits sent
//
// and the cheapest split is a minimum s-t cut (Hu et al., INFOCOM 2019, for DNNs). Here
// - a tensor with several consumers has a vertex of its own, so that it is paid once, not for each
//   consumer; so has the network's input, whose producer is the device itself;
// - an arc of infinite capacity from each consumer back to its producer forbids that anything
//   returns to the device;
// - the last tensor is sent with all layers on the device when the network says so.
//
// Capacities are whole numbers, 2^61 for the sum of all prices: the search is exact and ends for
// any prices, and what rounding them loses lies below the rounding of a sum of doubles. Of several
// cheapest splits it is the one with the fewest layers on the device (the least fixed point, the
// same for every maximum flow), so that the answer does not depend on the algorithm.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "predictors/cut_table.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::policies {

/// What each layer costs on either side, in one unit of the caller's. Finite, not negative.
struct LayerPrices {
  std::vector<double> device;
  std::vector<double> server;
};

/// A predecessor-closed set with what it costs: `fixed` + price of a bit x `upload_bits`.
struct Split {
  predictors::LayerSet on_device;
  double fixed = 0;
  double upload_bits = 0;
};

/// Prices and sizes of a set that the caller already has.
Split split_of(const workloads::Dnn& dnn, const LayerPrices& prices,
               predictors::LayerSet on_device);

/// The splits of one network with given prices of layers, for any price of a bit. Each call costs
/// a maximum flow (Boykov and Kolmogorov, PAMI 2004) over about as many vertices as layers.
class MinCut {
 public:
  /// Layers of `pinned` (empty: none) stay on the device. Throws InternalError for prices that are
  /// negative, not finite, or not one a layer. Keeps a reference to `dnn`.
  MinCut(const workloads::Dnn& dnn, LayerPrices prices, const predictors::LayerSet& pinned = {});
  ~MinCut();
  MinCut(const MinCut&) = delete;
  MinCut& operator=(const MinCut&) = delete;

  /// The cheapest split when a bit costs `bit_price`, which is finite and not negative.
  [[nodiscard]] Split cheapest(double bit_price) const;
  /// A split that sends the fewest bits, whatever its layers cost.
  [[nodiscard]] Split fewest_bits() const;

 private:
  struct FlowNetwork;
  [[nodiscard]] Split solve(double layer_weight, double bit_price) const;

  const workloads::Dnn& dnn_;
  LayerPrices prices_;
  std::unique_ptr<FlowNetwork> network_;
};

}  // namespace edgecut::policies
