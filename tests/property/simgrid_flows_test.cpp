// SimGrid against the plainest network of flows, over random topologies, traces and transfers.
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/flow_runs.hpp"
#include "support/random_flows.hpp"
#include "support/reference_flows.hpp"

namespace edgecut::testing {
namespace {

// The largest difference between how long a flow took, against that. (Its end may be off as far as
// its begin, which is the end of another.)
double worst_difference(const FlowRun& found, const FlowRun& expected) {
  double worst = 0;
  for (std::size_t i = 0; i < expected.ends.size(); ++i) {
    if ((found.ends[i] < 0) != (expected.ends[i] < 0)) {
      return 1;
    }
    if (found.ends[i] >= 0) {
      const double off = std::abs(found.taken_s(i) - expected.taken_s(i));
      worst = std::max(worst, off / (1e-3 + expected.taken_s(i)));
    }
  }
  return worst;
}

TEST_CASE("flows on SimGrid end when max-min fair shares say, and none is lost") {
  const bool holds = rc::check([](std::uint64_t seed) {
    const RandomFlows all = random_flows(seed);
    const base::Duration until = base::seconds(500);
    ReferenceFlows reference(all.model);
    const FlowRun expected = run_flows(reference, all.starts, until);
    const FlowRun found = run_simgrid_flows(all.model, all.starts, until);
    RC_ASSERT(worst_difference(found, expected) < 1e-9);
    const auto begun = static_cast<std::uint64_t>(
        std::count_if(found.begins.begin(), found.begins.end(), [](double t) { return t >= 0; }));
    RC_ASSERT(begun == found.order.size() + found.under_way);
    RC_ASSERT(found.under_way == expected.under_way);
  });
  CHECK(holds);
}

TEST_CASE("flows on SimGrid end alike in every run") {
  const bool holds = rc::check([](std::uint64_t seed) {
    const RandomFlows all = random_flows(seed);
    const FlowRun first = run_simgrid_flows(all.model, all.starts, base::seconds(500));
    const FlowRun second = run_simgrid_flows(all.model, all.starts, base::seconds(500));
    RC_ASSERT(first.ends == second.ends);
    RC_ASSERT(first.order == second.order);
  });
  CHECK(holds);
}

}  // namespace
}  // namespace edgecut::testing
