// Clusters, time slicing, batching and admission against closed forms and small Markov chains, from
// the scenario's text to the summary: the 99 % interval contains the theory and is narrower than a
// stated share of it.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "support/queueing_theory.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;
using nlohmann::json;
using results::Metric;
using testing::Queue;
using testing::SingleRun;

namespace {

constexpr double kMean = 0.01;  // of the service, s

json exponential() { return {{"distribution", "exponential"}, {"mean_s", kMean}}; }
json constant() { return {{"distribution", "constant"}, {"value_s", kMean}}; }

json jobs_at(const json& cloud, double rate_per_s, const json& service, double queries = 4e6) {
  return {{"seed", 11},
          {"workload",
           {{"queries", {{{"job", "job"}, {"server_time", service}}}},
            {"arrivals", {{"process", "poisson"}, {"rate_per_s", rate_per_s}}}}},
          {"fleet", {{{"count", 1}, {"network", "ideal"}}}},
          {"cloud", cloud},
          {"policies", {"cloud-only"}},
          {"stop", {{"queries", queries}, {"confidence", 0.99}}}};
}

void check_interval(const results::Estimate& estimate, double theory, double width) {
  CAPTURE(theory);
  CAPTURE(estimate.value);
  REQUIRE(estimate.half_width.has_value());
  CAPTURE(*estimate.half_width);
  CHECK(std::abs(estimate.value - theory) <= *estimate.half_width);
  CHECK(*estimate.half_width <= width * theory);
}

void check_mean(const json& scenario, double theory_s, double width) {
  const SingleRun run(scenario);
  CHECK(run.row.verdict == "stable");
  check_interval(run.estimate(Metric::kLatencyMean), theory_s, width);
}

double share_dropped(const SingleRun& run) {
  const sim::Conservation& queries = run.outcome().queries;
  return static_cast<double>(queries.dropped) / static_cast<double>(queries.issued);
}

// The time in an M/M/1 queue whose arrivals are every n-th of a Poisson process of rate n lambda
// (E_n/M/1; Kleinrock I, section 6.4): sigma is where the gaps' transform meets itself.
double every_nth_mean_s(double rho, int n) {
  double sigma = 0;
  for (int i = 0; i < 10000; ++i) {
    sigma = std::pow(n * rho / (n * rho + 1 - sigma), n);
  }
  return kMean / (1 - sigma);
}

// The mean time in two exponential servers, the shorter of which each arrival joins: power
// iteration on the chain of both lengths, up to 80 each.
double shortest_of_two_mean_s(double rho) {
  constexpr std::size_t kMax = 80;
  const double total = 2 * rho + 2;  // uniformised, in services
  std::vector<double> p((kMax + 1) * (kMax + 1), 0);
  p[0] = 1;
  const auto at = [](std::size_t a, std::size_t b) { return a * (kMax + 1) + b; };
  for (int round = 0; round < 6000; ++round) {
    std::vector<double> next(p.size(), 0);
    for (std::size_t a = 0; a <= kMax; ++a) {
      for (std::size_t b = 0; b <= kMax; ++b) {
        const double mass = p[at(a, b)] / total;
        next[a > 0 ? at(a - 1, b) : at(a, b)] += mass;
        next[b > 0 ? at(a, b - 1) : at(a, b)] += mass;
        next[a <= b ? at(std::min(a + 1, kMax), b) : at(a, std::min(b + 1, kMax))] +=
            mass * 2 * rho;
      }
    }
    p = next;
  }
  double number = 0;
  for (std::size_t a = 0; a <= kMax; ++a) {
    for (std::size_t b = 0; b <= kMax; ++b) {
      number += static_cast<double>(a + b) * p[at(a, b)];
    }
  }
  return number / (2 * rho) * kMean;  // Little
}

// The mean time in many exponential servers, the shorter of two of which each arrival joins:
// Mitzenmacher, IEEE TPDS 2001, and Vvedenskaya et al., 1996, for ever more servers.
double supermarket_mean_s(double rho) {
  double sum = 0;
  for (int i = 1; i <= 12; ++i) {
    sum += std::pow(rho, std::pow(2, i) - 2);
  }
  return sum * kMean;
}

}  // namespace

