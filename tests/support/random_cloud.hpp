// Random data centres: one queue, or servers of several kinds with every discipline and dispatch.
#pragma once

#include <nlohmann/json.hpp>

namespace edgecut::testing {

struct CloudOptions {
  bool clusters = true;   // beside one FIFO queue
  bool admission = true;  // servers that turn queries away
};

/// The "cloud" of a scenario. Call inside a property.
nlohmann::json any_cloud(const CloudOptions& options);

}  // namespace edgecut::testing
