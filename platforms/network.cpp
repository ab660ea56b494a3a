#include "platforms/network.hpp"

#include "base/file.hpp"

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
    base::JsonObject object = phase.object();
    static_cast<void>(object.string_or("state", ""));
    const base::Power phase_power = base::watts(object.number("power_mw", power) * 1e-3);
    const auto duration = base::milliseconds(object.number("duration_ms", time));
    network.tail.push_back({phase_power, duration});
    object.finish();
  }
  radio.finish();
}

}  // namespace

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