TEST_CASE("random dispatch over ten servers makes ten M/M/1 queues") {
  const double rho = 0.7;
  check_mean(jobs_at({{"count", 10}}, 10 * rho / kMean, exponential()), kMean / (1 - rho), 0.012);
}

TEST_CASE("random dispatch gives each kind its share of GPUs") {
  // Two M/M/1 and one M/M/4: half of the arrivals to the former, a quarter each.
  const double rho = 0.75;
  const double lambda = 6 * rho / kMean;
  const Queue four = {.lambda = lambda * 4 / 6, .mean_s = kMean, .servers = 4};
  const double theory = 2.0 / 6 * kMean / (1 - rho) + 4.0 / 6 * testing::mmk_mean_s(four);
  check_mean(jobs_at({{"servers", {{{"count", 2}}, {{"gpus", 4}}}}}, lambda, exponential()), theory,
             0.02);
}

TEST_CASE("round robin over four servers makes four E4/M/1 queues") {
  const double rho = 0.8;
  check_mean(jobs_at({{"count", 4}, {"dispatch", "round-robin"}}, 4 * rho / kMean, exponential()),
             every_nth_mean_s(rho, 4), 0.02);
}

TEST_CASE("joining the shorter of two queues follows the Markov chain of both") {
  const double rho = 0.8;
  check_mean(
      jobs_at({{"count", 2}, {"dispatch", "shortest-queue"}}, 2 * rho / kMean, exponential()),
      shortest_of_two_mean_s(rho), 0.02);
}

TEST_CASE("the shorter of two among 1,000 servers is the supermarket model") {
  const double rho = 0.9;
  const SingleRun run(jobs_at({{"count", 1000}, {"dispatch", "power-of-two"}}, 1000 * rho / kMean,
                              exponential(), 2e6));
  // The limit is for ever more servers; 1,000 are within a percent.
  CHECK(run.estimate(Metric::kLatencyMean).value ==
        doctest::Approx(supermarket_mean_s(rho)).epsilon(0.01));
}

TEST_CASE("more knowledge shortens the queues: random, two choices, shortest, one queue for all") {
  const double rho = 0.9;
  std::vector<double> means;
  for (const char* dispatch : {"random", "power-of-two", "shortest-queue"}) {
    const SingleRun run(
        jobs_at({{"count", 8}, {"dispatch", dispatch}}, 8 * rho / kMean, exponential(), 4e5));
    means.push_back(run.estimate(Metric::kLatencyMean).value);
  }
  means.push_back(testing::mmk_mean_s({.lambda = 8 * rho / kMean, .mean_s = kMean, .servers = 8}));
  for (std::size_t i = 0; i + 1 < means.size(); ++i) {
    CHECK(means[i] > 1.1 * means[i + 1]);
  }
}

TEST_CASE("an M/M/1 queue with room for five drops what its closed form says") {
  const double rho = 0.8;
  const int room = 5;
  const SingleRun run(jobs_at({{"admission_limit", room}}, rho / kMean, exponential()));
  const double full = (1 - rho) * std::pow(rho, room) / (1 - std::pow(rho, room + 1));
  CHECK(share_dropped(run) == doctest::Approx(full).epsilon(0.02));
  CHECK(run.row.verdict == "stable");
}

TEST_CASE("four GPUs without a queue drop what Erlang B says, even beyond their capacity") {
  const double offered = 5;  // of four
  const SingleRun run(
      jobs_at({{"gpus", 4}, {"admission_limit", 4}}, offered / kMean, exponential()));
  double blocking = 1;
  for (int k = 1; k <= 4; ++k) {
    blocking = offered * blocking / (k + offered * blocking);
  }
  CHECK(share_dropped(run) == doctest::Approx(blocking).epsilon(0.01));
  CHECK(run.row.verdict == "stable");
  check_interval(run.estimate(Metric::kLatencyMean), kMean, 0.01);
  CHECK(run.row.server_utilisation.value().value ==
        doctest::Approx(offered * (1 - blocking) / 4).epsilon(0.01));
}

