#include "sim/slab_calendar.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

using namespace edgecut;
using base::seconds;
using sim::SlabCalendar;
using sim::SlabGrid;

namespace {

struct Item {
  base::Duration time;
  int id;
};

std::vector<int> take(SlabCalendar<Item>& calendar, base::Duration until) {
  std::vector<Item> items;
  calendar.take_before(until, items);
  std::vector<int> ids;
  for (const Item& item : items) {
    ids.push_back(item.id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

TEST_CASE("a boundary is the least time of its cell, for lengths that binary fractions miss") {
  for (const double length_s : {0.1, 1.0 / 3, 1.0, 7e-5, 12345.678}) {
    const SlabGrid grid{seconds(length_s)};
    for (const std::int64_t index : {1, 2, 3, 7, 10, 1000, 99999, 123456789}) {
      CAPTURE(length_s);
      CAPTURE(index);
      const base::Duration boundary = grid.boundary(index);
      const base::Duration before = seconds(std::nextafter(base::in_seconds(boundary), 0.0));
      CHECK(grid.cell(boundary) == index);
      CHECK(grid.cell(before) == index - 1);
    }
    CHECK(base::in_seconds(grid.boundary(0)) == 0);
  }
}

TEST_CASE("a grid needs a length that is positive and finite") {
  CHECK_THROWS_AS(SlabGrid{seconds(0)}, base::InternalError);
  CHECK_THROWS_AS(SlabGrid{seconds(-1)}, base::InternalError);
  CHECK_THROWS_AS(SlabGrid{base::kForever}, base::InternalError);
}

TEST_CASE("what is due beyond every run has a cell, the same for all of it") {
  const SlabGrid grid{seconds(1e-4)};
  CHECK(grid.cell(seconds(1e300)) == grid.cell(base::kForever));
  CHECK(grid.cell(seconds(1e300)) > grid.cell(seconds(1e12)));
  SlabCalendar<Item> calendar(grid);
  calendar.push({seconds(1e300), 1});
  CHECK(take(calendar, seconds(1)).empty());
  CHECK(calendar.size() == 1);
}

TEST_CASE("what is due before an instant is taken once, what is due at it stays") {
  SlabCalendar<Item> calendar{SlabGrid(seconds(1))};
  calendar.push({seconds(0.5), 1});
  calendar.push({seconds(1), 2});
  calendar.push({seconds(1.5), 3});
  CHECK(take(calendar, seconds(1)) == std::vector<int>{1});
  CHECK(take(calendar, seconds(2)) == std::vector<int>{2, 3});
  CHECK(take(calendar, seconds(3)).empty());
  CHECK(calendar.size() == 0);
}

TEST_CASE("a slab may end inside a cell") {
  SlabCalendar<Item> calendar{SlabGrid(seconds(1))};
  calendar.push({seconds(0.2), 1});
  calendar.push({seconds(0.4), 2});
  calendar.push({seconds(0.6), 3});
  CHECK(take(calendar, seconds(0.4)) == std::vector<int>{1});
  calendar.push({seconds(0.45), 4});
  CHECK(take(calendar, seconds(0.5)) == std::vector<int>{2, 4});
  CHECK(take(calendar, seconds(1)) == std::vector<int>{3});
}

TEST_CASE("an item beyond the ring waits until the ring comes to it") {
  SlabCalendar<Item> calendar{SlabGrid(seconds(1))};
  const double far_s = 100'000.5;
  calendar.push({seconds(far_s), 1});
  calendar.push({seconds(300.5), 2});
  CHECK(take(calendar, seconds(300)).empty());
  CHECK(take(calendar, seconds(301)) == std::vector<int>{2});
  CHECK(take(calendar, seconds(100'000)).empty());
  CHECK(take(calendar, seconds(100'001)) == std::vector<int>{1});
}

TEST_CASE("an item in a slab that is over is a bug") {
  SlabCalendar<Item> calendar{SlabGrid(seconds(1))};
  take(calendar, seconds(5));
  CHECK_THROWS_AS(calendar.push({seconds(3), 1}), base::InternalError);
}

TEST_CASE("the calendar gives what a plain list gives, whatever the ends of the slabs") {
  SlabCalendar<Item> calendar{SlabGrid(seconds(0.1))};
  std::vector<Item> list;
  std::uint32_t state = 99;
  const auto next = [&state] {
    state = state * 1664525U + 1013904223U;
    return static_cast<double>(state >> 8U) / 16777216.0;
  };
  double now = 0;
  int id = 0;
  for (int step = 0; step < 400; ++step) {
    for (int i = 0; i < 5; ++i) {
      const double ahead = next() < 0.2 ? 200 * next() : 2 * next();
      const Item item{seconds(now + ahead), id++};
      calendar.push(item);
      list.push_back(item);
    }
    now += next() < 0.1 ? 30 * next() : 0.3 * next();
    std::vector<int> expected;
    std::vector<Item> rest;
    for (const Item& item : list) {
      if (item.time < seconds(now)) {
        expected.push_back(item.id);
      } else {
        rest.push_back(item);
      }
    }
    list = rest;
    std::sort(expected.begin(), expected.end());
    REQUIRE(take(calendar, seconds(now)) == expected);
    REQUIRE(calendar.size() == list.size());
  }
}

TEST_CASE("the next cell may be that of an item which was out of the ring's reach when it came") {
  const SlabGrid grid{seconds(1)};
  SlabCalendar<Item> calendar(grid);
  CHECK(calendar.next_cell() == SlabCalendar<Item>::kNever);
  calendar.push({seconds(10.5), 1});
  calendar.push({seconds(300.5), 2});
  CHECK(calendar.next_cell() == 10);
  CHECK(take(calendar, seconds(100)) == std::vector<int>{1});
  calendar.push({seconds(340.5), 3});
  CHECK(calendar.next_cell() == 300);
  CHECK(take(calendar, seconds(301)) == std::vector<int>{2});
  CHECK(calendar.next_cell() == 340);
  CHECK(take(calendar, seconds(1e6)) == std::vector<int>{3});
  CHECK(calendar.next_cell() == SlabCalendar<Item>::kNever);
}
