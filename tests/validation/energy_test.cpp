// Hand arithmetic for single queries, stage by stage, over each kind of network. Times in s,
// energies in J. Recorded arrivals give exact instants; the run drains after the last one.
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "support/scenario_run.hpp"

using namespace edgecut;
using base::in_joules;
using base::in_seconds;
using nlohmann::json;
using testing::SingleRun;
using testing::TempFolder;

namespace {

constexpr double kMilli = 1e-3;
constexpr double kMega = 1e6;
constexpr double kImageBits = 8.0 * 154587;  // of AlexNet's input

// The shipped "lte" profile (Huang et al., MobiSys 2012; rates: Kang et al., ASPLOS 2017).
namespace lte {
constexpr double kUplink = 5.5 * kMega;
constexpr double kDownlink = 24.3 * kMega;
constexpr double kLatency = 36.5 * kMilli;
constexpr double kAlphaUp = 438.39 * kMilli / kMega;  // J a bit
constexpr double kAlphaDown = 51.97 * kMilli / kMega;
constexpr double kBeta = 1288.04 * kMilli;
constexpr double kPromotion = 260.1 * kMilli;
constexpr double kPromotionPower = 1210.7 * kMilli;
constexpr double kTail = 11576 * kMilli;
constexpr double kTailPower = 1060.0 * kMilli;
}  // namespace lte

json scenario_of(const json& group, const json& policy) {
  json node = {{"count", 1}, {"device", "jetson-tk1-gpu"}, {"trace_offset", "none"}};
  node.update(group);
  return {{"name", "by-hand"},
          {"workload",
           {{"queries", {{{"model", "imc"}}}},
            {"arrivals", {{"process", "replay"}, {"file", "arrivals.csv"}}}}},
          {"fleet", json::array({node})},
          {"cloud", {{"server", "tesla-k40"}}},
          {"policies", json::array({policy})}};
}

const predictors::CutCost& cost(const SingleRun& run, std::uint32_t cut) {
  return run.scenario.model.costs_of(0, 0).truth.cuts[cut];
}

sim::QueryLog log_of(const SingleRun& run) {
  return testing::sorted_log(run.results.front().queries);
}

void check_time(base::Duration time, double expected_s) {
  CHECK(in_seconds(time) == doctest::Approx(expected_s).epsilon(1e-12));
}

void check_energy(base::Energy energy, double expected_j) {
  CHECK(in_joules(energy) == doctest::Approx(expected_j).epsilon(1e-12));
}

}  // namespace

TEST_CASE("a network of 2015: upload time and transmit power, nothing else") {
  constexpr double kRate = 5.4625 * kMega;
  TempFolder folder;
  folder.write("arrivals.csv", "time_s\n2.5\n");
  const SingleRun run(scenario_of({{"network", "lte-2015"}}, "cloud-only"), folder.path(), true);
  const sim::QueryLog log = log_of(run);
  REQUIRE(log.size() == 1);
  const sim::QueryRecord& query = log[0];
  const double upload = kImageBits / kRate;
  const double server = in_seconds(cost(run, 0).server_time);
  check_time(query.issued_at, 2.5);
  check_time(query.device_end, 2.5);
  check_time(query.upload_start, 2.5);
  check_time(query.upload_end, 2.5 + upload);
  check_time(query.server_arrival, 2.5 + upload);
  check_time(query.server_start, 2.5 + upload);
  check_time(query.server_end, 2.5 + upload + server);
  check_time(query.completed_at, 2.5 + upload + server);
  check_energy(query.energy.compute, 0);
  check_energy(query.energy.transmit, (lte::kAlphaUp * kRate + lte::kBeta) * upload);
  check_energy(query.energy.receive, 0);
  check_energy(query.energy.promotion, 0);
  check_energy(query.energy.tail, 0);
  check_energy(run.outcome().unattributed_tail, 0);
}

TEST_CASE("LTE with all its effects: from idle, within the tail, and after it") {
  TempFolder folder;
  folder.write("arrivals.csv", "time_s\n1\n5\n60\n");
  const SingleRun run(scenario_of({{"network", "lte"}}, "cloud-only"), folder.path(), true);
  const sim::QueryLog log = log_of(run);
  REQUIRE(log.size() == 3);
  const double upload = kImageBits / lte::kUplink;
  const double server = in_seconds(cost(run, 0).server_time);
  const double answer_bits = base::in_bits(cost(run, 0).download);
  const double download = answer_bits / lte::kDownlink;
  const double away = lte::kLatency + server + lte::kLatency;  // the radio waits for the answer
  REQUIRE(answer_bits > 0);
  REQUIRE(away < lte::kTail);
  const double wakes[] = {1 + lte::kPromotion, 5, 60 + lte::kPromotion};
  const double done[] = {wakes[0] + upload + away + download, wakes[1] + upload + away + download};
  const double tail_before[] = {0, 5 - done[0], lte::kTail};
  for (std::size_t i = 0; i < log.size(); ++i) {
    CAPTURE(i);
    const double sent = wakes[i] + upload;
    check_time(log[i].upload_start, wakes[i]);
    check_time(log[i].upload_end, sent);
    check_time(log[i].server_arrival, sent + lte::kLatency);
    check_time(log[i].server_end, sent + lte::kLatency + server);
    check_time(log[i].completed_at, sent + away + download);
    check_energy(log[i].energy.compute, 0);
    check_energy(log[i].energy.transmit, lte::kAlphaUp * kImageBits + lte::kBeta * upload);
    check_energy(log[i].energy.receive, lte::kAlphaDown * answer_bits + lte::kBeta * download);
    check_energy(log[i].energy.promotion, i == 1 ? 0 : lte::kPromotionPower * lte::kPromotion);
    check_energy(log[i].energy.tail, lte::kTailPower * (tail_before[i] + away));
  }
}