TEST_CASE("time slices far below the service are processor sharing, whatever its distribution") {
  const double rho = 0.7;
  const json gamma = {{"distribution", "gamma"}, {"mean_s", kMean}, {"cv", 2}};
  for (const json& service : {exponential(), constant(), gamma}) {
    CAPTURE(service.dump());
    const json cloud = {{"discipline", "time-slicing"}, {"job_slice_s", kMean / 200}};
    json scenario = jobs_at(cloud, rho / kMean, service, 6e5);
    scenario["seed"] = 12;  // another one has few independent batches, so a wide interval
    check_mean(scenario, kMean / (1 - rho), 0.05);
  }
}

TEST_CASE("slices longer than any service are first come, first served") {
  const double rho = 0.7;
  const json cloud = {{"discipline", "time-slicing"}, {"job_slice_s", 1}};
  check_mean(jobs_at(cloud, rho / kMean, constant()),
             testing::mg1_mean_s({.lambda = rho / kMean, .mean_s = kMean}, 0), 0.01);
}

TEST_CASE("a query among N background processes waits for all of them before each kernel") {
  const SingleRun alone(json::parse(R"({
      "workload": {"queries": [{"model": "imc"}],
                   "arrivals": {"process": "deterministic", "rate_per_s": 1}},
      "fleet": [{"count": 1, "device": "jetson-tk1-cpu", "network": "wifi-2015"}],
      "cloud": {"server": "tesla-k40"}, "policies": ["cloud-only"], "stop": {"queries": 300}})"));
  const double unloaded = alone.estimate(Metric::kLatencyMean).value;
  json loaded = json::parse(R"({
      "workload": {"queries": [{"model": "imc"}],
                   "arrivals": {"process": "poisson", "rate_per_s": 0.01}},
      "fleet": [{"count": 20, "device": "jetson-tk1-cpu", "network": "wifi-2015"}],
      "cloud": {"server": "tesla-k40", "discipline": "time-slicing",
                "background": {"kernel_s": 0.001, "steps": [{"from_s": 0, "processes": 0}]}},
      "policies": ["cloud-only"], "stop": {"queries": 20000, "confidence": 0.99}})");
  const double kernel_s = 0.001;
  const double layers = 24;
  for (const double n : {1.0, 5.0, 25.0}) {
    loaded["cloud"]["background"]["steps"][0]["processes"] = n;
    const SingleRun run(loaded);
    // Before the first kernel half of the kernel that runs is over, on average; two queries meet
    // in less than one of a hundred cases.
    const double theory = unloaded + (layers * n - 0.5) * kernel_s;
    CHECK(run.estimate(Metric::kLatencyMean).value == doctest::Approx(theory).epsilon(0.01));
  }
}

TEST_CASE("fixed batches of a regular stream: the wait for the last one and the batch's time") {
  // Every 1/rate a query; b of them fill a batch, which is done before the next one is full.
  const double rate = 100;
  for (const int b : {1, 2, 5, 16}) {
    json scenario = json::parse(R"({
        "workload": {"queries": [{"model": "imc"}],
                     "arrivals": {"process": "deterministic", "scope": "fleet"}},
        "fleet": [{"count": 1, "device": "jetson-tk1-gpu", "network": "ideal"}],
        "cloud": {"server": "tesla-k40", "discipline": "batching"},
        "policies": ["cloud-only"], "stop": {"queries": 20000}})");
    scenario["workload"]["arrivals"]["rate_per_s"] = rate;
    scenario["cloud"]["batching"] = {{"size_max", b}, {"wait_max_s", 1e5}};
    const SingleRun run(scenario);
    const double batch_s = base::in_seconds(
        run.scenario.model.cluster.kinds[0].work[0].batches(0)[static_cast<std::size_t>(b) - 1]);
    CHECK(batch_s < b / rate);
    const double theory = (b - 1) / (2 * rate) + batch_s;
    CHECK(run.estimate(Metric::kLatencyMean).value == doctest::Approx(theory).epsilon(1e-3));
    CHECK(run.row.server_utilisation.value().value ==
          doctest::Approx(batch_s * rate / b).epsilon(1e-3));
  }
}

