// A network of three layers between two processors, with costs that can be added up by hand.
#pragma once

#include <string>
#include <vector>

#include "policies/policy.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::policies::testing {

// By cut: 0 to 3 layers on the device. Every cut is the fastest at some rate.
inline const std::vector<double> kDeviceS = {0, 0.010, 0.030, 0.090};
inline const std::vector<double> kServerS = {0.006, 0.004, 0.001, 0};
inline const std::vector<double> kUploadBits = {8e5, 2e5, 1e5, 0};
inline const std::vector<double> kDeviceJ = {0, 0.05, 0.15, 0.45};
inline constexpr double kDownloadBits = 1000;

inline constexpr double kUplinkLatencyS = 0.005;
inline constexpr double kDownlinkLatencyS = 0.007;
inline constexpr double kDownlinkBitsPerS = 1e6;
inline constexpr double kAlphaUpJPerBit = 1e-7;
inline constexpr double kAlphaDownJPerBit = 2e-8;
inline constexpr double kBetaW = 0.5;

inline predictors::CutTable cut_table() {
  predictors::CutTable table;
  for (std::size_t cut = 0; cut < kDeviceS.size(); ++cut) {
    predictors::CutCost cost;
    cost.upload = base::bits(kUploadBits[cut]);
    cost.device_time = base::seconds(kDeviceS[cut]);
    cost.device_energy = base::joules(kDeviceJ[cut]);
    cost.server_time = base::seconds(kServerS[cut]);
    cost.download = base::bits(cut + 1 < kDeviceS.size() ? kDownloadBits : 0);
    cost.device_layers = static_cast<std::uint32_t>(cut);
    table.cuts.push_back(cost);
  }
  return table;
}

inline platforms::NetworkProfile network() {
  platforms::NetworkProfile profile;
  profile.name = "test";
  profile.uplink = base::megabits_per_s(1);
  profile.downlink = base::bits_per_s(kDownlinkBitsPerS);
  profile.uplink_latency = base::seconds(kUplinkLatencyS);
  profile.downlink_latency = base::seconds(kDownlinkLatencyS);
  profile.alpha_up = base::joules_per_bit(kAlphaUpJPerBit);
  profile.alpha_down = base::joules_per_bit(kAlphaDownJPerBit);
  profile.beta = base::watts(kBetaW);
  profile.charges_download = true;
  return profile;
}

inline workloads::Dnn three_layers(const std::string& name = "small") {
  workloads::Dnn::Description description;
  description.name = name;
  description.input = {.channels = 8};
  description.input_size = base::bits(kUploadBits[0]);
  for (const char* layer_name : {"first", "second", "third"}) {
    workloads::Layer layer;
    layer.name = layer_name;
    layer.type = workloads::LayerType::kRelu;
    const auto before = static_cast<std::uint32_t>(description.layers.size());
    layer.inputs = {before == 0 ? workloads::kNetworkInput : before - 1};
    description.layers.push_back(layer);
  }
  return workloads::Dnn(std::move(description), "test");
}

}  // namespace edgecut::policies::testing
