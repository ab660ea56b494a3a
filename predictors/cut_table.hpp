// Everything about each cut of a network that depends on neither bandwidth nor load.
//
// Cut c runs the first c layers (in the network's topological order) on the device and the others
// on the server; c = 0 is cloud-only, c = L device-only. Every such prefix is closed under
// predecessors, so nothing travels back up; on a chain the prefixes are all cuts, on a general
// graph they are some of them. What crosses a cut is sent as fp32 and once a tensor, however many
// layers consume it.
//
// Ignores encodings of what is sent, early exits, and the memory that layers need.
#pragma once

#include <cstdint>
#include <vector>

#include "base/quantity.hpp"
#include "predictors/cost_model.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::predictors {

struct CutCost {
  base::DataSize upload;
  base::Duration device_time;
  base::Energy device_energy;  // of computing: sum of power x time over the device's layers
  base::Duration server_time;
  base::DataSize download;  // the final output, when it is on the server or wanted there
  std::uint32_t device_layers = 0;
};

struct CutTable {
  std::vector<CutCost> cuts;  // cuts[c] has c layers on the device; L + 1 of them
};

/// The table of a network between two processors. Device times and energies never fall with c,
/// server times never rise.
CutTable make_cut_table(const workloads::Dnn& dnn, const CostModel& device,
                        const CostModel& server);

/// What crosses each cut, c = 0 .. L: the input's size at 0, zero at L unless the output is
/// uploaded; between, each tensor that was made before the cut and is consumed after it.
std::vector<base::DataSize> cut_uploads(const workloads::Dnn& dnn);

}  // namespace edgecut::predictors
