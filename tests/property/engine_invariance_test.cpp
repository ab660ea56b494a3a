// What must not matter: how the engine slices time, how many threads run, whether it ran before.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/random_cloud.hpp"
#include "support/random_picks.hpp"
#include "support/random_scenario.hpp"

using namespace edgecut;
using testing::any_scenario;
using testing::RandomScenario;

namespace {

std::string files(const scenarios::Scenario& scenario, unsigned threads = 1) {
  return testing::result_files(scenario, testing::run_logged(scenario, threads));
}

}  // namespace

TEST_CASE("every result file and the query log are the same bytes whatever the slab length") {
  CHECK(rc::check([] {
    const RandomScenario sample = any_scenario({.drain = *rc::gen::arbitrary<bool>()});
    const std::string expected = files(sample.scenario);
    // From a few queries a slab to the whole run in one (where nothing feeds back).
    const double duration_s = std::max(5.0, base::in_seconds(sample.scenario.model.stop.duration));
    for (const double share : {1e-3, 0.0371, 1e4}) {
      const auto slab = base::seconds(share * duration_s);
      RC_ASSERT(files(testing::with_slab(sample.scenario, slab)) == expected);
    }
  }));
}

namespace {

nlohmann::json any_job_time(double mean_s) {
  const nlohmann::json kind = testing::pick_one({"exponential", "exponential", "gamma", "lognormal",
                                                 "hyperexponential", "uniform", "constant"});
  if (kind == "uniform") {
    return {{"distribution", kind}, {"min_s", 0}, {"max_s", 2 * mean_s}};
  }
  if (kind == "constant") {
    return {{"distribution", kind}, {"value_s", testing::chance(30) ? 0 : mean_s}};
  }
  nlohmann::json time = {{"distribution", kind}, {"mean_s", mean_s}};
  if (kind != "exponential") {
    time["cv"] = 1.7;
  }
  return time;
}

// Jobs of one node on a network that takes no time.
nlohmann::json any_queueing_study() {
  using testing::chance;
  using testing::pick;
  nlohmann::json document = nlohmann::json::parse(R"({
      "workload": {"queries": [], "arrivals": {"rate_per_s": 100}},
      "fleet": [{"count": 1, "network": "ideal"}],
      "policies": ["cloud-only"], "allow_overload": true})");
  nlohmann::json& arrivals = document["workload"]["arrivals"];
  arrivals["process"] = testing::pick_one({"poisson", "poisson", "google-search", "deterministic"});
  arrivals["scope"] = testing::pick_one({"node", "fleet"});
  document["cloud"] = chance(50) ? nlohmann::json{{"gpus", chance(20) ? pick(9, 20) : pick(1, 8)}}
                                 : testing::any_cloud({});
  document["seed"] = pick(1, 100000);
  document["stop"] = {{"queries", pick(1, 20000)}};
  if (chance(30)) {
    document["stop"] = {{"relative_precision", 0.1}, {"queries_max", 100000}};
  }
  for (int i = chance(60) ? 1 : pick(2, 3); i > 0; --i) {
    document["workload"]["queries"].push_back(
        {{"job", "job" + std::to_string(i)}, {"server_time", any_job_time(0.004 * i)}});
  }
  return document;
}

}  // namespace

// A queueing study takes a shorter way through the engine when nobody wants a log, and one kind of
// jobs goes through a FIFO queue in blocks.
TEST_CASE("a queueing study gives the same bytes with and without a query log, in any slabs") {
  CHECK(rc::check([] {
    const nlohmann::json document = any_queueing_study();
    RC_LOG() << document.dump(1) << "\n";
    const auto scenario = testing::read_json(document);
    const auto plain = [](const scenarios::Scenario& study, bool log) {
      scenarios::RunnerOptions options;
      options.log_queries = log;
      auto results = scenarios::run_policies(study, options);
      for (auto& result : results) {
        result.queries.clear();
      }
      return testing::result_files(study, results);
    };
    const std::string expected = plain(scenario, true);
    RC_ASSERT(plain(scenario, false) == expected);
    for (const double slab_s : {0.013, 1.7, 1e4}) {
      RC_ASSERT(plain(testing::with_slab(scenario, base::seconds(slab_s)), false) == expected);
    }
  }));
}

TEST_CASE("every result file is the same bytes for any number of threads and when run again") {
  CHECK(rc::check([] {
    const RandomScenario sample = any_scenario();
    const std::string expected = files(sample.scenario);
    RC_ASSERT(files(sample.scenario) == expected);
    RC_ASSERT(files(sample.scenario, 3) == expected);
    const auto again = testing::read_json(sample.document, sample.folder->path());
    RC_ASSERT(files(again, 2) == expected);
  }));
}

TEST_CASE("issued = completed + dropped + in flight, each completed query logged once") {
  CHECK(rc::check([] {
    const bool drain = *rc::gen::arbitrary<bool>();
    const RandomScenario sample = any_scenario({.drain = drain});
    for (const auto& result : testing::run_logged(sample.scenario)) {
      const sim::Conservation& queries = result.outcome.queries;
      std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
      std::map<std::uint32_t, std::uint32_t> numbers_end;
      for (const sim::QueryRecord& query : result.queries) {
        RC_ASSERT(seen.insert({query.node, query.number}).second);
        numbers_end[query.node] = std::max(numbers_end[query.node], query.number + 1);
        RC_ASSERT(query.completed_at < result.outcome.end);
      }
      RC_ASSERT(queries.completed == seen.size());
      RC_ASSERT(queries.issued == queries.completed + queries.dropped + queries.in_flight);
      if (sample.scenario.model.stop.drain) {
        // Then each node's numbers have no gap.
        std::uint64_t issued = 0;
        for (const auto& [node, end] : numbers_end) {
          issued += end;
        }
        RC_ASSERT(queries.in_flight == 0U);
        RC_ASSERT(queries.dropped > 0 || queries.issued == issued);
      }
    }
  }));
}

TEST_CASE("a query's stages are in order and its energies are not negative") {
  CHECK(rc::check([] {
    const RandomScenario sample = any_scenario();
    for (const auto& result : testing::run_logged(sample.scenario)) {
      for (const sim::QueryRecord& query : result.queries) {
        RC_ASSERT(query.issued_at < sample.scenario.model.stop.duration);
        RC_ASSERT(query.issued_at <= query.device_start);
        RC_ASSERT(query.device_start <= query.device_end);
        RC_ASSERT(query.device_end <= query.upload_start);
        RC_ASSERT(query.upload_start <= query.upload_end);
        RC_ASSERT(query.upload_end <= query.server_arrival);
        RC_ASSERT(query.server_arrival <= query.server_start);
        RC_ASSERT(query.server_start <= query.server_end);
        RC_ASSERT(query.server_end <= query.answered_at);
        RC_ASSERT(query.answered_at <= query.download_start);
        RC_ASSERT(query.download_start <= query.completed_at);
        for (const base::Energy energy :
             {query.energy.compute, query.energy.transmit, query.energy.receive,
              query.energy.promotion, query.energy.tail}) {
          RC_ASSERT(energy >= base::joules(0));
        }
      }
    }
  }));
}
