// SimGrid as a network of flows. Expected times are exact arithmetic on the trace; each case runs
// SimGrid in processes of its own.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "platforms/rate_trace.hpp"
#include "support/flow_runs.hpp"

namespace edgecut::testing {
namespace {

using platforms::RateTrace;
using sim::Direction;

std::shared_ptr<const RateTrace> constant(double bits_per_s) {
  return std::make_shared<const RateTrace>(RateTrace::constant(base::bits_per_s(bits_per_s)));
}

RateTrace trace(const std::vector<std::pair<double, double>>& steps, double period_s) {
  std::vector<platforms::RateStep> list;
  for (const auto& [start, rate] : steps) {
    list.push_back({base::seconds(start), base::bits_per_s(rate)});
  }
  return RateTrace(list, base::seconds(period_s));
}

FlowStart up(double at_s, std::uint32_t node, double bits) {
  return {base::seconds(at_s), node, Direction::kUp, base::bits(bits), {}, false};
}

FlowStart down(double at_s, std::uint32_t node, double bits) {
  return {base::seconds(at_s), node, Direction::kDown, base::bits(bits), {}, false};
}

double relative(double found, double expected) { return std::abs(found / expected - 1); }

// One channel "cell" for both directions, and a route without any.
struct Cell {
  platforms::Topology topology;
  sim::FlowNetworkModel model;

