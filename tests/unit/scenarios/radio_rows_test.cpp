// Energy by state and battery life, against hand arithmetic for nodes whose queries never meet.
#include "scenarios/radio_rows.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "scenarios/radio_use.hpp"
#include "support.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;
using namespace edgecut::scenarios::testing;
using edgecut::testing::SingleRun;

namespace {

// The shipped "lte" profile; powers in W, times in s.
constexpr double kPromotion = 0.2601;
constexpr double kPromotionPower = 1.2107;
constexpr double kTail = 11.576;
constexpr double kTailPower = 1.06;
constexpr double kIdlePower = 0.5943 * 43.2 / 1280.2;
constexpr double kBoardIdle = 1.95;  // Jetson TK1

// AlexNet every `gap_s` on one board over LTE.
json every(double gap_s, const std::string& policy) {
  json document = dnn();
  document["workload"]["queries"] = json::parse(R"([{"model": "imc"}])");
  document["workload"]["arrivals"] = {{"process", "deterministic"}, {"rate_per_s", 1 / gap_s}};
  document["fleet"][0]["network"] = "lte";
  document["fleet"][0]["battery_wh"] = 10;
  document["policies"] = {policy};
  document["stop"] = {{"queries", 2000}};
  return document;
}

double estimated(const SingleRun& run, const std::string& name, double scenarios::StateUse::*member,
                 bool by_query) {
  const auto radio = scenarios::group_radio(run.scenario.model, run.outcome(), 0);
  double sum = 0;
  double weight = 0;
  for (const auto& batch : radio.batches) {
    for (const scenarios::StateUse& state : batch.states) {
      sum += state.state == name ? state.*member : 0;
    }
    weight += by_query ? batch.queries : batch.node_s;
  }
  return sum / weight;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a query that finds the radio idle pays a promotion and its gap's tail") {
  constexpr double kGap = 60;  // longer than the tail
  const SingleRun run(every(kGap, "cloud-only"));
  const auto by_query = [&](const std::string& state) {
    return estimated(run, state, &scenarios::StateUse::energy_j, true);
  };
  const double answer = 0.0784;  // from upload to answer the radio is in its tail too
  CHECK(by_query("promotion") == doctest::Approx(kPromotionPower * kPromotion));
  CHECK(by_query("long DRX") == doctest::Approx(kTailPower * kTail).epsilon(0.02));
  const double states =
      by_query("continuous reception") + by_query("short DRX") + by_query("long DRX");
  CHECK(states == doctest::Approx(kTailPower * kTail + 1.28804 * answer).epsilon(1e-3));
  const double upload = 8.0 * 154587 / 5.5e6;
  CHECK(by_query("active up") == doctest::Approx(8.0 * 154587 * 438.39e-9 + 1.28804 * upload));
  const double idle_share = 1 - (kPromotion + upload + answer + kTail) / kGap;
  CHECK(estimated(run, "idle", &scenarios::StateUse::time_s, false) ==
        doctest::Approx(idle_share).epsilon(1e-3));
}

TEST_CASE("a battery feeds the idle board, its layers and a radio that pages") {
  constexpr double kGap = 5;
  const SingleRun run(every(kGap, "device-only"));
  const auto& cut = run.scenario.model.costs_of(0, 0).truth.cuts.back();
  const double busy = base::in_seconds(cut.device_time) / kGap;
  const double watts =
      kBoardIdle * (1 - busy) + base::in_joules(cut.device_energy) / kGap + kIdlePower;
  const auto radio = scenarios::group_radio(run.scenario.model, run.outcome(), 0);
  const auto power = scenarios::group_power(run.scenario.model.groups[0], radio, 0.95);
  CHECK(power.radio_w->value == doctest::Approx(kIdlePower));
  CHECK(power.power_w->value == doctest::Approx(watts).epsilon(1e-3));
  CHECK(power.battery_life_h->value == doctest::Approx(10 / watts).epsilon(1e-3));
  CHECK(power.battery_life_h->value * power.power_w->value == doctest::Approx(10));
  REQUIRE(power.battery_life_h->half_width.has_value());
  CHECK(*power.battery_life_h->half_width < 0.01 * power.battery_life_h->value);
}

TEST_CASE("a state has a row for each policy and group with a radio") {
  json document = every(1, "cloud-only");
  document["fleet"].push_back(document["fleet"][0]);
  document["fleet"][1]["network"] = "wifi-2015";
  document["fleet"].push_back(document["fleet"][0]);
  document["fleet"][2]["network"] = "ideal";
  document["policies"] = {"cloud-only", "device-only"};
  const auto scenario = read(document);
  const auto results = scenarios::run_policies(scenario, {});
  // promotion, active up and down, idle; LTE has three more
  CHECK(lines(scenarios::radio_csv(scenario, results)) == 1 + 2 * (7 + 4));
  CHECK(lines(scenarios::power_csv(scenario, results)) == 1 + 2 * 3);
}

TEST_CASE("battery lives are told of the groups that have a battery") {
  json document = every(1, "cloud-only");
  document["fleet"].push_back(document["fleet"][0]);
  document["fleet"][1].erase("battery_wh");
  document["fleet"][1]["name"] = "mains";
  document["fleet"][0]["name"] = "phones";
  const auto scenario = read(document);
  const auto results = scenarios::run_policies(scenario, {});
  const std::string table = scenarios::battery_table(scenario, results);
  CHECK(table.find("phones") != std::string::npos);
  CHECK(table.find("mains") == std::string::npos);
  CHECK(table.find(" h ±") != std::string::npos);
  document["fleet"][0].erase("battery_wh");
  const auto without_battery = read(document);
  CHECK(scenarios::battery_table(without_battery, results).empty());
}

TEST_CASE("an overloaded policy has no battery life, but what its radio took is told") {
  json document = every(0.01, "cloud-only");
  document["allow_overload"] = true;
  const auto scenario = read(document);
  const auto results = scenarios::run_policies(scenario, {});
  REQUIRE(results[0].outcome.verdict == sim::Verdict::kOverloaded);
  CHECK(scenarios::battery_table(scenario, results).find("-\n") != std::string::npos);
  const auto radio = scenarios::group_radio(scenario.model, results[0].outcome, 0);
  CHECK(radio.whole_run[1].energy_j > 0);
  CHECK(scenarios::radio_csv(scenario, results).find(",,,,,\n") != std::string::npos);
}
