// Layer types that nobody measured, and the measured type whose cost each takes.
#pragma once

#include <vector>

#include "workloads/dnn.hpp"

namespace edgecut::predictors {

struct StandIn {
  workloads::LayerType type;
  workloads::LayerType from;
  const char* why;
};

/// Types of the benchmark files first (kLayerTypesInFiles), then those of imported networks.
const std::vector<StandIn>& stand_ins();

}  // namespace edgecut::predictors
