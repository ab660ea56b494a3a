#include "policies/choice_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"

using namespace edgecut;
using base::bits_per_s;
using policies::ChoiceTable;
using policies::CutLine;

namespace {

double cost(const CutLine& line, double rate) { return line.fixed + line.slope / rate; }

}  // namespace

TEST_CASE("a constant table takes its cut at every rate, an outage among them") {
  const ChoiceTable table = ChoiceTable::always(5);
  CHECK(table.choose(bits_per_s(0)) == 5);
  CHECK(table.choose(bits_per_s(1e12)) == 5);
}

TEST_CASE(
    "of two cuts the one with more bits is taken above the rate at which they cost the same") {
  const CutLine cloud{.fixed = 0.02, .slope = 8e5, .cut = 0};
  const CutLine device{.fixed = 0.10, .slope = 2e5, .cut = 3};
  const double equal_rate = (cloud.slope - device.slope) / (device.fixed - cloud.fixed);
  const ChoiceTable table = ChoiceTable::cheapest({device, cloud});
  CHECK(table.choose(bits_per_s(equal_rate * 1.000001)) == cloud.cut);
  CHECK(table.choose(bits_per_s(equal_rate * 0.999999)) == device.cut);
}

TEST_CASE("without a connection the cut with the fewest bits is taken") {
  const ChoiceTable table = ChoiceTable::cheapest(
      {{.fixed = 0, .slope = 9, .cut = 0}, {.fixed = 50, .slope = 2, .cut = 1}});
  CHECK(table.choose(bits_per_s(0)) == 1);
}

TEST_CASE("equal cuts: the smaller one is taken") {
  const ChoiceTable table = ChoiceTable::cheapest({{.fixed = 1, .slope = 4, .cut = 7},
                                                   {.fixed = 1, .slope = 4, .cut = 2},
                                                   {.fixed = 1, .slope = 4, .cut = 5}});
  CHECK(table.intervals().size() == 1);
  CHECK(table.choose(bits_per_s(10)) == 2);
}

TEST_CASE("equal fixed cost: the cut with fewer bits is taken at every rate") {
  const ChoiceTable table = ChoiceTable::cheapest(
      {{.fixed = 1, .slope = 4, .cut = 0}, {.fixed = 1, .slope = 3, .cut = 9}});
  CHECK(table.intervals().size() == 1);
  CHECK(table.choose(bits_per_s(1e300)) == 9);
}

TEST_CASE("three lines through one point: the middle one is never needed") {
  // At rate 1 each of them costs 3.
  const ChoiceTable table = ChoiceTable::cheapest({{.fixed = 0, .slope = 3, .cut = 0},
                                                   {.fixed = 1, .slope = 2, .cut = 1},
                                                   {.fixed = 2, .slope = 1, .cut = 2}});
  CHECK(table.intervals().size() == 2);
  CHECK(table.choose(bits_per_s(1.001)) == 0);
  CHECK(table.choose(bits_per_s(0.999)) == 2);
}

TEST_CASE("one cut is taken whatever it costs") {
  const ChoiceTable table = ChoiceTable::cheapest({{.fixed = 3, .slope = 5, .cut = 4}});
  CHECK(table.intervals().size() == 1);
  CHECK(table.choose(bits_per_s(0)) == 4);
}

TEST_CASE("at every rate no cut is cheaper than the one in the table") {
  std::vector<CutLine> lines;
  for (std::uint32_t cut = 0; cut < 40; ++cut) {
    // Pseudo-random costs, repeats among them.
    lines.push_back({.fixed = static_cast<double>((cut * 37U) % 23U),
                     .slope = static_cast<double>((cut * 53U) % 31U),
                     .cut = cut});
  }
  const ChoiceTable table = ChoiceTable::cheapest(lines);
  for (double rate = 1e-3; rate < 1e3; rate *= 1.01) {
    double least = std::numeric_limits<double>::infinity();
    for (const CutLine& line : lines) {
      least = std::min(least, cost(line, rate));
    }
    CAPTURE(rate);
    CHECK(cost(lines[table.choose(bits_per_s(rate))], rate) <= least * (1 + 1e-12));
  }
}

TEST_CASE(
    "of two cuts with stages at the same time, the rate decides whose slowest is the fastest") {
  // Above the rate at which its upload takes as long as the other's computing, the first is faster.
  const CutLine cloud{.fixed = 0.02, .slope = 8e5, .cut = 0};
  const CutLine device{.fixed = 0.10, .slope = 2e5, .cut = 3};
  const double equal_rate = cloud.slope / device.fixed;
  const ChoiceTable table = ChoiceTable::least_maximum({device, cloud});
  CHECK(table.choose(bits_per_s(equal_rate * 1.000001)) == cloud.cut);
  CHECK(table.choose(bits_per_s(equal_rate * 0.999999)) == device.cut);
  CHECK(table.choose(bits_per_s(0)) == device.cut);
}

TEST_CASE("at every rate no cut has a faster slowest stage than the one in the table") {
  std::vector<CutLine> lines;
  for (std::uint32_t cut = 0; cut < 40; ++cut) {
    lines.push_back({.fixed = static_cast<double>((cut * 37U) % 23U),
                     .slope = static_cast<double>((cut * 53U) % 31U),
                     .cut = cut});
  }
  const ChoiceTable table = ChoiceTable::least_maximum(lines);
  const auto slowest = [](const CutLine& line, double rate) {
    return std::max(line.fixed, line.slope / rate);
  };
  for (double rate = 1e-3; rate < 1e3; rate *= 1.01) {
    double least = std::numeric_limits<double>::infinity();
    for (const CutLine& line : lines) {
      least = std::min(least, slowest(line, rate));
    }
    CAPTURE(rate);
    CHECK(slowest(lines[table.choose(bits_per_s(rate))], rate) <= least * (1 + 1e-12));
  }
}

TEST_CASE("no cuts, and costs that are negative or not finite, are bugs") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(ChoiceTable::cheapest({}), base::InternalError);
  CHECK_THROWS_AS(ChoiceTable::cheapest({{.fixed = -1}}), base::InternalError);
  CHECK_THROWS_AS(ChoiceTable::cheapest({{.slope = -1}}), base::InternalError);
  CHECK_THROWS_AS(ChoiceTable::cheapest({{.fixed = infinity}}), base::InternalError);
  CHECK_THROWS_AS(ChoiceTable::cheapest({{.slope = std::nan("")}}), base::InternalError);
  CHECK_THROWS_AS(ChoiceTable::least_maximum({}), base::InternalError);
  CHECK_THROWS_AS(ChoiceTable::least_maximum({{.fixed = -1}}), base::InternalError);
}
