// An access network as a mobile node sees it: rates, latencies and what the radio costs.
//
// While data flows the radio takes alpha * rate + beta on top of the idle board (Huang et al.,
// MobiSys 2012, equation 1). What it does between transfers is in platforms/radio.hpp: promotion,
// the states of the tail, idle with its paging. Ignored: signal strength (rates come from the
// profile or a trace), retransmissions.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json_fwd.hpp"
#include "base/quantity.hpp"

namespace edgecut::platforms {

/// How a radio that sleeps listens: for `on` at the start of every cycle, asleep for the rest.
struct ListeningCycle {
  base::Duration cycle;  // > 0
  base::Duration on;     // <= cycle
  base::Power on_power;
  base::Power sleep_power;
};

inline base::Power mean_power(const ListeningCycle& listening) {
  return (listening.on_power * listening.on +
          listening.sleep_power * (listening.cycle - listening.on)) /
         listening.cycle;
}

/// A stretch of the tail: the radio stays in one state for `duration` after the last transfer.
struct TailPhase {
  base::Power power;  // the mean, where the radio listens in cycles
  base::Duration duration;
  std::string state = {};                        // a name; empty: see `tail_state_name`
  std::optional<ListeningCycle> listening = {};  // nothing: it listens all the time
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
  /// After the tail: paging (LTE, 3G), beacons (Wi-Fi). Nothing: idle takes nothing and listens.
  std::optional<ListeningCycle> idle;
  std::string idle_state = "idle";
  /// Whether an answer waits at the base station until the radio listens.
  bool answers_wait = false;
  /// For each number or group of numbers: where it is from and of what year.
  std::vector<std::pair<std::string, std::string>> sources;
};

/// Phases of a tail at most.
inline constexpr std::size_t kTailPhasesMax = 4;

/// The name of a state of the tail: the file's, else "tail", or "tail 2" where there are several.
std::string tail_state_name(const NetworkProfile& network, std::size_t phase);

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
