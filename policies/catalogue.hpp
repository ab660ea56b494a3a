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
  bool priced = false;  // instead of the load: the expected wait and the price of server time
};
std::unique_ptr<Policy> make_neurosurgeon(const std::string& name, NeurosurgeonOptions options);

/// Neurosurgeon that pays: the cut of least predicted latency + price x server time, so that a
/// query counts what it costs the others (sim/price_setter.hpp).
std::unique_ptr<Policy> make_priced();

/// DADS for light load (Hu et al., INFOCOM 2019): the cut of least predicted latency of the whole
/// layer graph. Its minimum cuts are made for every rate at once (policies/candidate_cuts.hpp), so
/// that it decides as Neurosurgeon does when that may cut a graph anywhere.
std::unique_ptr<Policy> make_dads_light();

/// DADS for heavy load: the cut whose slowest stage (device, upload, server) takes the least time,
/// for the most queries a second. The best such set is NP-hard to find; this one is the best of
/// the candidate cuts, made denser by minimum cuts under several weights of the stages.
std::unique_ptr<Policy> make_dads_heavy();

/// One decision a layer type, in the manner of MAUI (Cuervo et al., MobiSys 2010) as the
/// Neurosurgeon study compares with it: every layer is predicted by the mean over its type in this
/// DNN, and once a layer of an offloaded type is reached the rest runs on the server.
std::unique_ptr<Policy> make_maui();

/// The least latency that knowing the true layer costs, the node's own backlog and the future of
/// its uplink allows; of the server it knows what everybody knows, the published wait.
std::unique_ptr<Policy> make_oracle();

}  // namespace edgecut::policies
