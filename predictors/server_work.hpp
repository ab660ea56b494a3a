// What the layers of a network take on one kind of server: alone, kernel by kernel, and in batches.
//
// A kernel is one layer; a layer that takes no time is none. A batch holds queries of one network
// that were cut at one place, so that all of them run the same layers. How long it takes follows
// from the forms of the layer types (layer_form.hpp, batch_factor).
//
// Ignores that layers overlap on a GPU, and the copy of inputs to it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/quantity.hpp"
#include "predictors/cost_model.hpp"
#include "predictors/cut_table.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::predictors {

class ServerWork {
 public:
  ServerWork() = default;
  /// The layers of `dnn` on `server`, in batches of up to `batch_max` >= 1 queries.
  ServerWork(const workloads::Dnn& dnn, const CostModel& server, std::uint32_t batch_max);

  /// By size of the batch less one: the time of all its queries, for the layers from `first` on or
  /// for those that are not on the device. That of one is what the cut's table says
  /// (CutCost::server_time), to the bit.
  [[nodiscard]] std::vector<base::Duration> batches(std::size_t first) const;
  [[nodiscard]] std::vector<base::Duration> batches(const LayerSet& on_device) const;
  /// The times of those layers for a query alone, in order. The former refer to this object.
  [[nodiscard]] std::span<const base::Duration> kernels(std::size_t first) const {
    return std::span(kernels_).subspan(kernel_of_[first]);
  }
  [[nodiscard]] std::vector<base::Duration> kernels(const LayerSet& on_device) const;

 private:
  [[nodiscard]] base::Duration time(std::size_t layer, std::uint32_t queries) const {
    return times_[layer * batch_max_ + queries - 1];
  }

  std::uint32_t batch_max_ = 1;
  std::vector<base::Duration> times_;     // by layer, then by size of the batch less one
  std::vector<base::Duration> suffixes_;  // the same from that layer on; one more at the end
  std::vector<base::Duration> kernels_;   // of all layers
  std::vector<std::size_t> kernel_of_;    // by layer: the first kernel from there on
};

}  // namespace edgecut::predictors
