// Settings for tests of planning: shipped ones by name.
#pragma once

#include <string>

#include "planning/plan.hpp"

namespace edgecut::planning::testing {

inline Request request(const std::string& model, const std::string& device,
                       const std::string& network) {
  Request one;
  one.model = model;
  one.device = device;
  one.server = "tesla-k40";
  one.network = network;
  one.predictor = "truth";
  return one;
}

inline Setting setting(const std::string& model, const std::string& device,
                       const std::string& network) {
  return make_setting(request(model, device, network));
}

}  // namespace edgecut::planning::testing
