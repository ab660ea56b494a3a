#include "sim/time_sorter.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

using namespace edgecut;

namespace {

struct Item {
  base::Duration time;
  std::uint32_t id;
  [[nodiscard]] bool earlier(const Item& other) const {
    return time != other.time ? time < other.time : id < other.id;
  }
};

// Whether the sorter's order is that of std::sort.
bool sorts(sim::TimeSorter<Item>& sorter, const std::vector<Item>& items) {
  std::vector<std::uint32_t> expected(items.size());
  std::iota(expected.begin(), expected.end(), 0U);
  std::sort(expected.begin(), expected.end(),
            [&](std::uint32_t a, std::uint32_t b) { return items[a].earlier(items[b]); });
  return sorter.order(items) == expected;
}

std::vector<Item> items_at(const std::vector<double>& times) {
  std::vector<Item> items;
  for (const double time : times) {
    items.push_back({base::seconds(time), static_cast<std::uint32_t>(items.size())});
  }
  return items;
}

// `count` pseudo-random times in [low, high).
std::vector<double> scattered(std::size_t count, double low, double high) {
  std::vector<double> times;
  std::uint32_t state = 7;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    times.push_back(low + (high - low) * static_cast<double>(state >> 8U) / 16777216.0);
  }
  return times;
}

}  // namespace

TEST_CASE("nothing and one item are in order") {
  sim::TimeSorter<Item> sorter;
  CHECK(sorter.order({}).empty());
  CHECK(sorts(sorter, items_at({5})));
}

TEST_CASE("what is sorted stays, what is reversed turns") {
  sim::TimeSorter<Item> sorter;
  CHECK(sorts(sorter, items_at({1, 2, 3, 4})));
  CHECK(sorts(sorter, items_at({4, 3, 2, 1})));
}

TEST_CASE("times spread evenly are sorted, again and again with one sorter") {
  sim::TimeSorter<Item> sorter;
  for (const std::size_t count : {2U, 10U, 1000U, 50U}) {
    CHECK(sorts(sorter, items_at(scattered(count, 100, 101))));
  }
}

TEST_CASE("ties are broken by the item, whatever the order they came in") {
  sim::TimeSorter<Item> sorter;
  std::vector<Item> items;
  for (std::uint32_t i = 0; i < 500; ++i) {
    items.push_back({base::seconds(1 + i % 3), (i * 37U) % 500U});
  }
  CHECK(sorts(sorter, items));
  for (Item& item : items) {
    item.time = base::seconds(2);
  }
  CHECK(sorts(sorter, items));
}

TEST_CASE("a burst in an otherwise empty slab is sorted") {
  sim::TimeSorter<Item> sorter;
  std::vector<double> times = scattered(2000, 10, 10 + 1e-9);
  times.push_back(0);
  times.push_back(1000);
  CHECK(sorts(sorter, items_at(times)));
}

TEST_CASE("times that differ in the last bit are told apart") {
  sim::TimeSorter<Item> sorter;
  const double time = 1e6;
  CHECK(sorts(sorter, items_at({std::nextafter(time, 2e6), time, std::nextafter(time, 0.0)})));
}
