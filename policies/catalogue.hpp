// The policies themselves; scenarios reach them by name (policies/registry.hpp).
#pragma once

#include <map>
#include <memory>
#include <string>

#include "policies/policy.hpp"

namespace edgecut::policies {

/// Everything on the server: the status quo that the others are compared with.
std::unique_ptr<Policy> make_cloud_only();

/// Every layer on the device.
std::unique_ptr<Policy> make_device_only();

/// The same cut for every query of a DNN: DNN name -> number of layers on the device. A DNN that is
/// not named runs in the cloud.
std::unique_ptr<Policy> make_fixed_cut(std::map<std::string, std::uint32_t> device_layers);

/// Neurosurgeon (Kang et al., ASPLOS 2017, algorithm 1): the cut with the least predicted
/// `latency_weight * latency [s] + energy_weight * energy [J]`, over every cut from cloud-only to
/// device-only, at the estimated bandwidth. Load-aware: the published wait counts as server time.
struct NeurosurgeonOptions {
  double latency_weight = 1;
  double energy_weight = 0;
  bool load_aware = false;
};
std::unique_ptr<Policy> make_neurosurgeon(const std::string& name, NeurosurgeonOptions options);

/// The least latency that knowing the true layer costs, the node's own backlog and the future of
/// its uplink allows; of the server it knows what everybody knows, the published wait.
std::unique_ptr<Policy> make_oracle();

}  // namespace edgecut::policies
