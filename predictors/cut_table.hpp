// Everything about each cut of a network that depends on neither bandwidth nor load.
//
// A cut is the set of layers on the device, closed under predecessors, so that nothing travels back
// up. Cut c <= L runs the first c layers (in the network's topological order) on the device and the
// others on the server; c = 0 is cloud-only, c = L device-only. On a chain these prefixes are all
// cuts; on a general graph the table may list further ones behind them
// (policies/candidate_cuts.hpp finds those that can be worth it). What crosses a cut is sent as
// fp32 and once a tensor, however many layers consume it.
//
// Ignores encodings of what is sent, early exits, and the memory that layers need.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "predictors/cost_model.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::predictors {

/// Element i says whether layer i runs on the device.
using LayerSet = std::vector<bool>;

struct CutCost {
  base::DataSize upload;
  base::Duration device_time;
  base::Energy device_energy;  // of computing: sum of power x time over the device's layers
  base::Duration server_time;
  base::DataSize download;  // the final output, when it is on the server or wanted there
  std::uint32_t device_layers = 0;
  std::uint32_t server_kernels = 0;  // layers that take time on the server
};

struct CutTable {
  std::vector<CutCost> cuts;  // the prefixes, cuts[c] with c layers on the device; then the others
  std::vector<LayerSet> further = {};  // the device's layers of cuts[L + 1], cuts[L + 2], ...

  /// The cut with every layer on the device, L.
  [[nodiscard]] std::size_t device_only() const { return cuts.size() - further.size() - 1; }
  /// Whether layer number `layer` runs on the device when cut number `cut` is taken.
  [[nodiscard]] bool on_device(std::size_t cut, std::size_t layer) const {
    return cut <= device_only() ? layer < cut : further[cut - device_only() - 1][layer];
  }
};

/// The table of a network between two processors: its L + 1 prefixes, then the cuts of `further`.
/// Over the prefixes device times and energies never fall with c and server times never rise.
/// Throws InternalError when a set of `further` has not L elements or is not closed under
/// predecessors.
CutTable make_cut_table(const workloads::Dnn& dnn, const CostModel& device, const CostModel& server,
                        std::vector<LayerSet> further = {});

/// What crosses each prefix, c = 0 .. L: the input's size at 0, zero at L unless the output is
/// uploaded; between, each tensor that was made before the cut and is consumed after it.
std::vector<base::DataSize> cut_uploads(const workloads::Dnn& dnn);

/// Whether nothing would travel back to the device: every layer's producers are in the set, too.
bool is_closed(const workloads::Dnn& dnn, const LayerSet& on_device);

/// The layers whose tensors are sent when these layers run on the device, ascending, each once; the
/// network's input, where it is sent, stands first as workloads::kNetworkInput. With all layers on
/// the device: the last layer when the output is uploaded, else none.
std::vector<std::uint32_t> crossing_tensors(const workloads::Dnn& dnn, const LayerSet& on_device);

/// A cut for people. A prefix: its last layer, "input" for cloud-only. Any other: the layers whose
/// tensors cross, "pool1+conv2 (+3)" when there are three more than the two that are named.
std::string cut_name(const workloads::Dnn& dnn, const CutTable& table, std::size_t cut);

}  // namespace edgecut::predictors
