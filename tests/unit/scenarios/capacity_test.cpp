// The search for a capacity on functions whose answer is known, and on an M/M/1 queue.
#include "scenarios/capacity.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut;
using namespace edgecut::scenarios;

namespace {

constexpr double kServiceRate = 100;

// Mean sojourn of M/M/1 without noise, with an interval of a given relative half-width.
Measure mm1_sojourn(double relative_half_width) {
  return [relative_half_width](double load) {
    LoadPoint point{load, load >= kServiceRate, std::nullopt};
    if (!point.is_overloaded) {
      const double sojourn = 1 / (kServiceRate - load);
      point.value = results::Estimate{sojourn, relative_half_width * sojourn, std::nullopt};
    }
    return point;
  };
}

CapacityOptions options_of(double limit, double start) {
  CapacityOptions options;
  options.limit = limit;
  options.start = start;
  return options;
}

}  // namespace

TEST_CASE("the crossing is found from below, from above and from far away") {
  const double limit = 0.05;
  const double exact = kServiceRate - 1 / limit;
  for (const double start : {0.001, 10.0, exact, 99.0, 101.0, 5000.0}) {
    CAPTURE(start);
    const Capacity found = find_capacity(mm1_sojourn(0.02), options_of(limit, start));
    CHECK(found.verdict == CapacityVerdict::kFound);
    CHECK(found.load == doctest::Approx(exact).epsilon(0.005));
    CHECK(found.low <= exact);
    CHECK(found.high >= exact);
    CHECK(found.points.size() < 60);
  }
}

TEST_CASE("noisier measurements give a wider interval, narrow ones one of the bracket's width") {
  const double limit = 0.05;
  const auto width = [&](double noise) {
    const Capacity found = find_capacity(mm1_sojourn(noise), options_of(limit, 30));
    return (found.high - found.low) / found.load;
  };
  CHECK(width(0) <= 0.011);
  CHECK(width(0.05) > width(0));
  CHECK(width(0.3) > width(0.05));
  // By the slope of 1 / (mu - x) a relative error e of the sojourn shifts the load by about
  // e (mu - x).
  const double exact = kServiceRate - 1 / limit;
  CHECK(width(0.05) == doctest::Approx(2 * 0.05 * (kServiceRate - exact) / exact).epsilon(0.5));
}

// The ends of 1 / (mu - x) (1 +- e) meet the limit at mu - (1 +- e) / limit.
TEST_CASE(
    "the bounds are where the ends of the interval cross the limit, as close as the estimate") {
  const double limit = 0.05;
  for (const double noise : {0.1, 0.3, 0.6}) {
    for (const double start : {1.0, 30.0, 79.0, 99.0, 5000.0}) {
      CAPTURE(noise);
      CAPTURE(start);
      const Capacity found = find_capacity(mm1_sojourn(noise), options_of(limit, start));
      CHECK(found.low == doctest::Approx(kServiceRate - (1 + noise) / limit).epsilon(0.011));
      CHECK(found.high == doctest::Approx(kServiceRate - (1 - noise) / limit).epsilon(0.011));
    }
  }
}

TEST_CASE("bounds that no load shows end the search at the loads asked, in bounded time") {
  int measured = 0;
  const auto vague = [&](double load) {
    ++measured;
    return LoadPoint{load, false, results::Estimate{load, 1e9, std::nullopt}};
  };
  const Capacity found = find_capacity(vague, options_of(70, 10));
  CHECK(found.load == doctest::Approx(70));
  CHECK(found.low == found.points.front().load);
  CHECK(found.high == found.points.back().load);
  CHECK(found.low < 10);
  CHECK(found.high > 1000);
  CHECK(measured < 30);
}

TEST_CASE("a measurement without an interval bounds nothing") {
  // Beyond 60 too little is seen to say how precise the value is.
  const auto measure = [exact = mm1_sojourn(0.02)](double load) {
    LoadPoint point = exact(load);
    if (load > 60 && point.value) {
      point.value->half_width.reset();
    }
    return point;
  };
  const Capacity found = find_capacity(measure, options_of(0.05, 1));
  CHECK(found.load == doctest::Approx(80).epsilon(0.01));
  CHECK(found.low == doctest::Approx(60).epsilon(0.01));
  CHECK(found.high == doctest::Approx(kServiceRate).epsilon(0.01));
}

TEST_CASE("a load that jumps from within to overloaded is bracketed by both") {
  const double edge = 37.7;
  const auto measure = [&](double load) {
    LoadPoint point{load, load > edge, std::nullopt};
    if (!point.is_overloaded) {
      point.value = results::Estimate{0.1, 0.001, std::nullopt};
    }
    return point;
  };
  const Capacity found = find_capacity(measure, options_of(0.5, 3));
  CHECK(found.verdict == CapacityVerdict::kFound);
  CHECK(found.low <= edge);
  CHECK(found.high >= edge);
  CHECK(found.high - found.low <= 0.011 * edge);
}

