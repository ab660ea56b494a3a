#include "scenarios/comparison.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "results/json_text.hpp"
#include "support.hpp"

using namespace edgecut;
using namespace edgecut::scenarios::testing;
using results::Metric;
using scenarios::Comparison;

namespace {

constexpr auto kMean = static_cast<std::size_t>(Metric::kLatencyMean);

json three_policies(const std::string& compare) {
  json document = dnn();
  document["policies"] = {"cloud-only", "device-only", "oracle"};
  document["compare"] = compare;
  document["workload"]["arrivals"]["rate_per_s"] = 1;
  document["stop"] = {{"queries", 3000}};
  return document;
}

std::vector<Comparison> compared(const json& document) {
  const auto scenario = read(document);
  return scenarios::compare_policies(scenario, scenarios::run_policies(scenario, {}));
}

std::vector<std::string> pairs(const json& document) {
  std::vector<std::string> names;
  for (const Comparison& comparison : compared(document)) {
    names.push_back(comparison.policy + " - " + comparison.minus);
  }
  return names;
}

}  // namespace

TEST_CASE("each policy is compared with the first, every two, or none") {
  using Names = std::vector<std::string>;
  CHECK(pairs(three_policies("first")) == Names{"device-only - cloud-only", "oracle - cloud-only"});
  CHECK(pairs(three_policies("all")) ==
        Names{"device-only - cloud-only", "oracle - cloud-only", "oracle - device-only"});
  CHECK(pairs(three_policies("none")).empty());
  CHECK(pairs(with(three_policies("all"), "/policies", {"oracle"})).empty());
}

TEST_CASE("a difference is that of the two values, in every metric that both have") {
  const auto scenario = read(three_policies("first"));
  const auto results = scenarios::run_policies(scenario, {});
  const auto comparisons = scenarios::compare_policies(scenario, results);
  REQUIRE(comparisons.size() == 2);
  const results::Summary first = results[0].outcome.summarize(0.95);
  const results::Summary second = results[1].outcome.summarize(0.95);
  CHECK(comparisons[0].from == first.from);
  CHECK(comparisons[0].until == first.until);
  for (std::size_t m = 0; m < results::kMetricCount; ++m) {
    CAPTURE(m);
    REQUIRE(comparisons[0].differences[m].has_value());
    CHECK(comparisons[0].differences[m]->value ==
          second.estimates[m]->value - first.estimates[m]->value);
  }
  const auto text = results::json_text(scenarios::comparisons_json(comparisons));
  const json list = json::parse(text);
  const json& mean = list[0]["latency_mean_s"];
  CHECK(list[0]["policy"] == "device-only");
  CHECK(list[0]["minus"] == "cloud-only");
  CHECK(mean["low"].get<double>() ==
        mean["value"].get<double>() - mean["half_width"].get<double>());
  CHECK(mean["high"].get<double>() ==
        mean["value"].get<double>() + mean["half_width"].get<double>());
  const std::string table = scenarios::comparison_table(comparisons);
  CHECK(table.find("device-only - cloud-only") != std::string::npos);
  CHECK(table.find('[') != std::string::npos);
}

TEST_CASE("the regret of an estimate is the difference to the same policy that knows the rate") {
  const Scratch scratch;
  scratch.write("t.csv", "time_s,rate_mbps\n0,1\n3,20\n5,0\n6,8\n");
  json document = three_policies("none");
  document["fleet"][0]["trace"] = "t.csv";
  document["workload"]["queries"] = json::parse(R"([{"model": "imc"}])");
  document["estimator"] = "oracle";
  document["policies"] = json::parse(R"([
    "cloud-only", "neurosurgeon-energy",
    {"policy": "neurosurgeon-latency", "label": "last", "estimator": "last-sample"},
    {"policy": "neurosurgeon-latency", "label": "knows"},
    {"policy": "neurosurgeon-latency", "label": "slow",
     "estimator": {"kind": "ewma", "weight": 0.1, "sample_interval_s": 0.5}}])");
  const auto scenario = read(document, scratch.path());
  const auto results = scenarios::run_policies(scenario, {});
  CHECK(scenarios::compare_policies(scenario, results).empty());
  const auto regrets = scenarios::estimate_regrets(scenario, results);
  REQUIRE(regrets.size() == 2);
  CHECK(regrets[0].policy == "last");
  CHECK(regrets[1].policy == "slow");
  for (const Comparison& regret : regrets) {
    CHECK(regret.minus == "knows");
    CHECK(regret.differences[kMean]->value > 0);
  }
  const json list = json::parse(results::json_text(scenarios::regrets_json(scenario, regrets)));
  CHECK(list[1]["estimator"] ==
        json({{"kind", "ewma"}, {"weight", 0.1}, {"sample_interval_s", 0.5}}));
  const std::string tables = scenarios::comparison_tables(scenario, results);
  CHECK(tables.find("regret of the estimate") != std::string::npos);
  CHECK(tables.find("slow - knows") != std::string::npos);
  CHECK(tables.find("difference on") == std::string::npos);
}

TEST_CASE("policies that do the same differ by exactly nothing") {
  json document = jobs();
  document["policies"] = {"cloud-only", "device-only"};  // a plain job leaves no choice
  document["stop"] = {{"queries", 3000}};
  const auto comparisons = compared(document);
  REQUIRE(comparisons.size() == 1);
  for (const auto& difference : comparisons[0].differences) {
    REQUIRE(difference.has_value());
    CHECK(difference->value == 0);
    CHECK(difference->half_width.value_or(0) == 0);  // far percentiles have too few values
  }
  CHECK(comparisons[0].differences[kMean]->half_width.has_value());
}

TEST_CASE("an overloaded policy is compared with nothing") {
  json document = three_policies("first");
  document["fleet"][0]["bandwidth_mbps"] = 0.001;  // cloud-only needs more than there is
  document["policies"] = {"device-only", "cloud-only", "oracle"};
  CHECK(pairs(document) == std::vector<std::string>{"oracle - device-only"});
  document["policies"] = {"cloud-only", "device-only", "oracle"};
  CHECK(pairs(document).empty());
  CHECK(scenarios::comparison_table(compared(document)).empty());
}

TEST_CASE("recorded arrivals are compared up to the last of them") {
  const Scratch scratch;
  std::string rows = "time_s\n";
  for (int i = 0; i < 2000; ++i) {
    rows += std::to_string(i) + "\n";
  }
  scratch.write("r.csv", rows);
  json document = three_policies("first");
  document["workload"]["arrivals"] = {{"process", "replay"}, {"file", "r.csv"}};
  const auto scenario = read(document, scratch.path());
  const auto results = scenarios::run_policies(scenario, {});
  REQUIRE(results[0].outcome.end != results[1].outcome.end);
  const auto comparisons = scenarios::compare_policies(scenario, results);
  REQUIRE(comparisons.size() == 2);
  CHECK(comparisons[0].until <= base::seconds(2000));
  CHECK(comparisons[0].differences[kMean]->half_width.has_value());
}