TEST_CASE("under overload a batching server completes full batches back to back") {
  for (const int b : {1, 4, 32}) {
    json scenario = json::parse(R"({
        "workload": {"queries": [{"model": "pos"}],
                     "arrivals": {"process": "poisson", "rate_per_s": 400000}},
        "fleet": [{"count": 10, "device": "jetson-tk1-gpu", "network": "ideal"}],
        "cloud": {"server": "tesla-k40", "discipline": "batching"}, "allow_overload": true,
        "policies": ["cloud-only"], "stop": {"queries": 200000}})");
    scenario["cloud"]["batching"] = {{"size_max", b}};
    const SingleRun run(scenario);
    const double batch_s = base::in_seconds(
        run.scenario.model.cluster.kinds[0].work[0].batches(0)[static_cast<std::size_t>(b) - 1]);
    CHECK(run.row.verdict == "overloaded");
    CHECK(run.estimate(Metric::kCompletedRate).value == doctest::Approx(b / batch_s).epsilon(0.01));
  }
}

// M/D(1,b)/1: the server takes up to b of those that wait, all for the same time (Bailey, JRSS B
// 1954, bulk service). The chain of the number left behind when a batch starts.
double bulk_mean_s(double lambda, int b) {
  constexpr std::size_t kMax = 400;
  const double arrivals = lambda * kMean;  // in a service
  std::vector<double> poisson(kMax + 1);
  poisson[0] = std::exp(-arrivals);
  for (std::size_t i = 1; i <= kMax; ++i) {
    poisson[i] = poisson[i - 1] * arrivals / static_cast<double>(i);
  }
  std::vector<double> left(kMax + 1, 0);
  left[0] = 1;
  const auto after = [&](const std::vector<double>& p) {  // waiting when the service ends
    std::vector<double> waiting(kMax + 1, 0);
    for (std::size_t n = 0; n <= kMax; ++n) {
      for (std::size_t a = 0; p[n] > 1e-18 && n + a <= kMax; ++a) {
        waiting[n + a] += p[n] * poisson[a];
      }
    }
    return waiting;
  };
  for (int round = 0; round < 600; ++round) {
    const std::vector<double> waiting = after(left);
    std::fill(left.begin(), left.end(), 0);
    for (std::size_t n = 0; n <= kMax; ++n) {
      left[n > static_cast<std::size_t>(b) ? n - static_cast<std::size_t>(b) : 0] += waiting[n];
    }
  }
  const double idle = after(left)[0] / lambda;
  double area = 0.5 * arrivals * kMean;  // of those that come during a service
  for (std::size_t n = 0; n <= kMax; ++n) {
    area += left[n] * static_cast<double>(n) * kMean;
  }
  return area / (kMean + idle) / lambda + kMean;  // Little
}

TEST_CASE("bulk service of Poisson arrivals follows its Markov chain") {
  for (const int b : {1, 3, 8}) {
    const double lambda = 0.8 * b / kMean;
    const json cloud = {{"discipline", "batching"}, {"batching", {{"size_max", b}}}};
    CAPTURE(b);
    check_mean(jobs_at(cloud, lambda, constant()), bulk_mean_s(lambda, b), 0.02);
  }
  // Batches of one: Pollaczek and Khinchine.
  const Queue queue = {.lambda = 0.8 / kMean, .mean_s = kMean};
  CHECK(bulk_mean_s(queue.lambda, 1) == doctest::Approx(testing::mg1_mean_s(queue, 0)));
}
