// Both engines do the same with every query, wherever links are not shared or cells can be told
// from SimGrid's flows.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/query_agreement.hpp"
#include "support/random_picks.hpp"
#include "support/random_scenario.hpp"

namespace edgecut::testing {
namespace {

using nlohmann::json;

// Asked for is 1e-6; SimGrid's clock and the sizes of its flows allow this.
constexpr double kTolerance = 1e-8;

scenarios::Scenario on_engine(const RandomScenario& sample, const json& document,
                              const std::string& engine) {
  json other = document;
  other["engine"] = engine;
  scenarios::Scenario scenario = read_json(other, sample.folder->path());
  scenario.model.stop = sample.scenario.model.stop;
  return scenario;
}

// A decision or an order that hangs on less than the tolerance may go either way; everything
// behind it would then differ.
bool alike(const sim::QueryLog& a, const sim::QueryLog& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [](const sim::QueryRecord& one, const sim::QueryRecord& other) {
                      return one.cut == other.cut;
                    });
}

void expect_conformance(const scenarios::Scenario& queueing, const scenarios::Scenario& simgrid) {
  const auto expected = run_logged(queueing);
  const auto found = run_logged(simgrid);
  for (std::size_t p = 0; p < expected.size(); ++p) {
    RC_LOG() << expected[p].label << "\n";
    const sim::QueryLog a = sorted_log(expected[p].queries);
    const sim::QueryLog b = sorted_log(found[p].queries);
    const sim::Conservation& queries = found[p].outcome.queries;
    RC_ASSERT(queries.issued == queries.completed + queries.dropped + queries.in_flight);
    if (has_near_ties(a, 1e-7) || !alike(a, b)) {
      RC_TAG("near tie");
      continue;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
      expect_same(b[i], a[i], kTolerance);
    }
  }
}

TEST_CASE("both engines give every query the same times and energies where no link is shared") {
  CHECK(rc::check([] {
    const RandomScenario sample = any_scenario({.drain = true});
    expect_conformance(sample.scenario, on_engine(sample, sample.document, "simgrid"));
  }));
}

TEST_CASE("cells and SimGrid give every query the same times and energies") {
  CHECK(rc::check([] {
    const RandomScenario sample = any_scenario({.drain = true});
    json document = sample.document;
    document["policies"] = {"cloud-only", "device-only"};
    document["topology"] = {{"links",
                             {{{"name", "air"}, {"medium_mbps", pick_real(1, 60)}},
                              {{"name", "wire"}, {"latency_ms", pick(0, 20)}}}}};
    for (json& group : document["fleet"]) {
      group.erase("trace");
      group.erase("bandwidth_mbps");
      group["via"] = {"air", "wire"};
    }
    expect_conformance(on_engine(sample, document, "queueing"),
                       on_engine(sample, document, "simgrid"));
  }));
}

}  // namespace
}  // namespace edgecut::testing