TEST_CASE("the energy after a node's last transfer is told apart") {
  TempFolder folder;
  folder.write("arrivals.csv", "time_s,node\n1,0\n4,1\n");
  json scenario = scenario_of({{"network", "lte"}}, "cloud-only");
  scenario["fleet"][0]["count"] = 2;
  const SingleRun run(scenario, folder.path(), true);
  const sim::QueryLog log = log_of(run);
  REQUIRE(log.size() == 2);
  const double idle = in_seconds(log[1].completed_at - log[0].completed_at);
  REQUIRE(idle < lte::kTail);
  check_energy(run.outcome().unattributed_tail, lte::kTailPower * idle);
}

TEST_CASE("a transfer across steps and an outage ends where the bits are through") {
  constexpr double kStart = 1.9;
  constexpr double kFast = 8 * kMega;
  constexpr double kSlow = 2 * kMega;
  constexpr double kAlphaUp = 283.17 * kMilli / kMega;
  constexpr double kBeta = 132.86 * kMilli;
  TempFolder folder;
  folder.write("arrivals.csv", "time_s\n1.9\n");
  folder.write("steps.csv", "time_s,rate_mbps\n0,8\n1,8\n2,0\n3,2\n");
  const SingleRun run(scenario_of({{"network", "wifi-2015"}, {"trace", "steps.csv"}}, "cloud-only"),
                      folder.path(), true);
  const sim::QueryLog log = log_of(run);
  REQUIRE(log.size() == 1);
  const double end = 3 + (kImageBits - (2 - kStart) * kFast) / kSlow;
  check_time(log[0].upload_start, kStart);
  check_time(log[0].upload_end, end);
  check_energy(log[0].energy.transmit, kAlphaUp * kImageBits + kBeta * (end - kStart));
}

TEST_CASE("a split query computes, uploads the cut's tensor and ends on the server") {
  constexpr double kRate = 12.3552 * kMega;
  constexpr double kTensorBits = 256.0 * 6 * 6 * 32;  // pool5, fp32
  TempFolder folder;
  // The second query waits for the processor, then for the radio.
  folder.write("arrivals.csv", "time_s\n1\n1.001\n");
  const json policy = {{"policy", "fixed-cut"}, {"cut_after", {{"imc", "pool5"}}}};
  const SingleRun run(scenario_of({{"network", "wifi-2015"}}, policy), folder.path(), true);
  const sim::QueryLog log = log_of(run);
  REQUIRE(log.size() == 2);
  const predictors::CutCost& cut = cost(run, log[0].cut);
  const double device = in_seconds(cut.device_time);
  const double server = in_seconds(cut.server_time);
  const double upload = kTensorBits / kRate;
  check_time(log[0].device_end, 1 + device);
  check_time(log[0].upload_end, 1 + device + upload);
  check_time(log[0].completed_at, 1 + device + upload + server);
  check_energy(log[0].energy.compute, in_joules(cut.device_energy));
  check_time(log[1].device_start, 1 + device);
  check_time(log[1].device_end, 1 + 2 * device);
  check_time(log[1].upload_start, std::max(1 + 2 * device, 1 + device + upload));
  check_energy(log[1].energy.compute, in_joules(cut.device_energy));
}

TEST_CASE("a query that stays on the device touches no radio") {
  TempFolder folder;
  folder.write("arrivals.csv", "time_s\n1\n");
  for (const char* network : {"lte", "lte-2015", "ideal"}) {
    const SingleRun run(scenario_of({{"network", network}}, "device-only"), folder.path(), true);
    const sim::QueryLog log = log_of(run);
    REQUIRE(log.size() == 1);
    const predictors::CutCost& cut = cost(run, log[0].cut);
    check_time(log[0].completed_at, 1 + in_seconds(cut.device_time));
    check_energy(log[0].energy.compute, in_joules(cut.device_energy));
    check_energy(log[0].energy.transmit + log[0].energy.receive + log[0].energy.promotion +
                     log[0].energy.tail,
                 0);
  }
}

TEST_CASE("recorded arrivals beyond the asked number of queries are left out") {
  TempFolder folder;
  folder.write("arrivals.csv", "time_s\n1\n2\n2.0001\n2.5\n");
  json scenario = scenario_of({{"network", "lte-2015"}}, "cloud-only");
  scenario["stop"] = {{"queries", 2}};
  const SingleRun run(scenario, folder.path());
  CHECK(run.outcome().queries.issued == 2);
  CHECK(run.outcome().queries.completed == 2);
}

TEST_CASE("a single recorded arrival at the very start is a run like any other") {
  TempFolder folder;
  folder.write("arrivals.csv", "time_s\n0\n");
  for (const char* network : {"lte", "lte-2015", "ideal"}) {
    const SingleRun run(scenario_of({{"network", network}}, "cloud-only"), folder.path(), true);
    CHECK(run.outcome().queries.completed == 1);
    REQUIRE(run.results.front().queries.size() == 1);
    check_time(run.results.front().queries.front().issued_at, 0);
  }
}
