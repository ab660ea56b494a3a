// The priced policy where the servers are the limit.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "results/metrics.hpp"
#include "support/scenario_run.hpp"

using namespace edgecut;
using nlohmann::json;
using results::Metric;

namespace {

json shipped() {
  return json::parse(
      base::read_file(base::data_directory() / "scenarios" / "priced.json", 1U << 20U));
}

// Mean latency by policy; nothing of one that is overloaded.
std::map<std::string, double> means_of(const json& document) {
  std::map<std::string, double> means;
  for (const auto& result : testing::run_logged(testing::read_json(document))) {
    if (result.outcome.verdict == sim::Verdict::kStable) {
      means[result.label] = result.outcome.summarize(0.95)[Metric::kLatencyMean]->value;
    }
  }
  return means;
}

json at_rate(double rate_per_s) {
  json document = shipped();
  document["workload"]["arrivals"]["rate_per_s"] = rate_per_s;
  document["stop"]["queries"] = 100000;
  document["policies"].erase(4);  // device-only
  return document;
}

}  // namespace

TEST_CASE("with the servers idle the priced policy chooses as Neurosurgeon does") {
  auto means = means_of(at_rate(5));
  CHECK(means.at("priced") == doctest::Approx(means.at("neurosurgeon-latency")).epsilon(1e-3));
}

TEST_CASE("near the limit the priced policy is faster than the load-aware and the unaware one") {
  auto means = means_of(at_rate(110));
  CHECK(means.at("priced") < 0.97 * means.at("load-aware"));
  CHECK(means.at("load-aware") < means.at("neurosurgeon-latency"));
}

TEST_CASE("beyond what Neurosurgeon overloads the servers with the priced policy is stable") {
  const auto means = means_of(at_rate(130));
  CHECK(means.count("neurosurgeon-latency") == 0);
  CHECK(means.count("priced") == 1);
}

TEST_CASE("a price that is known ten seconds late costs less than a tenth of the latency") {
  json late = at_rate(110);
  late["cloud"]["load"]["delay_s"] = 10;
  CHECK(means_of(late).at("priced") < 1.1 * means_of(at_rate(110)).at("priced"));
}

TEST_CASE("no node is kept away from the servers for good") {
  json document = at_rate(110);
  document["fleet"] = {{{"count", 200}, {"device", "jetson-tk1-cpu"}, {"network", "wifi-2015"}}};
  document["policies"] = {"priced"};
  const auto results = testing::run_logged(testing::read_json(document));
  std::map<std::uint32_t, double> served;
  for (const sim::QueryRecord& query : results.front().queries) {
    served[query.node] += query.server_end > query.server_start ? 1 : 0;
  }
  REQUIRE(served.size() == 200);
  double most = 0;
  double least = 1e9;
  for (const auto& [node, count] : served) {
    most = std::max(most, count);
    least = std::min(least, count);
  }
  CHECK(least > 0.6 * most);
}
