#include "platforms/network.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "platforms/radio.hpp"

using namespace edgecut;
using base::bytes;
using base::in_joules;
using base::in_milliseconds;
using base::in_watts;
using base::megabits_per_s;
using base::milliseconds;
using base::seconds;
using base::watts;
using platforms::GapCost;
using platforms::NetworkProfile;
using platforms::RadioTiming;

namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(EDGECUT_SOURCE_DIR) / "platforms/networks";

NetworkProfile shipped(const std::string& name) {
  NetworkProfile network = platforms::read_network(kFolder / (name + ".json"));
  CHECK(network.name == name);
  return network;
}

std::string error_of(const std::string& text) {
  const auto document = base::JsonDocument::from_text(text, "n.json");
  base::Problems problems;
  static_cast<void>(platforms::network_from_json(document.root(problems)));
  return problems.empty() ? "" : base::ConfigError(problems.list()).what();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// DCH 0.8 W for 8 s, then FACH 0.6 W for 2 s; promotion 0.5 W for 0.5 s.
NetworkProfile two_phases() {
  NetworkProfile network;
  network.promotion_power = watts(0.5);
  network.promotion_duration = seconds(0.5);
  network.tail = {{watts(0.8), seconds(8)}, {watts(0.6), seconds(2)}};
  return network;
}

}  // namespace

TEST_CASE("the networks of the study upload its image in the times that it reports") {
  const auto image = bytes(154'587);
  const std::vector<std::pair<std::string, double>> times_ms = {
      {"wifi-2015", 100.1}, {"lte-2015", 226.4}, {"3g-2015", 864.7}};
  for (const auto& row : times_ms) {
    const std::string& name = row.first;
    const double ms = row.second;
    CAPTURE(name);
    const NetworkProfile network = shipped(name);
    CHECK(std::abs(in_milliseconds(image / *network.uplink) - ms) < 0.05);
    CHECK_FALSE(network.charges_download);
    CHECK(network.uplink_latency == seconds(0));
    CHECK_FALSE(RadioTiming(network).is_stateful());
  }
}

TEST_CASE("the networks with latency and states have the published figures") {
  const NetworkProfile lte = shipped("lte");
  CHECK(*lte.uplink == megabits_per_s(5.5));
  CHECK(*lte.downlink == megabits_per_s(24.3));
  CHECK(lte.charges_download);
  CHECK(in_milliseconds(lte.uplink_latency + lte.downlink_latency) == doctest::Approx(73));
  CHECK(in_watts(platforms::transmit_power(lte, *lte.uplink)) ==
        doctest::Approx((438.39 * 5.5 + 1288.04) * 1e-3));
  CHECK(in_watts(platforms::receive_power(lte, *lte.downlink)) ==
        doctest::Approx((51.97 * 24.3 + 1288.04) * 1e-3));
  CHECK(in_milliseconds(lte.promotion_duration) == doctest::Approx(260.1));
  const NetworkProfile umts = shipped("3g");
  CHECK(in_joules(RadioTiming(umts).tail_energy(base::kForever)) ==
        doctest::Approx(0.8039 * 8.088 + 0.6013 * 0.824));
  CHECK(in_milliseconds(RadioTiming(shipped("wifi")).tail_duration()) == doctest::Approx(238.1));
}

TEST_CASE("the ideal network has no transfer time") {
  const NetworkProfile ideal = shipped("ideal");
  CHECK_FALSE(ideal.uplink.has_value());
  CHECK_FALSE(ideal.downlink.has_value());
}

TEST_CASE("every shipped network names its sources") {
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    CAPTURE(entry.path().string());
    CHECK(platforms::read_network(entry.path()).sources.size() > 0);
  }
}

TEST_CASE("a network file's mistakes are all named at once") {
  const std::string error = error_of(R"({"name": "x", "uplink_mbps": -1, "charges_download": true,
      "radio": {"alpha_up_mw_per_mbps": "a", "beta_mw": 1, "tails": []}, "sources": {"a": 3}})");
  CHECK(has(error, "n.json#: missing key \"title\""));
  CHECK(has(error, "n.json#/uplink_mbps: expected a number in [1e-06, "));
  CHECK(has(error, "missing key \"downlink_mbps\""));
  CHECK(has(error, "n.json#/radio/alpha_up_mw_per_mbps"));
  CHECK(has(error, "missing key \"alpha_down_mw_per_mbps\""));
  CHECK(has(error, "n.json#/radio/tails: unknown key, did you mean \"tail\"?"));
  CHECK(has(error, "n.json#/sources/a: expected a string"));
}

TEST_CASE("no uplink rate is a choice to be stated, not an omission") {
  CHECK(has(error_of(R"({"name": "x", "title": "y", "sources": {}})"), "\"uplink_mbps\""));
  CHECK(has(error_of(R"({"name": "x", "title": "y", "sources": {}, "instant_transfer": true,
                        "uplink_mbps": 3})"),
            "instant_transfer"));
  CHECK(error_of(R"({"name": "x", "title": "y", "sources": {}, "instant_transfer": true})") == "");
}

TEST_CASE("a tail of more phases than the radio holds is refused") {
  std::string phases;
  for (std::size_t i = 0; i <= platforms::kTailPhasesMax; ++i) {
    phases += std::string(i > 0 ? "," : "") + R"({"power_mw": 1, "duration_ms": 1})";
  }
  CHECK(has(error_of(R"({"name": "x", "title": "y", "uplink_mbps": 1, "sources": {}, "radio": {
      "alpha_up_mw_per_mbps": 1, "alpha_down_mw_per_mbps": 1, "beta_mw": 1, "tail": [)" +
                     phases + "]}}"),
            "#/radio/tail: expected at most 4 phases, got 5"));
}

TEST_CASE("a transfer during the tail starts at once and pays the tail so far") {
  const RadioTiming radio(two_phases());
  CHECK(radio.is_stateful());
  const GapCost early = radio.gap_cost(seconds(3));
  CHECK(early.promotion_delay == seconds(0));
  CHECK(early.promotion == base::joules(0));
  CHECK(in_joules(early.tail) == doctest::Approx(0.8 * 3));
  CHECK(in_joules(radio.gap_cost(seconds(9)).tail) == doctest::Approx(0.8 * 8 + 0.6 * 1));
}

TEST_CASE("a transfer after the tail pays all of it and a promotion") {
  const RadioTiming radio(two_phases());
  for (const auto idle : {seconds(10), seconds(11), base::kForever}) {
    const GapCost late = platforms::gap_cost(radio, idle);
    CHECK(late.promotion_delay == seconds(0.5));
    CHECK(in_joules(late.promotion) == doctest::Approx(0.5 * 0.5));
    CHECK(in_joules(late.tail) == doctest::Approx(0.8 * 8 + 0.6 * 2));
  }
  CHECK(radio.cold_start().promotion_delay == seconds(0.5));
  CHECK(radio.cold_start().tail == base::joules(0));
}

TEST_CASE("a radio without tail and promotion costs nothing between transfers") {
  const RadioTiming radio{NetworkProfile{}};
  CHECK_FALSE(radio.is_stateful());
  const GapCost cost = radio.gap_cost(seconds(5));
  CHECK(cost.promotion_delay == seconds(0));
  CHECK(cost.promotion + cost.tail == base::joules(0));
}
