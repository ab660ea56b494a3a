// The latency of one query where a group has recorded round trips.
//
// Each query draws one of the samples, every one equally likely and independent of the others, and
// half of it is the way there, half the way back: recordings do not say how the two differ. What is
// ignored: that round trips close in time are alike.
#pragma once

#include <cstdint>

#include "base/quantity.hpp"
#include "base/random.hpp"
#include "platforms/round_trips.hpp"

namespace edgecut::sim {

/// One way of query `number` of a node; a function of the random source alone.
inline base::Duration draw_one_way(const platforms::RoundTrips& trips,
                                   const base::RandomSource& source, std::uint32_t node,
                                   std::uint32_t number) {
  const double u = source.uniforms(base::Purpose::kRoundTrip, node, number).first;
  const auto index = static_cast<std::size_t>(u * static_cast<double>(trips.samples.size()));
  return trips.samples[index].round_trip / 2;
}

}  // namespace edgecut::sim
