// An access network as a mobile node sees it: rates, latencies and what the radio costs.
//
// While data flows the radio takes alpha * rate + beta on top of the idle board (Huang et al.,
// MobiSys 2012, equation 1); promotion and tail are in platforms/radio.hpp. A radio that is neither
// active, promoted nor in its tail takes nothing. Ignored: signal strength (rates come from the
// profile or a trace), retransmissions, paging (DRX on-durations between tails).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json_reader.hpp"
#include "base/quantity.hpp"

namespace edgecut::platforms {

/// A stretch of the tail: the radio stays in one state for `duration` after the last transfer.
struct TailPhase {
  base::Power power;
  base::Duration duration;
};

/// One file of platforms/networks.
struct NetworkProfile {
  std::string name;
  std::string title;
  /// The rate where no trace is given. Nothing: sending takes no time and no energy.
  std::optional<base::DataRate> uplink;
  /// Nothing: receiving takes no time and no energy.
  std::optional<base::DataRate> downlink;
  base::Duration uplink_latency;  // one way, last bit sent to last bit received
  base::Duration downlink_latency;
  base::EnergyPerBit alpha_up;
  base::EnergyPerBit alpha_down;
  base::Power beta;
  /// Whether a query's result is sent down; otherwise it arrives for nothing.
  bool charges_download = false;
  base::Power promotion_power;
  base::Duration promotion_duration;
  std::vector<TailPhase> tail;  // in the order in which the radio goes through them
  /// For each number or group of numbers: where it is from and of what year.
  std::vector<std::pair<std::string, std::string>> sources;
};

/// Phases of a tail at most.
inline constexpr std::size_t kTailPhasesMax = 4;

inline base::Power transmit_power(const NetworkProfile& network, base::DataRate rate) {
  return network.alpha_up * rate + network.beta;
}
inline base::Power receive_power(const NetworkProfile& network, base::DataRate rate) {
  return network.alpha_down * rate + network.beta;
}

/// Reads a file; throws ConfigError with everything that is wrong in it.
NetworkProfile read_network(const std::filesystem::path& path);
/// The network that a scenario names: one shipped in platforms/networks, or a path relative to
/// `relative_to`. `where` is the place of the reference, for the error.
NetworkProfile find_network(const std::string& reference, const std::filesystem::path& relative_to,
                            const std::string& where);
/// For profiles inside other files: adds to the value's Problems, never throws for wrong values.
NetworkProfile network_from_json(const base::JsonValue& value);

}  // namespace edgecut::platforms