TEST_CASE("a limit that holds nowhere or everywhere is told as such, in bounded time") {
  int measured = 0;
  const auto constant = [&](double load) {
    ++measured;
    return LoadPoint{load, false, results::Estimate{0.1, 0.01, std::nullopt}};
  };
  CHECK(find_capacity(constant, options_of(0.05, 10)).verdict == CapacityVerdict::kNowhere);
  CHECK(find_capacity(constant, options_of(0.2, 10)).verdict == CapacityVerdict::kEverywhere);
  CHECK(measured < 60);
}

TEST_CASE("whole loads are asked as whole numbers, each once") {
  std::vector<double> asked;
  const auto measure = [&](double load) {
    asked.push_back(load);
    return LoadPoint{load, false, results::Estimate{load, 0.0, std::nullopt}};
  };
  CapacityOptions options = options_of(13.5, 4);
  options.whole_loads = true;
  options.relative_width = 1e-6;
  const Capacity found = find_capacity(measure, options);
  CHECK(found.low == 13);
  CHECK(found.high == 14);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    CHECK(asked[i] == std::floor(asked[i]));
    CHECK(std::count(asked.begin(), asked.end(), asked[i]) == 1);
  }
}

TEST_CASE("at another load a scenario keeps its number of queries, and its nodes keep their rate") {
  using testing::json;
  const Scenario scenario = testing::read(testing::with(
      testing::jobs(), "/fleet",
      json::parse(R"([{"count": 30, "network": "ideal"}, {"count": 10, "network": "wifi"}])")));
  const auto queries = [](const Scenario& one) {
    return one.model.stop.duration * one.model.arrivals.rate;
  };
  const Scenario faster = at_load(scenario, scenario.policies[0], LoadAxis::kArrivals, 2 * 10.0);
  CHECK(base::in_per_second(faster.model.arrivals.rate) == doctest::Approx(20));
  CHECK(queries(faster) == doctest::Approx(queries(scenario)));
  const Scenario larger = at_load(scenario, scenario.policies[0], LoadAxis::kNodes, 80);
  CHECK(larger.model.groups[0].count == 60);
  CHECK(larger.model.groups[1].count == 20);
  CHECK(base::in_per_second(larger.model.arrivals.rate) == doctest::Approx(20));
  CHECK(queries(larger) == doctest::Approx(queries(scenario)));
}

TEST_CASE("the capacity of an M/M/1 queue is the service rate less one over the limit") {
  using testing::json;
  json document = testing::jobs();
  const double mean_s = 0.01;
  document["workload"]["queries"][0]["server_time"] =
      json{{"distribution", "exponential"}, {"mean_s", mean_s}};
  document["stop"] = {{"relative_precision", 0.03}, {"queries_max", 2000000}};
  const Scenario scenario = testing::read(document);
  CapacityRequest request;
  request.metric = "latency_mean";
  request.at_most = 0.05;
  const std::vector<PolicyCapacity> found = find_capacities(scenario, request);
  REQUIRE(found.size() == 1);
  const double exact = 1 / mean_s - 1 / request.at_most;
  CHECK(found[0].capacity.low <= exact);
  CHECK(found[0].capacity.high >= exact);
  CHECK(found[0].capacity.load == doctest::Approx(exact).epsilon(0.02));
  // The same again, by another number of threads.
  request.threads = 3;
  CHECK(capacity_csv(request, find_capacities(scenario, request)) == capacity_csv(request, found));
}

TEST_CASE("runs that the budget cuts off are counted, and told where they make the interval wide") {
  using testing::json;
  json document = testing::jobs();
  document["workload"]["queries"][0]["server_time"] =
      json{{"distribution", "exponential"}, {"mean_s", 0.01}};
  CapacityRequest request;
  request.metric = "latency_mean";
  request.at_most = 0.05;
  const auto told = [&](const json& stop) {
    document["stop"] = stop;
    const auto found = find_capacities(testing::read(document), request);
    const std::string csv = capacity_csv(request, found);
    return std::pair(capacity_notes(request, found), csv.substr(csv.rfind(',')));
  };
  const auto [note, count] = told({{"relative_precision", 0.001}, {"queries_max", 30000}});
  CHECK(note.starts_with("cloud-only: the interval is wide because "));
  CHECK(count != ",0\n");
  // The same length without a precision that it could miss; then one that the runs at it reach.
  CHECK(told({{"queries", 30000}}) == std::pair(std::string(), std::string(",0\n")));
  CHECK(told({{"relative_precision", 0.05}, {"queries_max", 5000000}}).first.empty());
}
