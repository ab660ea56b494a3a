#include "workloads/arrivals.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/json_reader.hpp"

using namespace edgecut;
using base::Distribution;
using base::RandomSource;
using base::RandomStream;
using workloads::ArrivalScope;
using workloads::ArrivalSpec;

namespace {

const std::filesystem::path kArrivalsFolder =
    std::filesystem::path(EDGECUT_SOURCE_DIR) / "workloads" / "arrivals";
// Bounds on sample means are 4.5 standard errors: a chance of 7e-6 for another seed to fail.
constexpr double kZ = 4.5;

struct Reading {
  ArrivalSpec spec;
  std::vector<base::Problem> problems;
};

Reading read(const std::string& text) {
  const auto document = base::JsonDocument::from_text(text, "t.json");
  base::Problems problems;
  Reading reading;
  reading.spec = workloads::read_arrivals(document.root(problems), kArrivalsFolder);
  reading.problems = problems.list();
  return reading;
}

std::string first_problem(const std::string& text) {
  const auto problems = read(text).problems;
  return problems.empty() ? "" : problems.front().where + ": " + problems.front().what;
}

Distribution google_search() {
  return Distribution::empirical(base::read_cdf_file(kArrivalsFolder / "google-search.cdf"));
}

}  // namespace

TEST_CASE("the shipped web-search gaps have the published moments to 0.5 % and quantiles") {
  const Distribution gaps = google_search();
  CHECK(gaps.mean() == doctest::Approx(0.3192).epsilon(0.005));
  CHECK(gaps.cv() == doctest::Approx(1.179).epsilon(0.005));
  CHECK(gaps.quantile(0.5) == doctest::Approx(0.195).epsilon(1e-9));
  CHECK(gaps.quantile(0.9) == doctest::Approx(0.76).epsilon(1e-9));
  CHECK(gaps.quantile(0.95) == doctest::Approx(1.03).epsilon(1e-9));
  CHECK(gaps.quantile(0.99) == doctest::Approx(1.78).epsilon(1e-9));
  CHECK(gaps.cdf(10.0) == 1);
  CHECK(gaps.cdf(9.99) < 1);
}

TEST_CASE("draws of the web-search gaps have their mean and quantiles") {
  constexpr int kDraws = 100000;
  const Distribution gaps = google_search();
  RandomStream stream(RandomSource(1), base::Purpose::kTest, 0);
  double sum = 0;
  double below_p95 = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double gap = gaps.draw(stream);
    sum += gap;
    below_p95 += gap <= 1.03 ? 1 : 0;
  }
  CHECK(std::abs(sum / kDraws - 0.3192) < kZ * 0.3192 * 1.179 / std::sqrt(1.0 * kDraws));
  CHECK(std::abs(below_p95 / kDraws - 0.95) < kZ * std::sqrt(0.95 * 0.05 / kDraws));
}

TEST_CASE("each process is read with its own keys and has gaps of mean 1") {
  const auto check = [](const std::string& text, double cv) {
    CAPTURE(text);
    const Reading reading = read(text);
    CHECK(reading.problems.empty());
    CHECK(reading.spec.gaps.mean() == 1);
    CHECK(reading.spec.gaps.cv() == doctest::Approx(cv));
    CHECK(base::in_per_second(reading.spec.rate) == 60);
    CHECK(reading.spec.scope == ArrivalScope::kNode);
  };
  check(R"({"process": "poisson", "rate_per_s": 60})", 1);
  check(R"({"process": "deterministic", "rate_per_s": 60, "scope": "node"})", 0);
  check(R"({"process": "gamma", "rate_per_s": 60, "cv": 2})", 2);
  check(R"({"process": "lognormal", "rate_per_s": 60, "cv": 0.5})", 0.5);
  check(R"({"process": "hyperexponential", "rate_per_s": 60, "cv": 3})", 3);
  check(R"({"process": "cdf", "rate_per_s": 60, "file": "./google-search.cdf"})", 1.179);
  CHECK(read(R"({"process": "poisson", "rate_per_s": 1, "scope": "fleet"})").spec.scope ==
        ArrivalScope::kFleet);
}

TEST_CASE("the web-search process is found by its name among the shipped data") {
  REQUIRE(setenv("EDGECUT_DATA", EDGECUT_SOURCE_DIR, 1) == 0);
  for (const std::string text :
       {R"({"process": "google-search", "rate_per_s": 60})",
        R"({"process": "cdf", "file": "google-search", "rate_per_s": 1})"}) {
    const Reading reading = read(text);
    CHECK(reading.problems.empty());
    CHECK(reading.spec.gaps.kind() == Distribution::Kind::kEmpirical);
    CHECK(reading.spec.gaps.cv() == doctest::Approx(google_search().cv()));
  }
  CHECK(first_problem(R"({"process": "cdf", "file": "google-serch", "rate_per_s": 1})") ==
        "t.json#/file: unknown arrival distribution \"google-serch\", did you mean "
        "\"google-search\"?");
}

