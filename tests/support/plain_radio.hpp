// A radio between transfers by stepping through its states and cycles, for the plain simulator.
#pragma once

#include <cstddef>
#include <vector>

#include "platforms/network.hpp"

namespace edgecut::testing {

double plain_tail_s(const platforms::NetworkProfile& network);
/// Of a tail that lasted so long.
base::Energy plain_tail_energy(const platforms::NetworkProfile& network, double idle_s);

/// The first instant, from `after_s` since the last activity on, at which the radio listens.
struct PlainListening {
  double at_s;  // since the last activity
  bool idle;    // the tail is over
};
PlainListening plain_listening(const platforms::NetworkProfile& network, double after_s);

/// A stretch of time in which a transfer keeps the radio active.
struct PlainStretch {
  std::size_t query;
  bool up;
  double start = -1;
  double end = -1;
};
/// The length of one of them that no earlier one in the list covers.
double plain_added_s(const std::vector<PlainStretch>& stretches, std::size_t index);

}  // namespace edgecut::testing
