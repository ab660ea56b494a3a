#include "platforms/network.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "base/json_reader.hpp"
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

TEST_CASE("LTE's states keep the published mean power of its whole tail") {
  const NetworkProfile lte = shipped("lte");
  const RadioTiming radio(lte);
  CHECK(in_milliseconds(radio.tail_duration()) == doctest::Approx(11576));
  CHECK(in_joules(radio.tail_energy(base::kForever)) ==
        doctest::Approx(1.060 * 11.576).epsilon(1e-8));
  REQUIRE(lte.tail.size() == 3);
  CHECK(lte.tail[0].power == lte.beta);
  CHECK_FALSE(lte.tail[0].listening.has_value());
  CHECK(lte.tail[1].listening->sleep_power == lte.tail[2].listening->sleep_power);
}

TEST_CASE("idle radios take the published power of paging and beacons in the mean") {
  struct Row {
    const char* name;
    double on_ms, cycle_ms, on_mw;
  };
  for (const Row& row : {Row{"lte", 43.2, 1280.2, 594.3}, Row{"3g", 55.4, 5112.4, 374.2},
                         Row{"wifi", 7.6, 308.2, 77.2}}) {
    CAPTURE(row.name);
    const NetworkProfile network = shipped(row.name);
    REQUIRE(network.idle.has_value());
    CHECK(1e3 * in_watts(platforms::mean_power(*network.idle)) ==
          doctest::Approx(row.on_mw * row.on_ms / row.cycle_ms));
    CHECK(network.answers_wait);
  }
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

namespace {

// What the reader says of a radio with these keys added.
std::string radio_error(const std::string& keys) {
  return error_of(R"({"name": "x", "title": "y", "uplink_mbps": 1, "sources": {}, "radio": {
      "alpha_up_mw_per_mbps": 1, "alpha_down_mw_per_mbps": 1, "beta_mw": 1, )" +
                  keys + "}}");
}

// Short DRX and long DRX of 2 and 5 s after a second of listening, then paging every 10 s.
NetworkProfile sleepy() {
  NetworkProfile network = two_phases();
  const platforms::ListeningCycle two_s = {seconds(2), seconds(0.5), watts(1), watts(0.2)};
  const platforms::ListeningCycle five_s = {seconds(5), seconds(0.5), watts(1), watts(0.2)};
  network.tail = {{watts(1), seconds(1)},
                  {platforms::mean_power(two_s), seconds(4), "short", two_s},
                  {platforms::mean_power(five_s), seconds(7), "long", five_s}};
  network.idle = platforms::ListeningCycle{seconds(10), seconds(1), watts(0.6), watts(0)};
  network.answers_wait = true;
  return network;
}

}  // namespace

TEST_CASE("the mean power of a state that listens in cycles follows from its parts") {
  CHECK(in_watts(platforms::mean_power({seconds(2), seconds(0.5), watts(1), watts(0.2)})) ==
        doctest::Approx((0.5 * 1 + 1.5 * 0.2) / 2));
}

TEST_CASE("an answer waits for the next on-duration, counted from the state's beginning") {
  const RadioTiming radio(sleepy());
  const auto heard = [&](double after_s) {
    return base::in_seconds(radio.heard_after(seconds(after_s)));
  };
  CHECK(heard(0) == 0);
  CHECK(heard(0.7) == 0.7);  // the radio listens all the time
  CHECK(heard(1.4) == 1.4);  // in the first on-duration of short DRX
  CHECK(heard(1.5) == 3);
  CHECK(heard(2.9) == doctest::Approx(3));
  CHECK(heard(3.25) == 3.25);
  CHECK(heard(4) == 5);       // short DRX ends with its second cycle
  CHECK(heard(6) == 10);      // long DRX: from 5 and from 10 s on
  CHECK(heard(10.75) == 12);  // a third cycle does not begin: idle does, and listens
  CHECK(heard(12.5) == 12.5);
  CHECK(heard(13) == 22);  // paging
  CHECK(heard(40) == doctest::Approx(42));
}

