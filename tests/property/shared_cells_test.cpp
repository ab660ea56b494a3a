// Cells with processor sharing against the plainest network of flows, over random cells, traces and
// transfers.
#include "sim/shared_cells.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/flow_runs.hpp"
#include "support/random_flows.hpp"
#include "support/reference_flows.hpp"

namespace edgecut::testing {
namespace {

// A random network with at most one channel a direction and no trace of a node's own before one.
RandomFlows random_cells(std::uint64_t seed) {
  RandomFlows all = random_flows(seed);
  for (platforms::Route& route : all.topology->routes) {
    for (auto* const channels : {&route.up, &route.down}) {
      if (channels->size() > 1) {
        channels->erase(channels->begin() + 1, channels->end());
      }
    }
  }
  for (sim::NodeAccess& node : all.model.nodes) {
    const platforms::Route& route = all.topology->routes[node.route];
    if (node.uplink != nullptr && !node.uplink->is_constant() &&
        (!route.up.empty() || route.cap_up)) {
      node.uplink = nullptr;
    }
  }
  return all;
}

TEST_CASE("flows in cells end when max-min fair shares say, and none is lost") {
  const bool holds = rc::check([](std::uint64_t seed) {
    const RandomFlows all = random_cells(seed);
    RC_ASSERT(!sim::beyond_cells(all.model));
    const base::Duration until = base::seconds(500);
    ReferenceFlows reference(all.model);
    const FlowRun expected = run_flows(reference, all.starts, until);
    const auto cells = sim::make_shared_cells(all.model);
    const FlowRun found = run_flows(*cells, all.starts, until);
    RC_ASSERT(found.under_way == expected.under_way);
    for (std::size_t i = 0; i < expected.ends.size(); ++i) {
      RC_ASSERT((found.ends[i] < 0) == (expected.ends[i] < 0));
      if (found.ends[i] >= 0) {
        // Its end may be off as far as its begin, which is the end of another.
        RC_ASSERT(std::abs(found.taken_s(i) - expected.taken_s(i)) <=
                  1e-9 * (1e-3 + expected.taken_s(i)));
      }
    }
  });
  CHECK(holds);
}

TEST_CASE("what crosses two shared links, or a shared link after a trace, is beyond cells") {
  RandomFlows all = random_cells(1);
  all.topology->routes.front().up = {0, 1};
  CHECK(sim::beyond_cells(all.model)->find("more than one shared link") != std::string::npos);
  all.topology->routes.front().up = {0};
  CHECK(!sim::beyond_cells(all.model));
  const platforms::RateTrace varying(
      {{base::seconds(0), base::bits_per_s(1)}, {base::seconds(1), base::bits_per_s(2)}},
      base::seconds(2));
  all.model.nodes.front().route = 0;
  all.model.nodes.front().uplink = &varying;
  CHECK(sim::beyond_cells(all.model)->find("trace of their own") != std::string::npos);
}

}  // namespace
}  // namespace edgecut::testing