  explicit Cell(std::shared_ptr<const RateTrace> rate) {
    topology.channels.push_back({"cell", std::move(rate)});
    topology.routes.push_back({{0}, {0}, {}, {}, {}, {}});
    topology.routes.push_back({});
    model.topology = &topology;
  }
  std::uint32_t add(const RateTrace* uplink, double offset_s = 0, std::uint32_t route = 0) {
    model.nodes.push_back({uplink, base::seconds(offset_s),
                           base::bits_per_s(std::numeric_limits<double>::infinity()), route});
    return static_cast<std::uint32_t>(model.nodes.size() - 1);
  }
  FlowRun run(const std::vector<FlowStart>& starts, double until_s) {
    return run_simgrid_flows(model, starts, base::seconds(until_s));
  }
};

TEST_CASE(
    "a flow alone on SimGrid takes what the integral of its trace says, outages, wrap-around "
    "and offsets included") {
  const RateTrace uplink = trace({{0, 8e6}, {0.3, 0}, {1.1, 3e5}, {2, 1.7e7}, {2.75, 0}}, 3.5);
  for (const std::uint32_t route : {0U, 1U}) {
    Cell cell(constant(1e9));
    std::vector<FlowStart> starts;
    std::vector<double> expected;
    const std::vector<double> sizes = {1, 800, 12345.678, 2.5e6, 7e7};
    for (std::size_t i = 0; i < 200; ++i) {
      const double offset = 0.017 * static_cast<double>(i);
      const double at = 0.31 * static_cast<double>(i);
      const std::uint32_t node = cell.add(&uplink, offset, route);
      const double bits = sizes[i % sizes.size()];
      starts.push_back(up(at, node, bits));
      expected.push_back(
          base::in_seconds(uplink.transfer_time(base::seconds(at + offset), base::bits(bits))));
    }
    const FlowRun run = cell.run(starts, 1000);
    CHECK(run.under_way == 0);
    for (std::size_t i = 0; i < starts.size(); ++i) {
      CAPTURE(i);
      CHECK(std::abs(run.ends[i] - run.begins[i] - expected[i]) < 1e-11 + 1e-9 * expected[i]);
    }
  }
}

TEST_CASE("a channel without rate carries nothing, and goes on where it stopped") {
  const double outage_s = 5e4;
  Cell cell(std::make_shared<const RateTrace>(trace({{0, 10}, {10, 0}, {10 + outage_s, 10}}, 1e5)));
  const FlowRun run = cell.run({up(0, cell.add(nullptr), 150)}, 9e4);
  CHECK(relative(run.ends[0], 15 + outage_s) < 1e-12);
}

TEST_CASE("a flow takes what a channel offers after it started, more or less than at its start") {
  const double slow = 1e5;
  const double fast = 7e6;
  Cell cell(std::make_shared<const RateTrace>(trace({{0, slow}, {1, fast}, {2, slow}}, 1e4)));
  const FlowRun run = cell.run({up(0, cell.add(nullptr), 2 * slow + fast)}, 10);
  CHECK(relative(run.ends[0], 3) < 1e-12);
}

TEST_CASE("shares on several channels are those of the linear system solved by hand") {
  // Flows: a over x and y, b over x, c over y, d over y with a bound of its own.
  //   x: a + b = 10     y: a + c + d = 18     d = 2     max-min: a = b = 5, c = 18 - 5 - 2 = 11
  const RateTrace bound = RateTrace::constant(base::bits_per_s(2));
  platforms::Topology topology;
  topology.channels = {{"x", constant(10)}, {"y", constant(18)}};
  topology.routes = {
      {{0, 1}, {}, {}, {}, {}, {}}, {{0}, {}, {}, {}, {}, {}}, {{1}, {}, {}, {}, {}, {}}};
  sim::FlowNetworkModel model;
  model.topology = &topology;
  const std::vector<double> rates = {5, 5, 11, 2};
  std::vector<FlowStart> starts;
  for (std::uint32_t i = 0; i < rates.size(); ++i) {
    model.nodes.push_back({i == 3 ? &bound : nullptr, {}, {}, std::min(i, 2U)});
    starts.push_back(up(0, i, 100 * rates[i]));
  }
  const FlowRun run = run_simgrid_flows(model, starts, base::seconds(1000));
  for (std::size_t i = 0; i < rates.size(); ++i) {
    CHECK(relative(run.ends[i], 100) < 1e-12);
  }
}

TEST_CASE("caps of a route hold each of its flows alone, up and down") {
  Cell cell(constant(1e6));
  cell.topology.routes[0].cap_up = base::bits_per_s(2e5);
  cell.topology.routes[0].cap_down = base::bits_per_s(3e5);
  const std::uint32_t first = cell.add(nullptr);
  const std::uint32_t second = cell.add(nullptr);
  const FlowRun run = cell.run({up(0, first, 2e5), up(0, second, 4e5), down(0, first, 3e5)}, 100);
  CHECK(relative(run.ends[0], 1) < 1e-12);
  CHECK(relative(run.ends[1], 2) < 1e-12);
  CHECK(relative(run.ends[2], 1) < 1e-12);
}

TEST_CASE("what is wrong with a flow is an internal error, across the library's boundary too") {
  Cell cell(constant(1e6));
  const std::uint32_t node = cell.add(nullptr);
  CHECK_THROWS_AS(cell.run({up(0, node, 0)}, 1), base::InternalError);
}

TEST_CASE("times late in a run are exact to the spacing of doubles there") {
  for (const double at : {10.0, 1e3, 1e5, 1e7}) {
    for (const double bits : {8.0, 1e4, 1e7}) {
      Cell cell(constant(1e6));
      const std::uint32_t first = cell.add(nullptr);
      const std::uint32_t second = cell.add(nullptr);
      const FlowRun run = cell.run({up(at, first, bits), up(at, second, bits)}, at + 100);
      const double taken = 2 * bits / 1e6;
      const double spacing = std::nextafter(at + taken, 1e300) - (at + taken);
      CAPTURE(at);
      CAPTURE(bits);
      CHECK(std::abs(run.ends[0] - (at + taken)) <= 6 * spacing + 1e-13);
      CHECK(std::abs(run.ends[1] - (at + taken)) <= 6 * spacing + 1e-13);
    }
  }
}

TEST_CASE("an upload and a download share a medium, and an ended flow leaves its share") {
  Cell cell(constant(1e6));
  const std::uint32_t node = cell.add(nullptr);
  // Both at half the rate until the download of 1 Mbit ends; the upload had 1 Mbit then.
  const FlowRun run = cell.run({up(1, node, 3e6), down(1, node, 1e6)}, 100);
  CHECK(run.ends[1] == doctest::Approx(1 + 2 * 1.0).epsilon(1e-12));
  CHECK(run.ends[0] == doctest::Approx(1 + 4 * 1.0).epsilon(1e-12));
}

TEST_CASE("a bound of a flow's own leaves the rest of the channel to the others") {
  const RateTrace slow = RateTrace::constant(base::bits_per_s(1e5));
  Cell cell(constant(1e6));
  const std::uint32_t bounded = cell.add(&slow);
  const std::uint32_t free = cell.add(nullptr);
  const FlowRun run = cell.run({up(0, bounded, 1e5), up(0, free, 9e5)}, 100);
  CHECK(relative(run.ends[0], 1e5 / 1e5) < 1e-12);
  CHECK(relative(run.ends[1], 9e5 / (1e6 - 1e5)) < 1e-12);
}

TEST_CASE("a flow that nothing bounds ends where it starts, in its turn") {
  Cell cell(constant(1e6));
  const std::uint32_t node = cell.add(nullptr, 0, 1);
  FlowStart first = up(0.25, node, 1e6);
  first.then = {1};
  FlowStart second = down(0, node, 1e6);
  second.chained = true;
  const FlowRun run = cell.run({first, second}, 1);
  CHECK(run.ends[0] == 0.25);
  CHECK(run.ends[1] == 0.25);
  CHECK(run.under_way == 0);
}

TEST_CASE("flows whose end was not reached are under way") {
  Cell cell(constant(1e6));
  const std::uint32_t node = cell.add(nullptr);
  const FlowRun run = cell.run({up(0, node, 2e6), up(0, cell.add(nullptr), 1e7)}, 5);
  CHECK(run.ends[0] == doctest::Approx(4).epsilon(1e-12));
  CHECK(run.ends[1] < 0);
  CHECK(run.under_way == 1);
}

}  // namespace
}  // namespace edgecut::testing
