// A radio between transfers by stepping through its states and cycles, for the plain simulator.
#pragma once

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

}  // namespace edgecut::testing
