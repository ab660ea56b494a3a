// How long the radios of many nodes were in each state, as sums that do not depend on order.
//
// Every moment of a node's time is in one state: idle, promotion, active, or one of the tail. What
// keeps a radio active is counted where it adds to the active time: a download that overlaps an
// upload counts beyond the upload's end. Idle is the rest of the time and is not summed up. A state
// is counted when a query ends it or fixes its end, so at a look at a run under way some of it may
// lie in the future and a running tail is missing. Radios without states and downloads (one-way
// links) do not come here: their active time is ClassTotals::upload_s.
#pragma once

#include <array>

#include "platforms/radio.hpp"
#include "results/exact_sum.hpp"

namespace edgecut::sim {

struct RadioTotals {
  results::ExactSum promotion_s;
  results::ExactSum up_s;
  results::ExactSum down_s;
  results::ExactSum downloaded_bytes;
  std::array<results::ExactSum, platforms::kTailPhasesMax> tail_s;

  /// A tail that ended `idle_for` after the last activity.
  void add_tail(const platforms::RadioTiming& radio, base::Duration idle_for) {
    const platforms::TailTimes times = radio.tail_times(idle_for);
    for (std::size_t i = 0; i < times.size(); ++i) {
      tail_s[i].add(base::in_seconds(times[i]));
    }
  }
};

/// What becomes of a group's radios after the last transfer of each node.
struct RadioRests {
  std::array<results::ExactSum, platforms::kTailPhasesMax> tail_s;
  /// Time of all nodes: each until the run's end, or until what its radio does by then is over.
  results::ExactSum node_s;

  void merge(const RadioRests& other) {
    node_s.merge(other.node_s);
    for (std::size_t i = 0; i < tail_s.size(); ++i) {
      tail_s[i].merge(other.tail_s[i]);
    }
  }
};

/// Applies `visit` to every pair of sums of two totals.
template <class Totals, class Other, class Visit>
void for_each_radio_sum(Totals& a, Other& b, Visit&& visit) {
  visit(a.promotion_s, b.promotion_s);
  visit(a.up_s, b.up_s);
  visit(a.down_s, b.down_s);
  visit(a.downloaded_bytes, b.downloaded_bytes);
  for (std::size_t i = 0; i < a.tail_s.size(); ++i) {
    visit(a.tail_s[i], b.tail_s[i]);
  }
}

}  // namespace edgecut::sim