TEST_CASE("mistakes in an arrival process are told at their key") {
  CHECK(first_problem("[]").starts_with("t.json#: expected an object such as"));
  CHECK(first_problem(R"({"process": "poison", "rate_per_s": 1})") ==
        "t.json#/process: unknown value \"poison\", did you mean \"poisson\"?");
  CHECK(first_problem(R"({"process": "poisson"})") == "t.json#: missing key \"rate_per_s\"");
  CHECK(first_problem(R"({"process": "poisson", "rate_per_s": 0})")
            .starts_with("t.json#/rate_per_s: expected a number in (0"));
  CHECK(first_problem(R"({"process": "poisson", "rate_per_s": 1, "cv": 2})")
            .starts_with("t.json#/cv: unknown key"));
  CHECK(first_problem(R"({"process": "gamma", "rate_per_s": 1})") == "t.json#: missing key \"cv\"");
  CHECK(first_problem(R"({"process": "gamma", "rate_per_s": 1, "cv": -1})")
            .starts_with("t.json#/cv: expected a number in [0.001, 100]"));
  CHECK(first_problem(R"({"process": "hyperexponential", "rate_per_s": 1, "cv": 0.5})")
            .starts_with("t.json#/cv: expected a number in [1, 100]"));
  CHECK(first_problem(R"({"process": "poisson", "rate_per_s": 1, "scope": "nodes"})") ==
        "t.json#/scope: unknown value \"nodes\", did you mean \"node\"?");
  CHECK(first_problem(R"({"process": "cdf", "rate_per_s": 1, "file": "missing.cdf"})")
            .starts_with("t.json#/file: no such arrival distribution file"));
  CHECK(first_problem(R"({"process": "replay", "file": "missing.csv"})")
            .starts_with("t.json#/file: "));
  CHECK(first_problem(R"({"process": "replay", "file": "missing.csv", "rate_per_s": 3})") != "");
  CHECK(
      read(R"({"process": "gamma", "rate_per_s": -1, "cv": 0, "sope": "node"})").problems.size() ==
      3);
}

TEST_CASE("nodes share the rate equally, a fleet's process has all of it") {
  ArrivalSpec spec;
  spec.rate = base::per_second(60);
  CHECK(workloads::gaps_s(spec, 300).mean() == 300 / 60.0);
  spec.scope = ArrivalScope::kFleet;
  CHECK(workloads::gaps_s(spec, 300).mean() == 1 / 60.0);
}

TEST_CASE("1000 nodes with deterministic arrivals start at phases spread over one gap") {
  constexpr std::uint32_t kNodes = 1000;
  constexpr double kGap = 10;
  const auto gaps = Distribution::constant(kGap);
  std::vector<double> phases;
  for (std::uint32_t node = 0; node < kNodes; ++node) {
    phases.push_back(base::in_seconds(workloads::first_arrival(gaps, RandomSource(1), node)) /
                     kGap);
  }
  std::sort(phases.begin(), phases.end());
  double distance = 0;
  for (std::uint32_t i = 0; i < kNodes; ++i) {
    distance = std::max({distance, phases[i] - i / 1000.0, (i + 1) / 1000.0 - phases[i]});
  }
  CHECK(distance * std::sqrt(1.0 * kNodes) < 2.3);  // Kolmogorov: chance 5e-5
}

TEST_CASE("every process is stationary: each window sees the rate times its length") {
  // A start with a full gap, or in phase, would bias the first windows.
  constexpr std::uint32_t kNodes = 20000;
  const std::vector<Distribution> shapes = {Distribution::constant(1),
                                            Distribution::exponential(1),
                                            Distribution::uniform({.low = 0.5, .high = 1.5}),
                                            Distribution::gamma({.mean = 1, .cv = 0.4}),
                                            Distribution::lognormal({.mean = 1, .cv = 1.5}),
                                            Distribution::hyperexponential({.mean = 1, .cv = 2}),
                                            google_search().scaled_to_mean(1)};
  for (std::size_t shape = 0; shape < shapes.size(); ++shape) {
    CAPTURE(shape);
    std::vector<double> counts(4);  // windows [0, 0.25), [0.25, 0.5), [0.5, 0.75), [0.75, 1)
    double squares = 0;
    for (std::uint32_t node = 0; node < kNodes; ++node) {
      const RandomSource source(7, static_cast<std::uint32_t>(shape));
      RandomStream stream(source, base::Purpose::kQueries, node);
      std::vector<double> own(counts.size());
      double t = base::in_seconds(workloads::first_arrival(shapes[shape], source, node));
      for (; t < 1; t += shapes[shape].draw(stream)) {
        own[static_cast<std::size_t>(t * 4)] += 1;
      }
      for (std::size_t window = 0; window < own.size(); ++window) {
        counts[window] += own[window];
        squares += own[window] * own[window];
      }
    }
    // The variance of a node's count in a window, pooled over the windows.
    const double expected = 0.25;
    const double variance = squares / (4.0 * kNodes) - expected * expected;
    for (const double count : counts) {
      CHECK(std::abs(count / kNodes - expected) < kZ * std::sqrt(variance / kNodes));
    }
  }
}
