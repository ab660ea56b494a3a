// Hand arithmetic for single queries, stage by stage, over each kind of network. Times in s,
// energies in J. Recorded arrivals give exact instants; the run drains after the last one.
#include <algorithm>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "base/file.hpp"
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
constexpr double kContinuous = 100 * kMilli;
constexpr double kShort = 20 * kMilli;
constexpr double kAsleep = 1033.82378 * kMilli;
constexpr double kShortPower = (1.0 * 1680.2 * kMilli + 19.0 * kAsleep) / 20.0;
constexpr double kLongPower = (1.5 * 1680.1 * kMilli + 38.6 * kAsleep) / 40.1;
constexpr double kLongCycle = 40.1 * kMilli;
constexpr double kPagingCycle = 1280.2 * kMilli;

// The tail's energy when nothing follows for so long.
double tail_j(double idle_s) {
  const double in_short = std::min(std::max(idle_s - kContinuous, 0.0), kShort);
  const double in_long = std::min(idle_s, kTail) - kContinuous - kShort;
  return kBeta * std::min(idle_s, kContinuous) + kShortPower * in_short +
         kLongPower * std::max(in_long, 0.0);
}
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
  REQUIRE(away < lte::kContinuous);  // so the radio listens when it comes
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
    check_energy(log[i].energy.tail, lte::tail_j(tail_before[i]) + lte::tail_j(away));
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
  check_energy(run.outcome().unattributed_tail, lte::tail_j(idle));
}

namespace {

// Jobs that take so long on a server, over a network on which nothing is sent but the asking.
json jobs_scenario(const std::string& network, double server_s) {
  return {{"workload",
           {{"queries",
             {{{"job", "ask"},
               {"server_time", {{"distribution", "constant"}, {"value_s", server_s}}}}}},
            {"arrivals", {{"process", "replay"}, {"file", "arrivals.csv"}}}}},
          {"fleet", {{{"count", 1}, {"network", network}}}},
          {"cloud", {{"gpus", 8}}},
          {"policies", {"cloud-only"}}};
}

}  // namespace

TEST_CASE("an answer that comes down in DRX waits for the next on-duration") {
  constexpr double kServer = 0.25;
  TempFolder folder;
  folder.write("arrivals.csv", "time_s\n1\n");
  const SingleRun run(jobs_scenario("lte", kServer), folder.path(), true);
  const sim::QueryLog log = log_of(run);
  REQUIRE(log.size() == 1);
  const double sent = 1 + lte::kPromotion;
  const double idle = 2 * lte::kLatency + kServer;  // when the answer is at the base station
  const double long_drx = lte::kContinuous + lte::kShort;
  const double heard = long_drx + std::ceil((idle - long_drx) / lte::kLongCycle) * lte::kLongCycle;
  REQUIRE(heard > idle);
  check_time(log[0].upload_end, sent);
  check_time(log[0].answered_at, sent + idle);
  check_time(log[0].download_start, sent + heard);
  check_time(log[0].completed_at, sent + heard);
  check_energy(log[0].energy.promotion, lte::kPromotionPower * lte::kPromotion);
  check_energy(log[0].energy.tail, lte::tail_j(heard));
}

TEST_CASE("an answer that finds the radio idle pages it, and waits for its promotion") {
  constexpr double kServer = 20;
  TempFolder folder;
  folder.write("arrivals.csv", "time_s\n1\n");
  const SingleRun run(jobs_scenario("lte", kServer), folder.path(), true);
  const sim::QueryLog log = log_of(run);
  REQUIRE(log.size() == 1);
  const double sent = 1 + lte::kPromotion;
  const double idle = 2 * lte::kLatency + kServer;
  const double heard =
      lte::kTail + std::ceil((idle - lte::kTail) / lte::kPagingCycle) * lte::kPagingCycle;
  REQUIRE(heard > idle);
  check_time(log[0].answered_at, sent + idle);
  check_time(log[0].download_start, sent + heard + lte::kPromotion);
  check_time(log[0].completed_at, sent + heard + lte::kPromotion);
  check_energy(log[0].energy.promotion, 2 * lte::kPromotionPower * lte::kPromotion);
  check_energy(log[0].energy.tail, lte::tail_j(heard));
}

TEST_CASE("an upload wakes the radio for the answers that wait") {
  constexpr double kServer = 20;
  TempFolder folder;
  folder.write("arrivals.csv", "time_s\n1\n21.5\n");
  const SingleRun run(jobs_scenario("lte", kServer), folder.path(), true);
  const sim::QueryLog log = log_of(run);
  REQUIRE(log.size() == 2);
  const double answered = 1 + lte::kPromotion + 2 * lte::kLatency + kServer;
  const double ready = 21.5 + lte::kPromotion;
  REQUIRE(answered < 21.5);
  check_time(log[0].answered_at, answered);
  check_time(log[0].completed_at, ready);
  check_time(log[1].upload_start, ready);
  // The upload ended the gap, so it pays for it.
  check_energy(log[0].energy.promotion, lte::kPromotionPower * lte::kPromotion);
  check_energy(log[0].energy.tail, 0);
  check_energy(log[1].energy.promotion, 2 * lte::kPromotionPower * lte::kPromotion);
  REQUIRE(21.5 - (1 + lte::kPromotion) > lte::kTail);
  REQUIRE(in_seconds(log[1].answered_at) - ready > lte::kTail);
  check_energy(log[1].energy.tail, 2 * lte::tail_j(lte::kTail));
}

TEST_CASE("a network file can say that answers do not wait") {
  constexpr double kServer = 0.25;
  TempFolder folder;
  folder.write("arrivals.csv", "time_s\n1\n");
  json network = json::parse(
      base::read_file(base::data_directory() / "platforms/networks/lte.json", 1U << 20U));
  network["radio"]["answers_wait"] = false;
  folder.write("prompt.json", network.dump());
  const SingleRun run(jobs_scenario("prompt.json", kServer), folder.path(), true);
  const sim::QueryLog log = log_of(run);
  REQUIRE(log.size() == 1);
  const double idle = 2 * lte::kLatency + kServer;
  check_time(log[0].completed_at, 1 + lte::kPromotion + idle);
  check_energy(log[0].energy.tail, lte::tail_j(idle));
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