TEST_CASE("a state of a whole number of cycles has not one more by rounding") {
  NetworkProfile network = sleepy();
  for (int cycles = 1; cycles < 200; ++cycles) {
    const platforms::ListeningCycle cycle = {milliseconds(40.1), milliseconds(1.5), watts(1),
                                             watts(0)};
    network.tail = {{watts(1), milliseconds(100)},
                    {watts(1), cycles * milliseconds(40.1), "long", cycle}};
    const RadioTiming radio(network);
    const auto late = radio.tail_duration() - milliseconds(3.7);
    CHECK(radio.heard_after(late) == radio.tail_duration());
    CHECK(radio.gap_cost(radio.heard_after(late)).promotion > base::joules(0));
  }
}

TEST_CASE("without answers that wait every answer is heard at once") {
  NetworkProfile network = sleepy();
  network.answers_wait = false;
  const RadioTiming radio(network);
  for (const double after_s : {0.0, 1.7, 4.2, 11.9, 13.0, 1e6}) {
    CHECK(radio.heard_after(seconds(after_s)) == seconds(after_s));
  }
}

TEST_CASE("what is wrong with the states of a radio is said with its place") {
  const std::string cycle =
      R"("cycle_ms": 20, "on_ms": 1, "on_power_mw": 1680, "sleep_power_mw": 1000)";
  CHECK(radio_error(R"("tail": [{"duration_ms": 5, "drx": {)" + cycle + "}}]") == "");
  CHECK(radio_error(R"("idle": {"cycle_ms": 20, "on_ms": 1, "on_power_mw": 600})") == "");
  CHECK(has(radio_error(R"("tail": [{"duration_ms": 5}])"),
            "n.json#/radio/tail/0: missing key \"power_mw\" (or \"drx\""));
  CHECK(has(radio_error(R"("tail": [{"duration_ms": 5, "power_mw": 3, "drx": {)" + cycle + "}}]"),
            "n.json#/radio/tail/0: give either \"power_mw\" or \"drx\""));
  CHECK(has(radio_error(R"("idle": {"cycle_ms": 20, "on_ms": 21, "on_power_mw": 600})"),
            "n.json#/radio/idle: \"on_ms\" is a part of \"cycle_ms\""));
  CHECK(has(radio_error(R"("idle": {"cycle_ms": 0, "on_ms": 0, "on_power_mw": 600})"),
            "n.json#/radio/idle/cycle_ms: expected a number in [0.1, 1e+06], got 0"));
  CHECK(has(radio_error(R"("idle": {"cycle_ms": 20, "on_mss": 1, "on_power_mw": 600})"),
            "n.json#/radio/idle/on_mss: unknown key, did you mean \"on_ms\"?"));
  CHECK(has(radio_error(R"("tail": [{"duration_ms": 5, "drx": {"cycle_ms": 20, "on_ms": 1,
                            "on_power_mw": 3}}])"),
            "n.json#/radio/tail/0/drx: missing key \"sleep_power_mw\""));
  CHECK(has(radio_error(R"("answers_wait": true)"), "needs a state that sleeps"));
  CHECK(has(radio_error(R"("tail": [{"duration_ms": 5, "power_mw": 3, "state": "idle"}])"),
            "two states have the name \"idle\""));
}

TEST_CASE("states without a name are numbered where there are several") {
  NetworkProfile network = two_phases();
  CHECK(platforms::tail_state_name(network, 0) == "tail 1");
  CHECK(platforms::tail_state_name(network, 1) == "tail 2");
  network.tail.pop_back();
  CHECK(platforms::tail_state_name(network, 0) == "tail");
  network.tail[0].state = "DCH";
  CHECK(platforms::tail_state_name(network, 0) == "DCH");
}
