// Transfers as flows on links that nobody shares against the same links in closed form: every
// stage and energy of every query.
#include <string>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/query_agreement.hpp"
#include "support/random_scenario.hpp"

using namespace edgecut;
using nlohmann::json;
using testing::any_scenario;
using testing::RandomScenario;

namespace {

constexpr double kTolerance = 1e-11;

// Every group goes over a link without limit: a route, and no channel on it.
scenarios::Scenario over_flows(const RandomScenario& sample) {
  json document = sample.document;
  document["topology"] = {{"links", {{{"name", "wire"}}}}};
  for (json& group : document["fleet"]) {
    group["via"] = {"wire"};
  }
  scenarios::Scenario scenario = testing::read_json(document, sample.folder->path());
  scenario.model.stop = sample.scenario.model.stop;
  return scenario;
}

}  // namespace

TEST_CASE("flows that share nothing take what links in closed form take") {
  CHECK(rc::check([] {
    const RandomScenario sample = any_scenario({.drain = true});
    const scenarios::Scenario flows = over_flows(sample);
    const auto closed_results = testing::run_logged(sample.scenario);
    const auto flow_results = testing::run_logged(flows);
    for (std::size_t p = 0; p < closed_results.size(); ++p) {
      RC_LOG() << closed_results[p].label << "\n";
      const sim::QueryLog closed = testing::sorted_log(closed_results[p].queries);
      const sim::QueryLog flow = testing::sorted_log(flow_results[p].queries);
      if (testing::has_near_ties(closed)) {
        continue;
      }
      RC_ASSERT(closed.size() == flow.size());
      for (std::size_t i = 0; i < closed.size(); ++i) {
        testing::expect_same(flow[i], closed[i], kTolerance);
      }
      RC_ASSERT(testing::close(base::in_joules(flow_results[p].outcome.unattributed_tail),
                               base::in_joules(closed_results[p].outcome.unattributed_tail),
                               kTolerance));
    }
  }));
}

TEST_CASE("flows give the same bytes whatever the slab length") {
  CHECK(rc::check([] {
    const RandomScenario sample = any_scenario({.drain = *rc::gen::arbitrary<bool>()});
    const scenarios::Scenario flows = over_flows(sample);
    const auto slab = base::seconds(0.003 * *rc::gen::inRange(1, 2000));
    const scenarios::Scenario other = testing::with_slab(flows, slab);
    RC_ASSERT(testing::result_files(other, testing::run_logged(other)) ==
              testing::result_files(flows, testing::run_logged(flows)));
  }));
}
