#include "platforms/network.hpp"

#include <algorithm>
#include <set>

#include "base/file.hpp"
#include "base/json_reader.hpp"

namespace edgecut::platforms {
namespace {

using base::Range;

// mW per Mbit/s, the unit of the published tables.
base::EnergyPerBit energy_per_bit(double mw_per_mbps) {
  return base::joules_per_bit(mw_per_mbps * 1e-9);
}

constexpr double kRateMinMbps = 1e-6;
constexpr double kRateMaxMbps = 1e6;
constexpr double kPowerMaxMw = 1e5;
constexpr double kTimeMaxMs = 1e6;
constexpr double kCycleMinMs = 0.1;  // less is no cycle of a radio, but a unit mistaken

void read_rates(base::JsonObject& object, NetworkProfile& network) {
  const bool instant = object.boolean_or("instant_transfer", false);
  const auto uplink =
      object.optional_number("uplink_mbps", Range::between(kRateMinMbps, kRateMaxMbps));
  const auto downlink =
      object.optional_number("downlink_mbps", Range::between(kRateMinMbps, kRateMaxMbps));
  network.charges_download = object.boolean_or("charges_download", false);
  if (instant && (uplink || downlink)) {
    object.problem(
        "\"instant_transfer\" leaves no place for \"uplink_mbps\" and \"downlink_mbps\"");
  }
  if (!instant && !uplink) {
    object.problem(
        "missing key \"uplink_mbps\" (or \"instant_transfer\": true, for no transfer time)");
  }
  if (!instant && network.charges_download && !downlink) {
    object.problem("missing key \"downlink_mbps\", which \"charges_download\" needs");
  }
  if (uplink) {
    network.uplink = base::megabits_per_s(*uplink);
  }
  if (downlink) {
    network.downlink = base::megabits_per_s(*downlink);
  }
}

// The keys of a listening cycle. Without a default the power asleep must be given.
ListeningCycle read_cycle(base::JsonObject& object, std::optional<double> sleep_default_mw) {
  const Range power = Range::between(0, kPowerMaxMw);
  ListeningCycle listening;
  listening.cycle =
      base::milliseconds(object.number("cycle_ms", Range::between(kCycleMinMs, kTimeMaxMs)));
  listening.on = base::milliseconds(object.number("on_ms", Range::between(0, kTimeMaxMs)));
  listening.on_power = base::watts(object.number("on_power_mw", power) * 1e-3);
  const double asleep_mw = sleep_default_mw
                               ? object.number_or("sleep_power_mw", *sleep_default_mw, power)
                               : object.number("sleep_power_mw", power);
  listening.sleep_power = base::watts(asleep_mw * 1e-3);
  if (listening.on > listening.cycle && listening.cycle > base::seconds(0)) {
    object.problem("\"on_ms\" is a part of \"cycle_ms\", so not longer");
  }
  return listening;
}

TailPhase read_phase(const base::JsonValue& value) {
  base::JsonObject object = value.object();
  TailPhase phase;
  phase.state = object.string_or("state", "");
  phase.duration = base::milliseconds(object.number("duration_ms", Range::between(0, kTimeMaxMs)));
  const auto power = object.optional_number("power_mw", Range::between(0, kPowerMaxMw));
  const auto drx = object.find("drx");
  if (power) {
    phase.power = base::watts(*power * 1e-3);
  }
  if (drx) {
    base::JsonObject cycle = drx->object();
    phase.listening = read_cycle(cycle, std::nullopt);
    cycle.finish();
    phase.power = mean_power(*phase.listening);
  }
  if (power && drx) {
    object.problem("give either \"power_mw\" or \"drx\", from which the mean power follows");
  } else if (!object.has("power_mw") && !drx) {
    object.problem("missing key \"power_mw\" (or \"drx\", from which the mean power follows)");
  }
  object.finish();
  return phase;
}

// Results name the states.
void check_state_names(const base::JsonValue& radio, const NetworkProfile& network) {
  std::set<std::string> names = {"promotion", "active up", "active down"};
  const auto add = [&](const std::string& name) {
    if (!names.insert(name).second) {
      radio.problem("two states have the name \"" + name + "\"");
    }
  };
  for (std::size_t i = 0; i < network.tail.size(); ++i) {
    add(tail_state_name(network, i));
  }
  add(network.idle_state);
}

void read_radio(const base::JsonValue& value, NetworkProfile& network) {
  base::JsonObject radio = value.object();
  const Range power = Range::between(0, kPowerMaxMw);
  const Range time = Range::between(0, kTimeMaxMs);
  network.alpha_up = energy_per_bit(radio.number("alpha_up_mw_per_mbps", power));
  network.alpha_down = energy_per_bit(radio.number("alpha_down_mw_per_mbps", power));
  network.beta = base::watts(radio.number("beta_mw", power) * 1e-3);
  if (const auto promotion = radio.find("promotion")) {
    base::JsonObject object = promotion->object();
    network.promotion_power = base::watts(object.number("power_mw", power) * 1e-3);
    network.promotion_duration = base::milliseconds(object.number("duration_ms", time));
    object.finish();
  }
  const auto phases = radio.array_or_empty("tail");
  if (phases.size() > kTailPhasesMax) {
    phases.front().problems().add(value.where() + "/tail",
                                  "expected at most " + std::to_string(kTailPhasesMax) +
                                      " phases, got " + std::to_string(phases.size()));
  }
  for (const base::JsonValue& phase : phases) {
    network.tail.push_back(read_phase(phase));
  }
  if (const auto idle = radio.find("idle")) {
    base::JsonObject object = idle->object();
    network.idle_state = object.string_or("state", network.idle_state);
    network.idle = read_cycle(object, 0);
    object.finish();
  }
  check_state_names(value, network);
  const bool listens_in_cycles =
      network.idle || std::any_of(network.tail.begin(), network.tail.end(),
                                  [](const TailPhase& phase) { return phase.listening; });
  const bool wait = radio.boolean_or("answers_wait", listens_in_cycles);
  network.answers_wait = wait && network.charges_download;
  if (wait && !listens_in_cycles) {
    radio.problem("\"answers_wait\" needs a state that sleeps: one with \"drx\", or \"idle\"");
  }
  radio.finish();
}

}  // namespace

std::string tail_state_name(const NetworkProfile& network, std::size_t phase) {
  const std::string& given = network.tail[phase].state;
  if (!given.empty()) {
    return given;
  }
  return network.tail.size() == 1 ? "tail" : "tail " + std::to_string(phase + 1);
}

NetworkProfile network_from_json(const base::JsonValue& value) {
  base::JsonObject object = value.object();
  NetworkProfile network;
  static_cast<void>(object.string_or("$schema", ""));
  network.name = object.string("name");
  network.title = object.string("title");
  read_rates(object, network);
  const Range latency = Range::between(0, kTimeMaxMs);
  network.uplink_latency = base::milliseconds(object.number_or("uplink_latency_ms", 0, latency));
  network.downlink_latency =
      base::milliseconds(object.number_or("downlink_latency_ms", 0, latency));
  if (network.uplink) {
    if (const auto radio = object.require("radio")) {
      read_radio(*radio, network);
    }
  } else if (const auto radio = object.find("radio")) {
    read_radio(*radio, network);
  }
  if (const auto sources = object.require("sources")) {
    base::JsonObject list = sources->object();
    for (const auto& [key, source] : list.members()) {
      network.sources.emplace_back(key, source.string());
    }
  }
  object.finish();
  return network;
}

NetworkProfile read_network(const std::filesystem::path& path) {
  const auto document = base::JsonDocument::from_file(path);
  base::Problems problems;
  NetworkProfile network = network_from_json(document.root(problems));
  problems.throw_if_any();
  return network;
}

NetworkProfile find_network(const std::string& reference, const std::filesystem::path& relative_to,
                            const std::string& where) {
  return read_network(
      base::resolve_data(reference, "platforms/networks", ".json", relative_to, where, "network"));
}

}  // namespace edgecut::platforms
