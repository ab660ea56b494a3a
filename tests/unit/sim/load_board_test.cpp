#include "sim/load_board.hpp"

#include <doctest/doctest.h>

using namespace edgecut;
using base::in_seconds;
using base::seconds;
using sim::LoadBoard;

namespace {

sim::Cluster polled(double interval_s, double delay_s) {
  sim::Cluster cluster;
  cluster.load_poll_interval = seconds(interval_s);
  cluster.load_delay = seconds(delay_s);
  return cluster;
}

}  // namespace

TEST_CASE("looks are at multiples of the interval and are known at once without a delay") {
  LoadBoard board(polled(3, 0), true);
  CHECK(in_seconds(board.next()) == 3);
  board.put({.level = 7});
  CHECK(in_seconds(board.next_change()) == 3);
  CHECK(board.take().level == 7);
  CHECK(in_seconds(board.next()) == 6);
}

TEST_CASE("with a delay beyond the interval several looks are on their way, in order") {
  LoadBoard board(polled(1, 2.5), true);
  for (const double level : {1.0, 2.0, 3.0}) {
    CHECK(in_seconds(board.next_look()) == level);
    board.put({.level = level});
  }
  CHECK(in_seconds(board.next()) == 3.5);
  CHECK(board.take().level == 1);
  CHECK(in_seconds(board.next_change()) == 4.5);
  CHECK(in_seconds(board.next()) == 4);
}

TEST_CASE("nobody looks when no policy asks or nothing is published") {
  CHECK(LoadBoard(polled(1, 0), false).next() == base::kForever);
  CHECK(LoadBoard(sim::Cluster{}, true).next() == base::kForever);
}
